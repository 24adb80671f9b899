// Entry of pages with a form: draws every `<div data-island="form">`.
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import './styles/form.css';
import './styles/records.css';
import { speakChinese } from './form/calendar.js';
import { FormIsland } from './form/island.js';
import { keepTyped } from './form/typed.js';
import { collectUntranslated } from './page/untranslated.js';

speakChinese();
keepTyped(document);
for (const element of document.querySelectorAll('[data-island="form"]')) {
  new FormIsland(element).start();
}
collectUntranslated();
