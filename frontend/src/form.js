// Entry of pages with a form: draws every `<div data-island="form">`.
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/esm/l10n/zh.js';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import './styles/form.css';
import './styles/records.css';
import { FormIsland } from './form/island.js';
import { keepTyped } from './form/typed.js';
import { collectUntranslated } from './page/untranslated.js';

const SPOKEN = { monthAriaLabel: '月', yearAriaLabel: '年', hourAriaLabel: '时', minuteAriaLabel: '分' };
flatpickr.localize({ ...Mandarin, ...SPOKEN, firstDayOfWeek: 1 });

keepTyped(document);
for (const element of document.querySelectorAll('[data-island="form"]')) {
  new FormIsland(element).start();
}
collectUntranslated();
