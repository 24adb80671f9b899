// The form as the person will see it: the real page in a frame of its own, as wide as a desktop or a phone, and beside it
// what the server says of what is filled in there.
import { postJson } from '../../net/request.js';
import { showToast } from '../../page/toast.js';

const PAUSE = 400;
const WIDTHS = { 电脑: 1280, 手机: 390 };

export class Preview {
  /** `read()` gives the form's content. */
  constructor(places, urls, read) {
    Object.assign(this, { places, urls, read, width: '电脑', filled: true });
    window.addEventListener('message', (event) => this.#heard(event));
    window.addEventListener('resize', () => this.open && this.frame && this.#size());
  }

  get open() {
    return !this.places.preview.hidden;
  }

  async toggle() {
    const open = !this.open;
    this.places.preview.hidden = !open;
    this.places.edit.hidden = open;
    this.places.look.textContent = open ? '返回编辑' : '预览';
    if (open) await this.show();
    else this.places.preview.replaceChildren();
  }

  async show() {
    const content = this.read();
    const { status, body } = await postJson(this.urls.check, { content });
    this.places.preview.replaceChildren();
    if (status !== 200 || !body.values) {
      this.places.preview.textContent = '表单还有问题，更正后才能预览。问题列在下方。';
      return;
    }
    Object.assign(this, { content, sample: body });
    this.#layout();
    this.#load();
  }

  #layout() {
    this.places.preview.innerHTML = `<div class="preview-bar" role="toolbar" aria-label="预览"></div>
      <div class="preview-both"><div class="preview-stage"></div>
      <aside class="preview-said" aria-live="polite"><h3>服务器的检查</h3><div class="preview-problems"></div></aside></div>`;
    const bar = this.places.preview.querySelector('.preview-bar');
    bar.append(
      choice('宽度', Object.keys(WIDTHS), this.width, (width) => { this.width = width; this.#size(); }),
      choice('内容', ['示例数据', '空白'], this.filled ? '示例数据' : '空白', (words) => { this.filled = words === '示例数据'; this.#load(); }),
    );
    this.problems = this.places.preview.querySelector('.preview-problems');
  }

  /** A fresh frame: the page in it starts as any page does. */
  #load() {
    this.frame = document.createElement('iframe');
    this.frame.title = '填写人看到的表单';
    this.frame.src = this.urls.preview;
    this.places.preview.querySelector('.preview-stage').replaceChildren(this.frame);
    this.#size();
  }

  /** The page believes in its full width; what is too wide for the place is shown smaller. */
  #size() {
    const stage = this.frame.parentElement;
    const width = WIDTHS[this.width];
    const scale = Math.min(1, stage.clientWidth / width);
    const { style } = this.frame;
    Object.assign(style, { width: `${width}px`, height: `${stage.clientHeight / scale}px`, transform: scale < 1 ? `scale(${scale})` : '' });
    style.marginLeft = scale < 1 ? '0' : `${(stage.clientWidth - width) / 2}px`;
    stage.classList.toggle('is-phone', this.width === '手机');
  }

  #heard({ origin, source, data }) {
    if (origin !== location.origin || source !== this.frame?.contentWindow) return;
    if (data.kind === 'ready') this.#tell(source);
    if (data.kind === 'values') this.#soon(data.values);
    if (data.kind === 'accepted') this.#accepted();
  }

  /** The page would be left now; here it begins anew. */
  #accepted() {
    showToast('服务器没有提出问题，可以提交。预览中没有保存任何内容。');
    this.#load();
  }

  #tell(window) {
    const values = this.filled ? this.sample.values : {};
    const form = { schema: JSON.parse(this.content), values, context: structuredClone(this.sample.context), check: this.urls.check, content: this.content };
    window.postMessage({ kind: 'form', ...form }, location.origin);
  }

  #soon(values) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#check(values), PAUSE);
  }

  async #check(values) {
    const number = this.asked = (this.asked ?? 0) + 1;
    const { status, body } = await postJson(this.urls.check, { content: this.content, values });
    if (status !== 200 || number !== this.asked || !this.open) return;
    this.#say(body.problems.length ? `提交时会提出 ${body.problems.length} 项：` : '现在提交，服务器不会提出问题。', body.problems);
  }

  #say(words, problems) {
    const line = document.createElement('p');
    line.textContent = words;
    const list = document.createElement('ol');
    list.append(...problems.map(({ message }) => {
      const item = document.createElement('li');
      item.dataset.ownWords = '';
      item.textContent = message;
      return item;
    }));
    this.problems.replaceChildren(line, list);
  }

  /** Their version of a conflict, as the words of its fields in order. */
  showTheirs(content, place) {
    const list = document.createElement('ol');
    const walk = (components) => components.forEach((each) => {
      const item = document.createElement('li');
      item.dataset.ownWords = '';
      item.textContent = each.label ?? each.text ?? each.key ?? each.type;
      list.append(item);
      walk(each.components ?? []);
    });
    walk(JSON.parse(content).components ?? []);
    place.replaceChildren(list);
  }
}

/** A group of buttons of which one is pressed. */
function choice(label, options, chosen, pick) {
  const group = document.createElement('div');
  group.className = 'btn-group';
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', label);
  group.append(...options.map((words) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-sm';
    button.textContent = words;
    button.setAttribute('aria-pressed', words === chosen);
    button.addEventListener('click', () => {
      for (const each of group.children) each.setAttribute('aria-pressed', each === button);
      pick(words);
    });
    return button;
  }));
  return group;
}
