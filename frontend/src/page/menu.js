// The menu of a wide screen stays in one line: what does not fit stands under 更多.
const WIDE = matchMedia('(min-width: 992px)');

function put(entry, place, before) {
  const link = entry.querySelector('a');
  const inside = place.matches('.dropdown-menu');
  link.className = inside ? 'dropdown-item' : 'nav-link';
  link.classList.toggle('active', inside && link.hasAttribute('aria-current'));
  place.insertBefore(entry, before);
}

function fit(bar, more, entries) {
  const drawer = more.querySelector('.dropdown-menu');
  const tooLong = () => bar.scrollWidth > bar.clientWidth;
  entries.forEach((entry) => put(entry, bar, more));
  more.hidden = true;
  if (WIDE.matches && tooLong()) {
    more.hidden = false;
    for (let last = entries.length - 1; last > 0 && tooLong(); last -= 1) put(entries[last], drawer, drawer.firstChild);
  }
  more.classList.toggle('active', drawer.querySelector('.active') !== null);
  bar.dataset.fitted = '';
}

export function startMenu() {
  const bar = document.querySelector('[data-fits]');
  if (!bar) return;
  const more = bar.querySelector('[data-more]');
  const entries = [...bar.children].filter((entry) => entry !== more);
  let width = -1;
  new ResizeObserver(() => {
    if (bar.clientWidth === width) return; // opening 更多 is no reason
    width = bar.clientWidth;
    fit(bar, more, entries);
  }).observe(bar);
}
