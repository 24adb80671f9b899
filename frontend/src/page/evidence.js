// Files of a record open beside the form; the viewer itself is loaded when the first one is asked for.
import { addShortcuts } from './shortcuts.js';

let viewer = null;

async function theViewer() {
  const { Viewer, countUnseen } = await import('../evidence/viewer.js');
  viewer ??= new Viewer();
  return { viewer, countUnseen };
}

export function startEvidence() {
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-evidence]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.closest('dialog')) return;
    event.preventDefault();
    theViewer().then((found) => found.viewer.open(link.dataset.evidence, link));
  });
  const list = document.querySelector('[data-evidence-list]');
  if (!list) return;
  theViewer().then(({ countUnseen }) => countUnseen(list));
  addShortcuts('佐证材料', [
    { keys: ['v'], words: '查看佐证材料，从未看的开始', run: () => theViewer().then((found) => found.viewer.openUnseen()), when: () => !viewer?.isOpen },
  ]);
}
