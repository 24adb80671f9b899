// A file of a draft as plain text: line numbers, Tab, saving by itself, and what the server finds beside it.
import { islandReady } from '../page/islands.js';
import { watchConflicts } from './conflict.js';
import { DraftFile } from './draftfile.js';
import { Findings } from './findings.js';

const SAVE_KEY = (event) => (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's';

export class SourceIsland {
  constructor(element) {
    this.element = element;
    this.given = JSON.parse(document.getElementById(element.dataset.stateId).textContent);
  }

  start() {
    this.#layout();
    const read = async () => this.text.value;
    this.file = new DraftFile(this.given, read);
    this.file.listen(({ words }) => (this.state.textContent = words));
    watchConflicts(this.file, { show: (content, place) => this.#showTheirs(content, place), use: (content) => this.#use(content) });
    this.findings = new Findings({ url: this.given.urls.lint, path: this.given.path, read, show: (found) => this.#show(found) });
    this.text.addEventListener('input', () => this.#changed());
    this.text.addEventListener('scroll', () => (this.lines.scrollTop = this.text.scrollTop));
    document.addEventListener('keydown', (event) => this.#keys(event));
    window.addEventListener('beforeunload', (event) => this.file.state !== 'saved' && event.preventDefault());
    this.findings.ask();
    this.#number();
    islandReady(this.element);
  }

  #layout() {
    const { content, readonly } = this.given;
    this.element.classList.add('source');
    this.element.insertAdjacentHTML('beforeend', `<div class="source-bar"><span role="status"></span>
      <button type="button" class="btn btn-sm btn-primary">保存</button></div>
      <div class="source-text"><pre aria-hidden="true"></pre><textarea spellcheck="false" wrap="off" autocomplete="off"></textarea></div>
      <section class="source-findings" aria-label="检查结果" aria-live="polite"><p class="text-secondary">正在检查…</p></section>`);
    this.state = this.element.querySelector('[role=status]:not([data-island-loading])');
    this.lines = this.element.querySelector('.source-text > pre');
    this.text = this.element.querySelector('textarea');
    this.list = this.element.querySelector('.source-findings');
    Object.assign(this.text, { value: content, readOnly: readonly, ariaLabel: `${this.element.getAttribute('aria-label')} 的内容` });
    const button = this.element.querySelector('.source-bar button');
    button.hidden = readonly;
    button.addEventListener('click', () => this.file.save());
  }

  #changed() {
    this.#number();
    this.file.changed();
    this.findings.soon();
  }

  #number() {
    const count = this.text.value.split('\n').length;
    if (count === this.count) return;
    this.count = count;
    this.lines.textContent = Array.from({ length: count }, (_, line) => line + 1).join('\n');
  }

  #keys(event) {
    if (!SAVE_KEY(event)) return;
    event.preventDefault();
    this.file.save();
  }

  #show(findings) {
    this.list.replaceChildren();
    if (!findings.length) {
      this.list.innerHTML = '<p class="source-sound">没有发现问题。</p>';
      return;
    }
    const list = document.createElement('ul');
    for (const { level, element, line, message, remedy } of findings) {
      const item = document.createElement('li');
      item.innerHTML = `<span class="mark ${level === 'error' ? 'mark-overdue' : 'mark-due'}">${level === 'error' ? '须改正' : '请核对'}</span> `;
      item.append(`${message}${remedy ? ` ${remedy}` : ''}`);
      if (line || this.#lineOf(element)) item.append(' ', this.#jump(line ?? this.#lineOf(element)));
      list.append(item);
    }
    this.list.append(list);
  }

  /** The line on which an element, field or parameter is first named. */
  #lineOf(element) {
    const at = element ? this.text.value.indexOf(element) : -1;
    return at < 0 ? 0 : this.text.value.slice(0, at).split('\n').length;
  }

  #jump(line) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link-button';
    button.textContent = `第${line}行`;
    button.addEventListener('click', () => {
      const before = this.text.value.split('\n').slice(0, line - 1).join('\n');
      const start = line > 1 ? before.length + 1 : 0;
      const end = this.text.value.indexOf('\n', start);
      this.text.focus();
      this.text.setSelectionRange(start, end < 0 ? this.text.value.length : end);
      const height = this.text.scrollHeight / this.count;
      this.text.scrollTop = Math.max(0, (line - 4) * height);
    });
    return button;
  }

  #showTheirs(content, place) {
    const text = document.createElement('textarea');
    Object.assign(text, { value: content, readOnly: true, rows: 18, className: 'form-control font-monospace', ariaLabel: '对方版本' });
    place.replaceChildren(text);
  }

  #use(content) {
    this.text.value = content;
    this.#number();
    this.findings.ask();
  }
}
