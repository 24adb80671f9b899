// What every editor of a draft's file does around its work: saves by itself, tells how it stands, settles conflicts, and
// does not let unsaved work be closed away. Who else is there, the page itself tells.
import { islandReady } from '../page/islands.js';
import { addShortcuts } from '../page/shortcuts.js';
import { watchConflicts } from './conflict.js';
import { DraftFile } from './draftfile.js';

/**
 * `given` is the page's JSON; `read()` the content as it stands, a promise; `use(content)` puts another one in; `show`
 * draws theirs for comparing; `state` is the element that tells. Returns the DraftFile.
 */
export function keepFile(given, { read, use, show, state }) {
  const file = new DraftFile(given, read);
  file.listen(({ state: now, words, revision }) => {
    state.textContent = words;
    state.dataset.state = now;
    if (now === 'saved' && revision > 0) tellOwn();
  });
  watchConflicts(file, { show, use });
  addShortcuts('编辑', [{ keys: ['Ctrl+s'], words: '保存', run: () => file.save() }]);
  window.addEventListener('beforeunload', (event) => file.state !== 'saved' && event.preventDefault());
  return file;
}

/** What was shared is the draft's own once it is saved: the page's mark says so. */
function tellOwn() {
  const mark = document.querySelector('[data-inherited]');
  if (!mark) return;
  mark.textContent = '本通知自有';
  mark.className = 'mark mark-info';
  delete mark.dataset.inherited;
}

/** Whether a box is being written in: its own undo and arrow keys come first. */
export const writing = () => Boolean(document.activeElement?.matches('textarea, input:not([type=checkbox], [type=radio])'));

/** Where the file cannot be shown in this editor: why, and the way to its source. */
export function cannotShow(element, words) {
  const text = document.createElement('p');
  text.textContent = words;
  const link = document.createElement('a');
  link.className = 'btn';
  link.href = '?view=source';
  link.textContent = '用源码编辑';
  element.replaceChildren(text, link);
  islandReady(element);
}
