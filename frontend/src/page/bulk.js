// A list whose rows are ticked for one action: the bar tells how many, and ticks all that can be ticked.

/** `form[data-bulk]` with `input[data-pick]` rows (its own by `form="…"` too), `input[data-pick-all]`, `[data-picked]`. */
export function startBulk() {
  for (const form of document.querySelectorAll('form[data-bulk]')) watch(form);
}

function watch(form) {
  const rows = () => [...form.elements].filter((each) => each.matches('input[data-pick]'));
  const all = form.querySelector('input[data-pick-all]');
  const tell = () => {
    const picked = rows().filter((row) => row.checked).length;
    form.querySelectorAll('[data-picked]').forEach((place) => { place.textContent = picked; });
    form.querySelectorAll('[data-needs-pick]').forEach((button) => { button.disabled = !picked; });
    rows().forEach((row) => row.closest('tr').classList.toggle('is-ticked', row.checked));
    if (all) {
      all.checked = picked > 0 && picked === rows().length;
      all.indeterminate = picked > 0 && !all.checked;
    }
  };
  document.addEventListener('change', ({ target }) => {
    if (target.form !== form) return;
    if (target === all) rows().forEach((row) => { row.checked = all.checked; });
    tell();
  });
  window.addEventListener('pageshow', tell); // the browser may bring ticks back
  tell();
}
