// Entry of the studio's decision editor: `<div data-island="studio-decision" data-state-id="…">`.
import './styles/decision.css';
import { collectUntranslated } from './page/untranslated.js';
import { DecisionIsland } from './studio/decision/island.jsx';

for (const element of document.querySelectorAll('[data-island="studio-decision"]')) new DecisionIsland(element).start();
collectUntranslated();
