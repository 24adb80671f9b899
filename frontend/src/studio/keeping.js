// What every editor of a draft's file does around its work: saves by itself, tells how it stands and who else is there,
// settles conflicts, and does not let unsaved work be closed away.
import { addShortcuts } from '../page/shortcuts.js';
import { watchConflicts } from './conflict.js';
import { DraftFile } from './draftfile.js';
import { watchPresence } from './presence.js';

/**
 * `given` is the page's JSON; `read()` the content as it stands, a promise; `use(content)` puts another one in; `show`
 * draws theirs for comparing; `state` and `presence` are the elements that tell. Returns the DraftFile.
 */
export function keepFile(given, { read, use, show, state, presence }) {
  const file = new DraftFile(given, read);
  file.listen(({ state: now, words }) => {
    state.textContent = words;
    state.dataset.state = now;
  });
  watchConflicts(file, { show, use });
  if (given.urls.presence) watchPresence(given.urls.presence, given.path, (words) => { presence.textContent = words; });
  addShortcuts('编辑', [{ keys: ['Ctrl+s'], words: '保存', run: () => file.save() }]);
  window.addEventListener('beforeunload', (event) => file.state !== 'saved' && event.preventDefault());
  return file;
}
