// What the server says of the table as it stands: its faults, its answer to the row 试, and what only the whole draft shows.
import { postJson } from '../../net/request.js';
import { Findings } from '../findings.js';
import { triedValue } from './options.js';

const PAUSE = 300; // milliseconds after the last key, until the server is asked

/** Codes that the table's own check tells, with rows and columns. */
const TABLE_CODES = new Set([
  'table_shape', 'hit_policy', 'column_name', 'input_values', 'cell_grammar', 'output_grammar', 'type_mix', 'unknown_value',
  'empty_output', 'overlap', 'gap', 'unreachable', 'table_too_large',
]);

export class Asking {
  /** `read()` gives the file, `table()` the table, `show()` draws anew. */
  constructor({ urls, path }, { read, table, show }) {
    Object.assign(this, { url: urls.try, path, read, table, show, tried: {}, findings: [], linted: [], unlisted: {}, answer: null, asked: 0 });
    this.linter = new Findings({ url: urls.lint, path, read: async () => read(), show: (found) => this.#linted(found) });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  /** After a change: the whole draft is asked as well. */
  changed() {
    this.soon();
    this.linter.soon();
  }

  /** The last question counts. */
  async ask() {
    clearTimeout(this.timer);
    const number = this.asked += 1;
    const inputs = Object.fromEntries(this.table().inputs.map(({ name, type }) => [name, triedValue(this.tried[name], type)]));
    const { status, body } = await postJson(this.url, { path: this.path, content: this.read(), inputs });
    if (status !== 200 || number !== this.asked) return;
    Object.assign(this, { findings: body.findings, answer: body.answer, unlisted: body.unlisted });
    this.show();
  }

  /** What would be wrong with one cell of this table that is still being written: a message, or null. */
  async cell(content, ruleId, column) {
    const { status, body } = await postJson(this.url, { path: this.path, content });
    if (status !== 200) return null;
    return body.findings.find((each) => each.rule === ruleId && each.column === column)?.message ?? null;
  }

  #linted(found) {
    this.linted = found.filter(({ code, element }) => !TABLE_CODES.has(code) && (!element || this.table().rules.some(({ id }) => id === element)));
    this.show();
  }

  /** The same as literals, by input: options of the declaration that no row answers. */
  missing({ name }) {
    return (this.unlisted[name] ?? []).map((value) => `"${value}"`);
  }

  /** Everything that is wrong, the table's own faults first. */
  get told() {
    return [...this.findings, ...this.linted.map((each) => ({ ...each, rule: each.element }))];
  }
}
