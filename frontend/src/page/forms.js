// Small behaviours of server-rendered forms, switched on by data attributes.
import { newId } from '../net/request.js';

/** `form[data-once]`: one idempotency key a page, and no second submit while the first is under way. */
export function startOnce() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-once]')) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = 'yes';
    addKey(form);
    // After this tick, so that the clicked button's own name and value are still sent.
    setTimeout(() => setButtons(form, true));
  }, true);
  const release = (form) => {
    delete form.dataset.sent;
    setButtons(form, false);
  };
  document.addEventListener('htmx:finally:request', ({ target }) => {
    const form = target.closest?.('form[data-once]');
    if (form) release(form);
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) document.querySelectorAll('form[data-once][data-sent]').forEach(release);
  });
}

function addKey(form) {
  if (form.elements.idempotency_key) return;
  const input = document.createElement('input');
  input.type = 'hidden';
  input.name = 'idempotency_key';
  input.value = newId();
  form.append(input);
}

function setButtons(form, disabled) {
  for (const button of form.querySelectorAll('button:not([type=button]), input[type=submit]')) button.disabled = disabled;
}

/** `form[data-filter]`: choosing submits at once; empty conditions stay out of the address. What folds on a phone is open elsewhere. */
export function startFilters() {
  if (matchMedia('(min-width: 768px)').matches) document.querySelectorAll('details[data-open-wide]').forEach((each) => { each.open = true; });
  document.addEventListener('change', ({ target }) => {
    const form = target.closest('form[data-filter]');
    if (form && target.matches('select, input[type=checkbox], input[type=radio], input[type=date]')) form.requestSubmit();
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('form[data-filter]') || searched(form, event)) return;
    const empty = [...form.elements].filter((e) => e.name && !e.disabled && e.value === '');
    empty.forEach((e) => { e.disabled = true; });
    setTimeout(() => empty.forEach((e) => { e.disabled = false; }));
  });
}

// What may be somebody's identity number is sent, never put into an address.
function searched(form, event) {
  const box = document.querySelector('[data-quick-search]');
  const said = form.elements.q?.value ?? '';
  if (!box || !/\d{15}/.test(said.replace(/\s/g, ''))) return false;
  event.preventDefault();
  box.value = said;
  box.form.requestSubmit();
  return true;
}

/** `form[data-continue]`: long work goes on by itself, one part a page; its button stays for who has no script. */
export function startContinue() {
  document.querySelector('form[data-continue]')?.requestSubmit();
}
