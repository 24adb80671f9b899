// Saves the draft by itself: at most every five seconds, with a token that keeps two tabs from overwriting each other.
import { newId, postJson } from '../net/request.js';
import { showBanner, showLoginExpired } from '../net/session.js';
import { dayAndTime, now, timeOfDay } from './clock.js';
import { dropCopy, keepCopy, keepSending, readCopy, takeSending } from './localcopy.js';

const PAUSE = 1200; // after the last change
const INTERVAL = 5000; // between two saves
const RETRY = 15000; // when the server did not answer
const SILENCE = [0, 502, 503, 504]; // answers that leave open whether the save took effect
const ELSEWHERE = '此申请书已在另一窗口或由他人保存，本页不再自动保存。您填写的内容已保留在本机，可查看最新情况。';

export class Autosave {
  /** `collect()` gives the values to save; `show(state, words)` is told saved | saving | waiting | failed. */
  constructor({ draftUrl, token, collect, show }) {
    Object.assign(this, { draftUrl, token, collect, show });
    this.dirty = false;
    this.stopped = false;
    this.last = 0;
    this.timer = 0;
    this.running = Promise.resolve();
    this.sending = null; // the save that has no answer yet: it is repeated under its key before any other
    addEventListener('pagehide', () => this.#leave());
    addEventListener('pageshow', ({ persisted }) => persisted && takeSending(draftUrl));
  }

  /**
   * Goes on with the save that this tab's page before left under way: its answer gives the token. `use` gets what was
   * typed last, which the server did not know when it made this page. False where nothing was left.
   */
  takeUp(use) {
    const left = takeSending(this.draftUrl);
    const typed = left && readCopy(this.draftUrl)?.values;
    if (!typed || JSON.stringify(typed) === JSON.stringify(this.collect())) return false;
    this.sending = left;
    this.dirty = true;
    use(typed);
    this.#turn();
    return true;
  }

  changed() {
    if (this.stopped) return;
    this.dirty = true;
    this.show('waiting', '有未保存的修改');
    this.#schedule(Math.max(PAUSE, this.last + INTERVAL - Date.now()));
  }

  /** Saves now and waits for the answer; does nothing when nothing changed. True when nothing is left unsaved. */
  async flush() {
    clearTimeout(this.timer);
    await this.#turn();
    return !this.dirty;
  }

  /** No more saving: the form is being handed in. Waits for a save that is under way. */
  async pause() {
    clearTimeout(this.timer);
    await this.running;
    this.stopped = true;
  }

  /** The form stays with the person: what was filled in is saved now, as the sentences of refusals say. */
  resume() {
    this.stopped = false;
    if (this.dirty) this.#schedule(0);
  }

  /** The form was handed in: nothing is left to keep. */
  finish() {
    this.stopped = true;
    this.dirty = false;
    this.sending = null;
    dropCopy(this.draftUrl);
  }

  keep() {
    keepCopy(this.draftUrl, this.collect());
  }

  #schedule(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#turn(), delay);
  }

  /** One save after the other: two under way would bring the same token, and the second would be refused. */
  #turn() {
    this.running = this.running.catch(() => {}).then(() => (this.dirty && !this.stopped ? this.#save() : undefined));
    return this.running;
  }

  #leave() {
    if (this.dirty || this.sending) this.keep();
    if (this.sending) keepSending(this.draftUrl, this.sending);
  }

  async #save() {
    const repeated = this.sending !== null;
    this.dirty = false;
    this.last = Date.now();
    this.show('saving', '正在保存…');
    this.sending ??= { key: newId(), values: this.collect(), token: this.token };
    const { key, ...said } = this.sending;
    const { status, body } = await postJson(this.draftUrl, said, { 'X-Request-Key': key });
    if (!SILENCE.includes(status)) this.sending = null;
    if (status < 200 || status > 299) return this.#failed(status, body);
    this.#saved(body);
    if (repeated && JSON.stringify(said.values) !== JSON.stringify(this.collect())) this.changed();
    return undefined;
  }

  #saved({ token, saved_at: at }) {
    this.token = token ?? this.token;
    dropCopy(this.draftUrl);
    if (!this.dirty) this.show('saved', `已保存 ${timeOfDay(at ? new Date(at) : now())}`);
  }

  #failed(status, body) {
    this.dirty = true;
    this.keep();
    this.show('failed', '尚未保存，内容已保留在本机');
    if (status === 401) {
      this.stopped = true;
      showLoginExpired();
    } else if (status === 409) {
      this.stopped = true;
      showBanner('conflict', body.message || ELSEWHERE, [['查看最新情况', location.href]]);
    } else if (status === 422) {
      this.show('failed', body.problems?.[0]?.message ?? body.message ?? '草稿尚未保存'); // the next change tries again
    } else {
      this.#schedule(RETRY);
    }
  }
}

/** Offers back what an earlier visit could not save. `use(values)` puts it into the form. */
export function offerCopy(draftUrl, current, use) {
  const copy = readCopy(draftUrl);
  if (!copy) return;
  if (JSON.stringify(copy.values) === JSON.stringify(current)) {
    dropCopy(draftUrl);
    return;
  }
  showBanner('copy', `本机保留有 ${dayAndTime(new Date(copy.at))} 尚未保存的内容。`, [
    ['恢复填写的内容', () => use(copy.values)],
    ['不再需要', () => dropCopy(draftUrl)],
  ]);
}
