// The side panel in which one row is filled in: a small form of its own over the columns, so that typing
// never touches the big form and 取消 costs nothing.
import { Form } from '@bpmn-io/form-js-viewer';
import { newId } from '../../net/request.js';
import { ask } from '../../page/dialogs.js';
import { currentProblems } from '../validation.js';
import { TYPING_DELAY, settle } from '../settle.js';
import { offerSuggestions } from '../suggestions.js';

const EMPTY = { evidence: [], checklist: [], taglist: [], number: null, checkbox: false };

const emptyRow = (columns) => Object.fromEntries(columns.filter((c) => c.key).map((c) => [c.key, EMPTY[c.type] ?? null]));

const kept = (row) => Object.fromEntries(Object.entries(row).filter(([key]) => key.startsWith('_')));

function build(title, { adding, readonly }) {
  const dialog = document.createElement('dialog');
  dialog.className = 'record-panel';
  dialog.setAttribute('aria-labelledby', 'record-panel-title');
  dialog.innerHTML = `
    <div class="record-panel-head"><h2 id="record-panel-title"></h2>
      <button type="button" class="btn-close" data-do="cancel" aria-label="关闭"></button></div>
    <div class="record-panel-body"></div>
    <div class="record-panel-foot">
      <button type="button" class="btn" data-do="cancel">${readonly ? '关闭' : '取消'}</button>
      <button type="button" class="btn" data-do="another" ${adding ? '' : 'hidden'}>保存并再加一行</button>
      <button type="button" class="btn btn-primary" data-do="save" ${readonly ? 'hidden' : ''}>保存本行</button>
    </div>`;
  dialog.querySelector('h2').textContent = title;
  return dialog;
}

/** In a text box Enter saves the row; buttons, long texts and open lists keep their own Enter. */
const savesOnEnter = (event) => event.key === 'Enter' && !event.isComposing && !event.defaultPrevented
  && event.target.matches('input:not([type=checkbox], [type=radio], [role=combobox])') && !event.target.closest('[popover]');

/**
 * Opens the panel. `row` null adds one. `save(row)` is called with the whole row, `again()` after 保存并再加一行.
 * `modules` are the viewer modules of the surrounding form, `suggestions` what its columns with `suggest` offer.
 */
export async function openPanel({ field, row, number, data, readonly, modules, suggestions, save, again, origin }) {
  const adding = !row && !readonly;
  const title = row ? `${field.label}：第 ${number} 行` : `${field.label}：新增一行`;
  const dialog = build(title, { adding, readonly });
  document.body.append(dialog);
  const form = new Form({
    container: dialog.querySelector('.record-panel-body'),
    debounce: TYPING_DELAY,
    additionalModules: modules,
    properties: { readOnly: Boolean(readonly), ariaLabel: title },
  });
  await form.importSchema({ type: 'default', components: field.columns }, { ...data, ...(row ?? emptyRow(field.columns)) });
  await new Promise(requestAnimationFrame); // the boxes are drawn a moment later
  offerSuggestions(form, field.columns, suggestions, dialog);
  const before = JSON.stringify(form._getState().data);
  const mayLeave = async () => readonly || JSON.stringify(form._getState().data) === before
    || ask('本行尚未保存，确定放弃修改？', { yes: '放弃修改', no: '继续填写' });

  const commit = async () => {
    await settle();
    const { data: filled, errors } = form.submit();
    if (Object.keys(errors).length) {
      await new Promise(requestAnimationFrame); // the marks are drawn a moment later
      dialog.querySelector('[aria-invalid=true], [data-invalid=true]')?.focus();
      return false;
    }
    save({ ...(row ? kept(row) : { _id: newId() }), ...filled });
    return true;
  };
  const actions = {
    cancel: async () => (await mayLeave()) && dialog.close(),
    save: async () => (await commit()) && dialog.close(),
    another: async () => {
      if (!(await commit())) return;
      dialog.close();
      again();
    },
  };
  dialog.addEventListener('click', (event) => actions[event.target.closest('[data-do]')?.dataset.do]?.());
  dialog.addEventListener('submit', (event) => event.preventDefault(), true);
  dialog.addEventListener('cancel', (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    actions.cancel();
  });
  dialog.addEventListener('keydown', (event) => {
    if (!savesOnEnter(event) || readonly) return;
    event.preventDefault();
    actions.save();
  });
  dialog.addEventListener('close', () => {
    form.destroy();
    dialog.remove();
    origin?.focus();
  });
  dialog.showModal();
  dialog.querySelector('.record-panel-body :is(input, select, textarea, button)')?.focus();
  if (row && !readonly && currentProblems(form).length) form.validate();
}
