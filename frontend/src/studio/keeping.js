// What every editor of a draft's file does around its work: saves by itself, tells how it stands, settles conflicts, and
// does not let unsaved work be closed away. Who else is there, the page itself tells.
import { addShortcuts } from '../page/shortcuts.js';
import { watchConflicts } from './conflict.js';
import { DraftFile } from './draftfile.js';

/**
 * `given` is the page's JSON; `read()` the content as it stands, a promise; `use(content)` puts another one in; `show`
 * draws theirs for comparing; `state` is the element that tells. Returns the DraftFile.
 */
export function keepFile(given, { read, use, show, state }) {
  const file = new DraftFile(given, read);
  file.listen(({ state: now, words }) => {
    state.textContent = words;
    state.dataset.state = now;
  });
  watchConflicts(file, { show, use });
  addShortcuts('编辑', [{ keys: ['Ctrl+s'], words: '保存', run: () => file.save() }]);
  window.addEventListener('beforeunload', (event) => file.state !== 'saved' && event.preventDefault());
  return file;
}
