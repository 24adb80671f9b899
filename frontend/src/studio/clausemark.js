// Marking a clause: what is selected in the notice's text and the two numbers of the form are the same stretch.
// Positions count characters as the server does, not the halves of which a rare one consists here.

const SHOWN = 24;
const NUMBERED = /^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|\d{1,2}[.．]|[（(]\d{1,2}[)）]|附件\s*\d+)\s*/;
const SENTENCE = /[。：；，,:（(\n]/;

/** The stretch without the blanks at its ends, in characters. */
export function trimmed(characters, begin, end) {
  while (begin < end && !characters[begin].trim()) begin += 1;
  while (begin < end && !characters[end - 1].trim()) end -= 1;
  return [begin, end];
}

/** What a clause that begins so is called: its first words without the number before them. */
export function headingOf(words) {
  return words.replace(NUMBERED, '').split(SENTENCE)[0].trim().slice(0, SHOWN);
}

export function selectedWords(words) {
  const line = words.replace(/\s+/g, ' ');
  const shown = line.length > 2 * SHOWN + 4 ? `${line.slice(0, SHOWN)}……${line.slice(-SHOWN)}` : line;
  return words ? `共${[...words].length}字：${shown}` : '还没有选取文字。';
}

export class ClauseMark {
  constructor(form) {
    this.text = form.querySelector('[data-text]');
    [this.begin, this.end, this.heading] = ['begin', 'end', 'heading'].map((name) => form.elements[name]);
    this.told = form.querySelector('[data-selected]');
    this.characters = [...this.text.value];
    this.named = Boolean(this.heading.value);
  }

  start() {
    this.heading.addEventListener('input', () => (this.named = true));
    for (const kind of ['select', 'mouseup', 'keyup']) this.text.addEventListener(kind, () => this.take());
    for (const input of [this.begin, this.end]) input.addEventListener('input', () => this.show());
    this.show();
    if (this.named) this.text.focus({ preventScroll: true }); // only then the browser shows what is selected
  }

  /** What is selected goes into the form; a mere caret changes nothing. */
  take() {
    const { value, selectionStart, selectionEnd } = this.text;
    if (selectionStart === selectionEnd) return;
    const before = [...value.slice(0, selectionStart)].length;
    const length = [...value.slice(selectionStart, selectionEnd)].length;
    const [begin, end] = trimmed(this.characters, before, before + length);
    if (begin === end) return;
    [this.begin.value, this.end.value] = [begin + 1, end];
    this.tell(begin, end);
  }

  /** What the form says is selected and scrolled to. */
  show() {
    const [begin, end] = [Number(this.begin.value) - 1, Number(this.end.value)];
    if (!(begin >= 0 && begin < end && end <= this.characters.length)) return this.tell(0, 0);
    const [before, within] = [this.characters.slice(0, begin).join(''), this.characters.slice(begin, end).join('')];
    const whole = this.text.value;
    this.text.value = before; // as high as what stands before it
    const height = this.text.scrollHeight;
    this.text.value = whole;
    this.text.setSelectionRange(before.length, before.length + within.length);
    this.text.scrollTop = Math.max(0, height - this.text.clientHeight / 2);
    return this.tell(begin, end);
  }

  tell(begin, end) {
    const words = this.characters.slice(begin, end).join('');
    if (!this.named) this.heading.value = headingOf(words);
    this.told.textContent = selectedWords(words);
  }
}
