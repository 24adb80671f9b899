// A draft's decision table in the browser: grid, try-it row, what the server finds, saving.
import { render } from 'preact';
import { getJson } from '../../net/request.js';
import { islandReady } from '../../page/islands.js';
import { addShortcuts } from '../../page/shortcuts.js';
import { cannotShow, keepFile, writing } from '../keeping.js';
import { Steps } from '../steps.js';
import { Asking } from './asking.js';
import { asLiteral } from './cells.js';
import { Editor } from './editor.jsx';
import { readTable, writeTable } from './file.js';
import { columnsOf, textAt } from './grid.jsx';
import { addColumn, addRule, moveColumn, moveRule, removeColumn, removeRule, setCell, setColumn, setNote, setTable } from './model.js';
import { addOptions, optionsOf } from './options.js';

export class DecisionIsland {
  constructor(element) {
    this.element = element;
    this.given = JSON.parse(document.getElementById(element.dataset.stateId).textContent);
    Object.assign(this, { xml: this.given.content, choices: {}, at: [0, 0], editing: null, dialog: null });
  }

  async start() {
    const table = readTable(this.xml);
    if (!table) {
      cannotShow(this.element, '此文件不是可以逐行编辑的决策表：须有且只有一张决策表。');
      return;
    }
    this.steps = new Steps(table);
    this.asking = new Asking(this.given, { read: () => writeTable(this.xml, this.table), table: () => this.table, show: () => this.draw() });
    this.place = this.element.appendChild(document.createElement('div'));
    this.draw();
    this.file = keepFile(this.given, {
      read: async () => writeTable(this.xml, this.table),
      use: (content) => this.use(content),
      show: (content, place) => this.#showTheirs(content, place),
      state: this.element.querySelector('.decision-state'),
    });
    this.#keys();
    const { body } = await getJson(this.given.urls.choices);
    this.choices = body.choices ?? {};
    this.asking.tried = Object.fromEntries(table.inputs.map((column) => [column.name, optionsOf(column, this.choices)[0] ?? (['string', 'date'].includes(column.type) ? '' : '0')]));
    await this.asking.ask();
    this.asking.linter.ask();
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
    try {
      do {
        this.drawAgain = false;
        render(<Editor island={this} />, this.place);
      } while (this.drawAgain);
    } finally {
      this.drawing = false;
    }
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
    this.asking.changed();
  }

  use(content) {
    const table = readTable(content);
    if (!table) return;
    this.xml = content;
    this.steps = new Steps(table);
    this.editing = null;
    this.draw();
    this.asking.ask();
  }

  #showTheirs(content, place) {
    const table = readTable(content);
    render(table ? <Editor island={{ ...quiet(this), table }} preview /> : <p>对方版本不是可以逐行显示的决策表。</p>, place);
  }

  #keys() {
    const free = () => !this.editing && !this.given.readonly && !writing();
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

  /** Whether the server takes what is being written in a cell. */
  probe(row, { side, at, column }, text) {
    const table = setCell(this.table, row, side, at, text);
    return this.asking.cell(writeTable(this.xml, table), table.rules[row].id, column.name);
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
    this.asking.tried[name] = value;
    this.draw();
    this.asking.soon();
  }

  tryExample(example) {
    this.asking.tried = Object.fromEntries(this.table.inputs.map((column, at) => {
      const literal = asLiteral(example[at]);
      return [column.name, optionsOf(column, this.choices).length ? literal : String(example[at] ?? '')];
    }));
    this.asking.ask();
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

const quiet = (island) => ({
  given: { ...island.given, readonly: true }, choices: island.choices, asking: { tried: {}, told: [], answer: null, missing: () => [] }, at: [-1, -1], editing: null, dialog: null,
});
