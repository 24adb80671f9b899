// Islands that are never drawn: after a while the reader is told so, with a way to try again.
const PATIENCE = 12000; // milliseconds

export function watchIslands() {
  const waiting = document.querySelectorAll('[data-island]:not([data-ready]) > [data-island-loading]');
  if (!waiting.length) return;
  setTimeout(() => {
    for (const place of waiting) {
      if (!place.isConnected || place.parentElement.dataset.ready) continue;
      const words = document.createElement('p');
      words.textContent = '此处没有完全载入，您已保存的内容不受影响。';
      const again = document.createElement('button');
      again.type = 'button';
      again.className = 'btn';
      again.textContent = '重试';
      again.addEventListener('click', () => location.reload());
      place.replaceChildren(words, again);
      place.classList.add('is-stuck');
    }
  }, PATIENCE);
}

/** The island is drawn: what stood for it goes. */
export const islandReady = (element) => {
  element.querySelector(':scope > [data-island-loading]')?.remove();
  element.dataset.ready = 'yes';
};
