// One file of a draft in an editor: saved by itself, never over what another designer saved meanwhile.
import { putJson } from '../net/request.js';
import { showLoginExpired } from '../net/session.js';

const PAUSE = 2500; // after the last change
const INTERVAL = 5000; // between two saves
const RETRY = 15000; // when the server did not answer

/** State words: saved, changed, saving, failed, conflict. */
export class DraftFile {
  /** `file` is the page's JSON {path, revision, readonly, urls}; `read()` gives the content as it stands, a promise. */
  constructor(file, read) {
    Object.assign(this, { path: file.path, revision: file.revision, readonly: file.readonly, url: file.urls.save, read });
    this.state = 'saved';
    this.words = file.readonly ? '只供查看' : file.inherited ? '共用文件，修改后成为本草稿自有' : '已保存';
    this.theirs = null; // {content, revision, by, at} of a conflict
    this.last = 0;
    this.listeners = [];
    this.running = Promise.resolve();
  }

  /** `run(file)` at every change of state. */
  listen(run) {
    this.listeners.push(run);
    run(this);
  }

  /** The content is another than the saved one; it is saved after a pause. */
  changed() {
    if (this.readonly) return;
    this.edited = true;
    if (this.state === 'conflict') return; // the designer decides first
    this.#tell('changed', '有未保存的修改');
    this.#schedule(Math.max(PAUSE, this.last + INTERVAL - Date.now()));
  }

  /** Saves now, one after the other; true when the content is on the server. */
  async save(reason) {
    clearTimeout(this.timer);
    if (this.readonly || this.state === 'conflict') return false;
    this.running = this.running.then(() => this.#save(reason));
    await this.running;
    return this.state === 'saved';
  }

  /** Out of a conflict: what stands here is saved over what the other one saved. */
  keepMine() {
    this.#resolve('changed');
    return this.save('与他人的修改冲突，以本人的为准');
  }

  /** Out of a conflict: the editor shows theirs from now on. */
  takeTheirs() {
    this.edited = false;
    this.#resolve('saved', '已改用对方版本');
  }

  #resolve(state, words = '') {
    this.revision = this.theirs.revision;
    this.theirs = null;
    this.#tell(state, words);
  }

  #schedule(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  async #save(reason) {
    if (!this.edited || this.state === 'conflict') return;
    this.edited = false;
    this.last = Date.now();
    this.#tell('saving', '正在保存…');
    const content = await this.read().catch(() => null);
    if (content === null) {
      this.edited = true;
      this.#tell('failed', '现在的内容写不成文件，请撤销最近的修改');
      return;
    }
    const said = { content, revision: this.revision, ...(reason && { reason }) };
    const { status, body } = await putJson(this.url, said);
    if (status >= 200 && status < 300) this.#saved(body);
    else this.#failed(status, body);
  }

  #saved({ revision, saved_at: at }) {
    this.revision = revision;
    if (this.edited) this.changed();
    else this.#tell('saved', at ? `已保存 ${clockTime(at)}` : '已保存');
  }

  #failed(status, body) {
    this.edited = true;
    if (status === 409) {
      this.theirs = body;
      this.#tell('conflict', '他人已保存了另一版本');
      return;
    }
    const reason = body.problem?.message ?? body.message ?? body.problems?.[0]?.message;
    this.#tell('failed', status && reason ? reason : '尚未保存，修改仍在本页');
    if (status === 401) showLoginExpired();
    else if (status === 0 || status >= 500) this.#schedule(RETRY);
  }

  #tell(state, words) {
    Object.assign(this, { state, words });
    this.listeners.forEach((run) => run(this));
  }
}

/** Hours and minutes of an ISO time, as the server's clock wrote them. */
const clockTime = (at) => /T(\d\d:\d\d)/.exec(at)?.[1] ?? '';
