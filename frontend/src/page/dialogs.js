// The product's own confirmation dialog, in place of the browser's.

/** Resolves true when the person confirms, false on 取消 or Esc. */
export function ask(message, { yes = '确定', no = '取消' } = {}) {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.className = 'ask';
    dialog.setAttribute('aria-label', '请确认');
    const text = document.createElement('p');
    text.textContent = message;
    const buttons = document.createElement('div');
    buttons.className = 'ask-buttons';
    buttons.append(button(no, 'btn', ''), button(yes, 'btn btn-primary', 'yes'));
    const form = document.createElement('form');
    form.method = 'dialog';
    form.append(text, buttons);
    dialog.append(form);
    document.body.append(dialog);
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    dialog.showModal();
  });
}

function button(label, className, value) {
  const element = document.createElement('button');
  element.className = className;
  element.value = value;
  element.textContent = label;
  return element;
}

/** `data-confirm="文字"` on a link, a button or a form: asks first, then does what was clicked. */
export function startConfirm() {
  const confirmed = new WeakSet();
  document.addEventListener('click', (event) => {
    const element = event.target.closest('a[data-confirm], button[data-confirm]');
    if (element) guard(event, element, confirmed, () => element.click());
  }, true);
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.matches('[data-confirm]')) guard(event, form, confirmed, () => form.requestSubmit(event.submitter));
  }, true);
}

/** `data-opens="id"` opens a dialog of the page, `data-closes` closes its own; `dialog[data-open]` is open from the start. */
export function startDialogs() {
  document.addEventListener('click', ({ target }) => {
    document.getElementById(target.closest('[data-opens]')?.dataset.opens)?.showModal();
    target.closest('[data-closes]')?.closest('dialog').close();
  });
  document.querySelector('dialog[data-open]')?.showModal();
}

function guard(event, element, confirmed, proceed) {
  if (confirmed.delete(element)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(element.dataset.confirm).then((yes) => {
    if (!yes) return;
    confirmed.add(element);
    proceed();
  });
}
