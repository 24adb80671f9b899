// Entry of the studio's form editor: `<div data-island="studio-form" data-state-id="…">`. Built apart (build.mjs).
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor-base.css';
import '@bpmn-io/form-js-editor/dist/assets/dragula.css';
import './styles/form.css';
import './styles/formstudio.css';
import { speakChinese } from './form/calendar.js';
import { collectUntranslated } from './page/untranslated.js';
import { FormIsland } from './studio/form/island.js';

speakChinese();
for (const element of document.querySelectorAll('[data-island="studio-form"]')) new FormIsland(element).start();
collectUntranslated();
