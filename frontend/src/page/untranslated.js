// Collects English-looking labels shown inside islands into `window.__untranslated`, for the browser tests.

const ENGLISH = /\b[A-Z]?[a-z]{3,}\b/;
const OWN_NAMES = /bpmn\.io/i;
const WATCHED = '[data-island], [data-decision-bar], dialog, .page-banner, #toasts';
const ATTRIBUTES = ['aria-label', 'title', 'placeholder', 'alt'];

/** Texts people typed themselves (`data-own-words`) may be in any language. */
const skipped = (element) => !element?.closest(WATCHED) || element.closest('[data-own-words], script, style, textarea, kbd');

function texts(root) {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!skipped(walker.currentNode.parentElement)) found.push(walker.currentNode.data);
  }
  for (const element of root.querySelectorAll(ATTRIBUTES.map((a) => `[${a}]`).join())) {
    if (!skipped(element)) found.push(...ATTRIBUTES.map((a) => element.getAttribute(a) ?? ''));
  }
  return found.map((text) => text.trim());
}

export function collectUntranslated(root = document.body) {
  const list = (window.__untranslated ??= []);
  const look = () => {
    for (const text of texts(root)) {
      if (ENGLISH.test(text) && !OWN_NAMES.test(text) && !list.includes(text)) list.push(text);
    }
  };
  let waiting = 0;
  new MutationObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 200);
  }).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ATTRIBUTES });
  look();
}
