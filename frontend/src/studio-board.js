// Entry of the studio's diagram editor: `<div data-island="studio-board" data-state-id="…">`.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import './styles/board.css';
import { collectUntranslated } from './page/untranslated.js';
import { BoardIsland } from './studio/board/island.js';

for (const element of document.querySelectorAll('[data-island="studio-board"]')) {
  new BoardIsland(element).start();
}
collectUntranslated();
