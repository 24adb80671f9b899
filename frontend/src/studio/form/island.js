// A draft's form in the browser: the canvas, the properties of what is selected, the preview, what the server finds.
import { FormEditor } from '@bpmn-io/form-js-editor';
import { createElement, render } from 'preact';
import { postJson } from '../../net/request.js';
import { islandReady } from '../../page/islands.js';
import { addShortcuts } from '../../page/shortcuts.js';
import { cannotShow, keepFile, writing } from '../keeping.js';
import { formatForm, inOrder } from './format.js';
import { layout } from './layout.js';
import { paletteModule } from './palette.js';
import { Panel } from './panel/panel.jsx';
import { Preview } from './preview.js';

const TYPED = 'input:not([type=checkbox], [type=radio]), textarea'; // what is told late; a tick told twice is none
const PAUSE = 500; // milliseconds after the last change, until the server is asked

export class FormIsland {
  constructor(element) {
    this.element = element;
    this.given = JSON.parse(document.getElementById(element.dataset.stateId).textContent);
    this.kinds = (this.given.vocabulary?.organisation_kinds ?? []).map(({ code, label }) => [code, label]);
  }

  async start() {
    const { urls, readonly } = this.given;
    this.places = layout(this.element, this);
    this.editor = new FormEditor({
      container: this.places.canvas,
      additionalModules: [paletteModule],
      propertiesPanel: { parent: this.places.panel },
      exporter: { name: 'form-js', version: '1.23.0' },
    });
    try {
      await this.#import(this.given.content);
    } catch {
      cannotShow(this.element, '此表单不是有效的 JSON，或含有不能显示的组件。');
      return;
    }
    this.preview = new Preview(this.places, urls, () => this.content());
    this.file = keepFile(this.given, {
      read: async () => this.content(),
      use: (content) => this.#import(content).then(() => this.ask()),
      show: (content, place) => this.preview.showTheirs(content, place),
      state: this.places.state,
    });
    this.element.classList.toggle('is-readonly', readonly);
    this.#watch();
    await this.ask();
    islandReady(this.element);
  }

  async #import(content) {
    this.loading = true;
    this.before = JSON.parse(content);
    await this.editor.importSchema(structuredClone(this.before));
    this.loading = false;
    this.draw();
  }

  /** The file as it stands, with what is still being typed in the panel. */
  content() {
    const typed = document.activeElement;
    if (this.places.panel.contains(typed) && typed.matches(TYPED)) typed.dispatchEvent(new Event('change', { bubbles: true }));
    return formatForm(inOrder(this.editor.getSchema(), this.before));
  }

  get service() {
    return (name) => this.editor.get(name);
  }

  get selected() {
    return this.service('selection').get() ?? null;
  }

  #watch() {
    // Enter in the palette adds a component and puts the focus on it; its own key press would let it go again
    this.places.canvas.addEventListener('keydown', (event) => event.key === 'Enter' && event.target.closest('.fjs-palette-field') && event.preventDefault(), true);
    this.editor.on('selection.changed', () => this.draw());
    this.editor.on('commandStack.changed', () => {
      if (this.loading) return;
      this.draw();
      this.file.changed();
      this.soon();
    });
    if (this.given.readonly) this.places.canvas.addEventListener('mousedown', (event) => event.stopPropagation(), true); // no dragging
    const free = () => !this.preview.open && !writing();
    addShortcuts('表单', [
      { keys: ['Ctrl+z'], words: '撤销', run: () => this.undo(), when: free },
      { keys: ['Ctrl+y'], words: '重做', run: () => this.redo(), when: free },
      { keys: ['F2'], words: '转到选中组件的属性', run: () => this.places.panel.querySelector('input, select, textarea')?.focus(), when: () => !this.preview.open },
      { keys: ['Alt+ArrowUp'], words: '选中的组件上移', run: () => this.move(-1), when: free },
      { keys: ['Alt+ArrowDown'], words: '选中的组件下移', run: () => this.move(1), when: free },
      { keys: ['Ctrl+Delete'], words: '删除选中的组件', run: () => this.remove(), when: free },
    ]);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  /** What is wrong with the schema, and what it makes of the sample; the last question counts. */
  async ask() {
    const number = this.asked = (this.asked ?? 0) + 1;
    const { status, body } = await postJson(this.given.urls.check, { path: this.given.path, content: this.content() });
    if (status !== 200 || number !== this.asked) return;
    this.answer = body;
    this.draw();
  }

  draw() {
    if (this.loading) return;
    const { schema } = this.editor._getState();
    const field = this.selected;
    render(createElement(Panel, {
      field,
      schema,
      table: this.#tableAround(field),
      kinds: this.kinds,
      fields: topFields(schema.components),
      answer: this.answer,
      readonly: this.given.readonly,
      edit: (properties) => this.edit(field ?? schema, properties),
      remove: () => this.remove(),
      move: (step) => this.move(step),
    }), this.places.panel);
    this.places.showFindings(this.answer?.findings ?? [], (name) => this.select(name));
    this.places.setSteps(this.service('commandStack').canUndo(), this.service('commandStack').canRedo());
  }

  edit(field, properties) {
    if (Object.keys(properties).length && !this.given.readonly) this.service('modeling').editFormField(field, properties);
  }

  #tableAround(field) {
    let around = field && this.service('formFieldRegistry').get(field._parent);
    while (around && around.type !== 'dynamiclist') around = this.service('formFieldRegistry').get(around._parent);
    return around || null;
  }

  /** By key, path or id, as findings name a component. */
  select(name) {
    const found = this.service('formFieldRegistry').getAll().find((each) => [each.key, each.path, each.id].includes(name));
    if (found) this.service('selection').set(found);
  }

  remove() {
    const field = this.selected;
    if (!field || field.type === 'default' || this.given.readonly) return;
    const parent = this.service('formFieldRegistry').get(field._parent);
    this.service('modeling').removeFormField(field, parent, parent.components.indexOf(field));
  }

  /** One place up or down, into a section beside it and out of its own: what dragging does, by key. */
  move(step) {
    const field = this.selected;
    if (!field || field.type === 'default' || this.given.readonly) return;
    const registry = this.service('formFieldRegistry');
    const parent = registry.get(field._parent);
    const from = parent.components.indexOf(field);
    const place = placeBeside(field, parent, registry.get(parent._parent), from + step, step);
    if (!place) return;
    const row = place.target === parent && this.service('formLayouter').getRowForField(field);
    this.service('modeling').moveFormField(field, parent, place.target, from, place.index, row, row?.components?.length > 1 ? null : row);
    this.service('selection').set(field);
  }

  undo() {
    if (!this.given.readonly) this.service('editorActions').trigger('undo');
  }

  redo() {
    if (!this.given.readonly) this.service('editorActions').trigger('redo');
  }
}

/** Fields and tables that are not columns: what conditions, decisions and diagrams can name. */
function topFields(components = []) {
  return components.flatMap((each) => (each.type === 'group' ? topFields(each.components) : each.key || each.path ? [each] : []));
}

/** {target, index}: the neighbour's place, the section that stands there, or beyond one's own section; null at the ends. */
function placeBeside(field, parent, around, to, step) {
  const neighbour = parent.components[to];
  if (neighbour?.type === 'group' && field.type !== 'group') return { target: neighbour, index: step > 0 ? 0 : neighbour.components.length };
  if (neighbour) return { target: parent, index: step > 0 ? to + 1 : to };
  if (parent.type !== 'group' || !around) return null;
  return { target: around, index: around.components.indexOf(parent) + (step > 0 ? 1 : 0) };
}
