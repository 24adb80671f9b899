// A draft's decision table in the browser: grid, try-it row, what the server finds, saving.
import { render } from 'preact';
import { getJson, postJson } from '../../net/request.js';
import { islandReady } from '../../page/islands.js';
import { addShortcuts } from '../../page/shortcuts.js';
import { Findings as Linter } from '../findings.js';
import { keepFile } from '../keeping.js';
import { Steps } from '../steps.js';
import { asLiteral } from './cells.js';
import { Editor } from './editor.jsx';
import { readTable, writeTable } from './file.js';
import { columnsOf, textAt } from './grid.jsx';
import { addColumn, addRule, moveColumn, moveRule, removeColumn, removeRule, setCell, setColumn, setNote, setTable } from './model.js';
import { addOptions, optionsOf, triedValue } from './options.js';

const PAUSE = 300; // milliseconds after the last key, until the server is asked

export class DecisionIsland {
  constructor(element) {
    this.element = element;
    this.given = JSON.parse(document.getElementById(element.dataset.stateId).textContent);
    Object.assign(this, { xml: this.given.content, choices: {}, tried: {}, findings: [], linted: [], answer: null, at: [0, 0], editing: null, dialog: null });
  }

  async start() {
    const table = readTable(this.xml);
    if (!table) {
      this.element.replaceChildren('此文件不是可以逐行编辑的决策表，请改用源码编辑。');
      return;
    }
    this.steps = new Steps(table);
    this.place = this.element.appendChild(document.createElement('div'));
    this.draw();
    const { urls } = this.given;
    this.file = keepFile(this.given, {
      read: async () => writeTable(this.xml, this.table),
      use: (content) => this.use(content),
      show: (content, place) => this.#showTheirs(content, place),
      state: this.element.querySelector('.decision-state'),
      presence: this.element.querySelector('.decision-presence'),
    });
    this.linter = new Linter({ url: urls.lint, path: this.given.path, read: async () => writeTable(this.xml, this.table), show: (found) => this.#linted(found) });
    this.#keys();
    const { body } = await getJson(urls.choices);
    this.choices = body.choices ?? {};
    this.tried = Object.fromEntries(table.inputs.map((column) => [column.name, optionsOf(column, this.choices)[0] ?? (column.type === 'string' ? '' : '0')]));
    await this.ask();
    this.linter.ask();
    islandReady(this.element);
  }

  get table() {
    return this.steps.state;
  }

  /** Never from within itself: a box that is taken away says so while the others are still being drawn. */
  draw() {
    if (this.drawing) {
      this.drawAgain = true;
      return;
    }
    this.drawing = true;
    do {
      this.drawAgain = false;
      render(<Editor island={this} />, this.place);
    } while (this.drawAgain);
    this.drawing = false;
  }

  /** `spot` as in Steps. */
  change(table, spot) {
    if (table === this.table) return;
    this.steps.add(table, spot);
    this.#changed();
  }

  #changed() {
    this.at = [Math.min(this.at[0], Math.max(0, this.table.rules.length - 1)), Math.min(this.at[1], columnsOf(this.table).length - 1)];
    this.draw();
    this.file.changed();
    this.soon();
    this.linter.soon();
  }

  use(content) {
    const table = readTable(content);
    if (!table) return;
    this.xml = content;
    this.steps = new Steps(table);
    this.editing = null;
    this.draw();
    this.ask();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  /** What is wrong, and what the table answers to the row above; the last question counts. */
  async ask() {
    clearTimeout(this.timer);
    const number = this.asked = (this.asked ?? 0) + 1;
    const inputs = Object.fromEntries(this.table.inputs.map(({ name, type }) => [name, triedValue(this.tried[name], type)]));
    const { status, body } = await postJson(this.given.urls.try, { path: this.given.path, content: writeTable(this.xml, this.table), inputs });
    if (status !== 200 || number !== this.asked) return;
    Object.assign(this, { findings: body.findings, answer: body.answer });
    this.draw();
  }

  /** What only the whole draft shows; the table's own faults are already told, with their rows. */
  #linted(found) {
    this.linted = found;
    this.draw();
  }

  get told() {
    const own = new Set(this.findings.map(({ code, message }) => `${code} ${message}`));
    const more = this.linted.filter(({ code, message }) => !own.has(`${code} ${message}`) && !this.findings.some((each) => each.code === code));
    const gone = (each) => each.element && !this.table.rules.some(({ id }) => id === each.element) && each.element !== this.table.id;
    return [...this.findings, ...more.filter((each) => !TABLE_CODES.has(each.code) && !gone(each)).map((each) => ({ ...each, rule: each.element }))];
  }

  #showTheirs(content, place) {
    const table = readTable(content);
    render(table ? <Editor island={{ ...quiet(this), table }} preview /> : <p>对方版本不是可以逐行显示的决策表。</p>, place);
  }

