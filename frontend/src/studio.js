// Entry of the studio's pages: who else is there, and the source editor of every kind of file.
import './styles/studio.css';
import { collectUntranslated } from './page/untranslated.js';
import { ClauseMark } from './studio/clausemark.js';
import { watchPresence } from './studio/presence.js';
import { SourceIsland } from './studio/source.js';

const place = document.querySelector('[data-presence]');
const editor = document.querySelector('[data-state-id]');
if (place) {
  const path = editor ? JSON.parse(document.getElementById(editor.dataset.stateId).textContent).path : '';
  watchPresence(place.dataset.presenceUrl, path, (words) => (place.textContent = words));
}
if (editor?.dataset.island === 'source') new SourceIsland(editor).start();
const difference = document.querySelector('[data-island="studio-diff"]');
if (difference) {
  const { DifferenceIsland } = await import('./studio/differences.js'); // the viewer comes along only where it is needed
  await new DifferenceIsland(difference).start();
}
const marking = document.querySelector('[data-island="clause-mark"]');
if (marking) new ClauseMark(marking).start();
collectUntranslated();
