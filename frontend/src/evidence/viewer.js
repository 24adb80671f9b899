// The evidence viewer: one file of the record beside the form, the next and the one before, and what was looked at.
// PDF is shown by the browser's own viewer, which brings pages, zoom, turning and search; pictures by `picture.js`.
import { postJson } from '../net/request.js';
import { addShortcuts } from '../page/shortcuts.js';
import { showToast } from '../page/toast.js';
import { Picture } from './picture.js';

const TEMPLATE = `
  <div class="viewer-head">
    <div class="viewer-title"><strong data-own-words></strong><span class="text-secondary" data-place></span></div>
    <button type="button" class="btn-close" data-do="close" aria-label="关闭，返回申请书"></button>
  </div>
  <div class="viewer-bar">
    <button type="button" class="btn btn-sm" data-do="previous">上一份</button>
    <select class="form-select form-select-sm" aria-label="转到佐证材料" data-own-words></select>
    <button type="button" class="btn btn-sm" data-do="next">下一份</button>
    <span class="viewer-picture" role="group" aria-label="图片">
      <button type="button" class="btn btn-sm" data-do="smaller" aria-label="缩小">－</button>
      <button type="button" class="btn btn-sm" data-do="larger" aria-label="放大">＋</button>
      <button type="button" class="btn btn-sm" data-do="turn">旋转</button>
    </span>
    <label class="form-check viewer-original" hidden><input type="checkbox" class="form-check-input"> <span class="form-check-label">原件已核对</span></label>
    <a class="btn btn-sm ms-auto" target="_blank" rel="noopener">在新窗口打开</a>
  </div>
  <div class="viewer-body" tabindex="-1"></div>`;

const entryOf = (id) => document.querySelector(`[data-evidence-entry="${id}"]`);

/** The page's files in the order of the record, each once. */
function filesOfPage() {
  const found = new Map();
  for (const { dataset, href, textContent } of document.querySelectorAll('a[data-evidence]')) {
    const { evidence: id, type, place } = dataset;
    if (!found.has(id)) found.set(id, { id, type, place, url: href, name: textContent.trim() });
  }
  return [...found.values()];
}

export class Viewer {
  constructor() {
    this.list = document.querySelector('[data-evidence-list]');
    this.place = document.querySelector('[data-evidence-pane]');
    this.beside = this.place !== null;
    this.place ??= document.body.appendChild(document.createElement('div'));
    this.place.classList.add('viewer');
    this.place.classList.toggle('is-over', !this.beside);
    this.place.setAttribute('role', 'region');
    this.place.setAttribute('aria-label', '查看佐证材料');
    this.place.innerHTML = TEMPLATE;
    this.#connect();
    this.#keys();
  }

  get isOpen() {
    return !this.place.hidden;
  }

  open(id, origin) {
    this.files = filesOfPage();
    if (origin) this.origin = origin;
    this.#fillChoice();
    this.place.hidden = false;
    document.body.classList.add('viewer-open');
    this.#show(Math.max(0, this.files.findIndex((file) => file.id === id)));
    this.place.scrollIntoView({ block: 'nearest' });
    this.#part('.viewer-body').focus({ preventScroll: true });
  }

  /** The first file that nobody has looked at, else the first. */
  openUnseen() {
    const files = filesOfPage();
    const unseen = files.find(({ id }) => entryOf(id) && !('seen' in entryOf(id).dataset));
    if (files.length) this.open((unseen ?? files[0]).id, document.activeElement);
  }

  close() {
    this.place.hidden = true;
    document.body.classList.remove('viewer-open');
    this.#part('.viewer-body').replaceChildren();
    const back = this.origin?.isConnected && this.origin !== document.body ? this.origin : this.list?.querySelector('summary');
    back?.focus();
  }

