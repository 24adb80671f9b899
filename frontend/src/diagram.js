// Entry of pages with a process diagram: draws every `<div data-island="diagram">`.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './styles/diagram.css';
import { DiagramIsland } from './diagram/island.js';
import { collectUntranslated } from './page/untranslated.js';

for (const element of document.querySelectorAll('[data-island="diagram"]')) {
  new DiagramIsland(element).start();
}
collectUntranslated();
