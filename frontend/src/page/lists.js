// Lists of tasks: rows by keyboard, ticking and claiming (`bulk.js` counts), turning pages, and the focus back at the row
// that was acted on.
import { addShortcuts } from './shortcuts.js';

const rows = () => [...document.querySelectorAll('[data-rows] tbody tr')];
const linkOf = (row) => row?.querySelector('a');
const here = () => document.activeElement?.closest('[data-rows] tbody tr');

function step(by) {
  const all = rows();
  const at = all.indexOf(here());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  linkOf(next)?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

const press = (selector, root = document) => root.querySelector(selector)?.click();
const has = (selector) => () => document.querySelector(selector) !== null;

export function startLists() {
  if (rows().length) {
    addShortcuts('列表', [
      { keys: ['j', 'ArrowDown'], words: '下一行', run: () => step(1) },
      { keys: ['k', 'ArrowUp'], words: '上一行', run: () => step(-1) },
      { keys: ['Enter'], words: '打开所在行', run: () => linkOf(here())?.click(), when: () => here() && document.activeElement.matches('[type=checkbox]') },
    ]);
  }
  startTicks();
  addShortcuts('查找', [{ keys: ['/'], words: '快速查找', run: search, when: has('[data-quick-search], [data-search-page]') }]);
  addShortcuts('翻页', [
    { keys: ['n'], words: '下一件或下一页', run: () => press('a[rel=next]'), when: has('a[rel=next]') },
    { keys: ['p'], words: '上一件或上一页', run: () => press('a[rel=prev]'), when: has('a[rel=prev]') },
  ]);
  if (/^#task-\d+$/.test(location.hash)) {
    // after the browser has gone to the row, which takes the focus away
    addEventListener('load', () => setTimeout(() => linkOf(document.querySelector(location.hash))?.focus()));
  }
}

function search() {
  const box = document.querySelector('[data-quick-search]');
  if (!box) return press('[data-search-page]');
  box.focus();
  box.select();
}

function startTicks() {
  const { form } = document.querySelector('button[value=claim]') ?? {};
  if (!form) {
    addShortcuts('本页', [{ keys: ['c'], words: '认领或放回', run: () => press('[data-claim]'), when: has('[data-claim]') }]);
    return;
  }
  const ticked = () => [...form.elements].some((each) => each.matches('[data-pick]:checked'));
  const claim = () => (ticked() ? press('[value=claim]', form) : press('[data-claim]', here()));
  addShortcuts('列表', [
    { keys: ['x'], words: '勾选所在行', run: () => press('[data-pick]', here()), when: () => here()?.querySelector('[data-pick]') },
    { keys: ['c'], words: '认领勾选的事项；未勾选时认领或放回所在行', run: claim, when: () => ticked() || here()?.querySelector('[data-claim]') },
  ]);
}