  #keys() {
    const free = () => !this.editing && !this.given.readonly;
    const keys = [
      [['Ctrl+z'], '撤销', () => this.undo()], [['Ctrl+y'], '重做', () => this.redo()],
      [['Ctrl+Enter'], '在下方加一行', () => this.insert(1)], [['Ctrl+d'], '复制本行', () => this.insert(1, this.table.rules[this.at[0]])],
      [['Alt+ArrowUp'], '本行上移', () => this.move(-1)], [['Alt+ArrowDown'], '本行下移', () => this.move(1)],
      [['Ctrl+Delete'], '删除本行', () => this.remove()],
    ];
    addShortcuts('决策表', keys.map(([names, words, run]) => ({ keys: names, words, run, when: free })));
  }

  undo() {
    this.steps.undo();
    this.#changed();
  }

  redo() {
    this.steps.redo();
    this.#changed();
  }

  insert(below, like) {
    const at = this.table.rules.length ? this.at[0] + below : 0;
    this.change(addRule(this.table, at, { like }));
    this.focus(at, like ? this.at[1] : 0);
  }

  /** The row that closes a gap goes to the end of the table, or under FIRST before what would swallow it. */
  addRow(conditions) {
    const at = this.table.policy === 'FIRST' ? 0 : this.table.rules.length;
    this.change(addRule(this.table, at, { conditions: conditions.map((text) => (text === '-' ? '' : text)) }));
    this.focus(at, this.table.inputs.length);
  }

  remove() {
    this.change(removeRule(this.table, this.at[0]));
    this.focus(...this.at);
  }

  move(step) {
    const to = this.at[0] + step;
    if (to < 0 || to >= this.table.rules.length) return;
    this.change(moveRule(this.table, this.at[0], to));
    this.focus(to, this.at[1]);
  }

  setPolicy(policy) {
    this.change(setTable(this.table, { policy }));
  }

  rename(name) {
    this.change(setTable(this.table, { name }), 'name');
  }

  addOptions(column, missing) {
    const at = this.table.inputs.findIndex(({ id }) => id === column.id);
    this.change(setColumn(this.table, 'inputs', at, { values: addOptions(column, missing) }));
  }

  openColumn(side, at) {
    this.dialog = { side, at, column: at === null ? {} : this.table[side][at] };
    this.draw();
  }

  closeColumn() {
    this.dialog = null;
    this.draw();
  }

  saveColumn(part) {
    const { side, at } = this.dialog;
    this.change(at === null ? addColumn(this.table, side, this.table[side].length, part) : setColumn(this.table, side, at, part));
  }

  moveColumn(step) {
    const { side, at } = this.dialog;
    this.change(moveColumn(this.table, side, at, at + step));
  }

  removeColumn() {
    const { side, at } = this.dialog;
    this.change(removeColumn(this.table, side, at));
  }

  /** Puts the focus on a cell, as near as there is one. */
  focus(row, at) {
    const rows = this.table.rules.length;
    if (!rows) return;
    this.at = [Math.max(0, Math.min(row, rows - 1)), Math.max(0, Math.min(at, columnsOf(this.table).length - 1))];
    this.editing = null;
    this.draw();
    const cell = this.element.querySelector(`td[data-row="${this.at[0]}"][data-at="${this.at[1]}"]`);
    cell?.focus();
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  goTo(row, column) {
    const at = columnsOf(this.table).findIndex((place) => place.column.name === column);
    this.focus(row, at < 0 ? 0 : at);
  }

  edit(row, at, begin) {
    Object.assign(this, { at: [row, at], editing: { row, at, begin } });
    this.draw();
  }

  cancel() {
    this.focus(...this.at);
  }

  /** The cell as written; `move` goes on to the neighbour, as in a spreadsheet. */
  write(row, at, text, move) {
    const place = columnsOf(this.table)[at];
    const wasEditing = this.editing;
    this.editing = null;
    this.change(place.side === 'note' ? setNote(this.table, row, text) : setCell(this.table, row, place.side, place.at, text));
    this.draw();
    const [down, right] = { down: [1, 0], left: [0, -1], right: [0, 1] }[move] ?? [0, 0];
    if (move || !wasEditing) this.focus(row + down, at + right);
  }

  tryWith(name, value) {
    this.tried = { ...this.tried, [name]: value };
    this.draw();
    this.soon();
  }

  tryExample(example) {
    this.tried = Object.fromEntries(this.table.inputs.map((column, at) => {
      const literal = asLiteral(example[at]);
      return [column.name, optionsOf(column, this.choices).length ? literal : String(example[at] ?? '')];
    }));
    this.ask();
    this.element.querySelector('.decision-scroll').scrollTo({ top: 0, left: 0 });
  }

  copy(event) {
    if (this.editing || !event.target.matches('td')) return;
    event.clipboardData.setData('text/plain', textAt(this.table, this.at[0], columnsOf(this.table)[this.at[1]]));
    event.preventDefault();
  }

  /** Several lines and tabs fill the cells below and beside, as they come from a spreadsheet. */
  paste(event) {
    if (this.editing || this.given.readonly || !event.target.matches('td')) return;
    event.preventDefault();
    const columns = columnsOf(this.table);
    const lines = event.clipboardData.getData('text/plain').replace(/\r?\n$/, '').split(/\r?\n/);
    let table = this.table;
    lines.forEach((line, down) => line.split('\t').forEach((text, right) => {
      const [row, place] = [this.at[0] + down, columns[this.at[1] + right]];
      if (!place) return;
      while (row >= table.rules.length) table = addRule(table, table.rules.length);
      table = place.side === 'note' ? setNote(table, row, text.trim()) : setCell(table, row, place.side, place.at, text.trim());
    }));
    this.change(table);
  }
}

/** Codes that the table's own check tells, with rows and columns. */
const TABLE_CODES = new Set([
  'table_shape', 'hit_policy', 'column_name', 'input_values', 'cell_grammar', 'output_grammar', 'type_mix', 'unknown_value',
  'empty_output', 'overlap', 'gap', 'unreachable', 'table_too_large',
]);

const quiet = (island) => ({
  given: { ...island.given, readonly: true }, choices: island.choices, tried: {}, told: [], answer: null, at: [-1, -1], editing: null, dialog: null,
});
