// Short notes at the edge of the page, read out by screen readers.

const SECONDS = { ok: 4, error: 10 };

/** `again`, where given, is run by the note's 重试; such a note stays until it is used or closed. */
export function showToast(message, kind = 'ok', again = null) {
  const note = document.createElement('div');
  note.className = `toast-note toast-${kind}`;
  const words = document.createElement('span');
  words.textContent = message;
  note.append(words);
  if (again) note.append(button('重试', 'btn btn-sm', () => { note.remove(); again(); }));
  const close = button('', 'btn-close', () => note.remove());
  close.setAttribute('aria-label', '关闭');
  note.append(close);
  region().append(note);
  if (!again) setTimeout(() => note.remove(), SECONDS[kind] * 1000);
}

function button(label, className, run) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = className;
  element.textContent = label;
  element.addEventListener('click', run);
  return element;
}

/** In the dialog in front where there is one: what lies behind it is neither seen nor read out. */
function region() {
  const front = [...document.querySelectorAll('dialog[open]')].at(-1);
  const existing = (front ?? document.body).querySelector(front ? ':scope > .toasts' : ':scope > #toasts');
  if (existing) return existing;
  const element = document.createElement('div');
  element.className = 'toasts';
  if (!front) element.id = 'toasts';
  element.setAttribute('role', 'status');
  element.setAttribute('aria-live', 'polite');
  (front ?? document.body).append(element);
  return element;
}
