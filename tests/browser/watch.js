// Runs in every page: tells the test of labels that look English and of broken content rules.
(() => {
  const ENGLISH = /[A-Za-z]{3,}/;
  const SKIPPED = 'script, style, template, noscript, [data-own-words], code, kbd';
  const ATTRIBUTES = ['aria-label', 'title', 'placeholder', 'alt'];
  const told = new Set();
  const tell = (kind, text) => {
    const key = `${kind}:${text}`;
    if (told.has(key)) return;
    told.add(key);
    window.__tell(kind, text, location.pathname);
  };
  const lookAt = (text, element) => {
    if (!text || !ENGLISH.test(text)) return; // asked first: what is seen costs a layout to know
    if (!element || (!element.closest(SKIPPED) && element.checkVisibility())) tell('english', text.trim());
  };
  const look = () => {
    lookAt(document.title);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) lookAt(walker.currentNode.data, walker.currentNode.parentElement);
    for (const element of document.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join())) {
      ATTRIBUTES.forEach((name) => lookAt(element.getAttribute(name), element));
    }
    (window.__untranslated ?? []).forEach((text) => tell('untranslated', text));
  };
  window.__look = look;
  document.addEventListener('securitypolicyviolation', (event) => {
    tell('policy', `${event.violatedDirective} ${event.blockedURI}`);
  });
  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 150);
  };
  document.addEventListener('DOMContentLoaded', () => {
    new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
  });
})();
