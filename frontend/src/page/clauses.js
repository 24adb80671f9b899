// A cited clause opens where one reads: its words in a dialog over the page. Without this the link leads to its page.

/** `a.clause` opens what the clause says; with a modifier key, or if it cannot be had, it is an ordinary link. */
export function startClauses() {
  document.addEventListener('click', async (event) => {
    const link = event.target.closest('a.clause');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const words = await wordsOf(link.href);
    if (words) show(words, link);
    else location.assign(link.href);
  });
}

async function wordsOf(href) {
  const url = new URL(href);
  url.searchParams.set('part', '1');
  try {
    const response = await fetch(url, { credentials: 'same-origin' });
    return response.ok ? await response.text() : '';
  } catch {
    return '';
  }
}

function show(words, link) {
  const dialog = document.createElement('dialog');
  dialog.className = 'ask is-wide';
  dialog.setAttribute('aria-label', '条款');
  const body = document.createElement('div');
  body.className = 'clause-list';
  body.innerHTML = words;
  const buttons = document.createElement('div');
  buttons.className = 'ask-buttons';
  buttons.innerHTML = '<button class="btn" type="button" data-closes>关闭</button>';
  dialog.append(body, buttons);
  document.body.append(dialog);
  dialog.addEventListener('close', () => {
    dialog.remove();
    link.focus();
  });
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
  dialog.showModal();
}