  #part(selector) {
    return this.place.querySelector(selector);
  }

  #connect() {
    const actions = {
      close: () => this.close(),
      previous: () => this.#step(-1),
      next: () => this.#step(1),
      smaller: () => this.picture?.zoom(1 / 1.25),
      larger: () => this.picture?.zoom(1.25),
      turn: () => this.picture?.turn(),
    };
    this.place.addEventListener('click', ({ target }) => actions[target.closest('[data-do]')?.dataset.do]?.());
    this.#part('select').addEventListener('change', ({ target }) => this.#show(target.selectedIndex));
    this.#part('.viewer-original input').addEventListener('change', ({ target }) => this.#mark({ checked: target.checked }));
  }

  #keys() {
    const when = () => this.isOpen;
    addShortcuts('佐证材料', [
      { keys: [']'], words: '下一份', when, run: () => this.#step(1) },
      { keys: ['['], words: '上一份', when, run: () => this.#step(-1) },
      { keys: ['+', '='], words: '放大图片', when: () => when() && this.picture, run: () => this.picture.zoom(1.25) },
      { keys: ['-'], words: '缩小图片', when: () => when() && this.picture, run: () => this.picture.zoom(1 / 1.25) },
      { keys: ['r'], words: '旋转图片', when: () => when() && this.picture, run: () => this.picture.turn() },
      { keys: ['o'], words: '原件已核对', when: () => when() && !this.#part('.viewer-original').hidden, run: () => this.#part('.viewer-original input').click() },
      { keys: ['Escape'], words: '关闭，返回申请书', when, run: () => this.close() },
    ]);
  }

  #fillChoice() {
    const options = this.files.map(({ id, name, place }) => new Option(`${'seen' in (entryOf(id)?.dataset ?? {}) ? '✓ ' : ''}${place ? `${place}：` : ''}${name}`, id));
    this.#part('select').replaceChildren(...options);
  }

  #step(by) {
    const next = this.at + by;
    if (next >= 0 && next < this.files.length) this.#show(next);
  }

  #show(at) {
    this.at = at;
    const file = this.files[at];
    this.#part('.viewer-title strong').textContent = file.name;
    this.#part('[data-place]').textContent = `${file.place ?? ''}　第 ${at + 1} / ${this.files.length} 份`;
    this.#part('select').selectedIndex = at;
    this.#part('[data-do=previous]').disabled = at === 0;
    this.#part('[data-do=next]').disabled = at === this.files.length - 1;
    this.#part('a[target]').href = file.url;
    this.#draw(file);
    this.#mark({});
  }

  #draw({ type, url, name }) {
    const body = this.#part('.viewer-body');
    body.replaceChildren();
    this.picture = type === 'application/pdf' ? null : new Picture(body, url, name);
    this.#part('.viewer-picture').hidden = !this.picture;
    if (this.picture) return;
    if (navigator.pdfViewerEnabled) {
      const frame = document.createElement('iframe');
      frame.src = `${url}#view=FitH&navpanes=0`;
      frame.title = name;
      body.append(frame);
    } else {
      const words = document.createElement('p');
      words.className = 'empty-state';
      words.textContent = '这台设备的浏览器不能在页面内显示PDF，请点“在新窗口打开”。';
      body.append(words);
    }
  }

  /** Tells the server; without a task around (one's own declaration) nothing is marked. */
  async #mark(said) {
    const { id } = this.files[this.at];
    const entry = entryOf(id);
    const box = this.#part('.viewer-original');
    box.hidden = !(entry && this.list && 'originals' in this.list.dataset);
    box.querySelector('input').checked = Boolean(entry && 'checked' in entry.dataset);
    if (!entry || ('seen' in entry.dataset && said.checked === undefined)) return;
    const url = this.list.dataset.lookUrl.replace(/0$/, id);
    const { status, body } = await postJson(url, said);
    if (status !== 200) {
      showToast('“已看”标记没有保存。', 'error', () => this.#mark(said));
      return;
    }
    entry.toggleAttribute('data-seen', true);
    entry.toggleAttribute('data-checked', body.checked);
    if (this.files[this.at].id === id) box.querySelector('input').checked = body.checked;
    countUnseen(this.list);
    const at = this.files.findIndex((file) => file.id === id);
    const option = this.#part('select').options[at];
    if (!option.text.startsWith('✓')) option.text = `✓ ${option.text}`;
  }
}

export function countUnseen(list) {
  const left = list.querySelectorAll('[data-evidence-entry]:not([data-seen])');
  const count = new Set([...left].map(({ dataset }) => dataset.evidenceEntry)).size;
  const badge = list.querySelector('[data-evidence-left]');
  badge.hidden = false;
  badge.textContent = count ? `还有${count}份未看` : '已全部看过';
  badge.classList.toggle('mark-due', count > 0);
  badge.classList.toggle('mark-normal', count === 0);
}
