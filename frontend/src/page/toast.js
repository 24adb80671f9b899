// Short notes at the edge of the page, read out by screen readers.

const SECONDS = { ok: 4, error: 10 };

export function showToast(message, kind = 'ok') {
  const note = document.createElement('div');
  note.className = `toast-note toast-${kind}`;
  note.textContent = message;
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'btn-close';
  close.setAttribute('aria-label', '关闭');
  close.addEventListener('click', () => note.remove());
  note.append(close);
  region().append(note);
  setTimeout(() => note.remove(), SECONDS[kind] * 1000);
}

function region() {
  const existing = document.getElementById('toasts');
  if (existing) return existing;
  const element = document.createElement('div');
  element.id = 'toasts';
  element.setAttribute('role', 'status');
  element.setAttribute('aria-live', 'polite');
  document.body.append(element);
  return element;
}
