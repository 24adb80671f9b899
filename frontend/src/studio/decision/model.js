// A decision table as plain data, and what a designer may do to it. Every act gives a new table; nothing is changed in place.

export const POLICIES = {
  UNIQUE: '只有一行适用（UNIQUE）',
  FIRST: '取第一个适用的行（FIRST）',
  COLLECT: '取所有适用的行（COLLECT）',
};
export const TYPES = { string: '文字', integer: '整数', double: '数字（可有小数）', boolean: '是否', date: '日期' };

/** An id that no row, column or cell of the table has. */
function fresh(table, kind, count) {
  const used = new Set([...table.inputs, ...table.outputs, ...table.rules].map(({ id }) => id));
  let number = count + 1;
  while (used.has(`${table.id}_${kind}_${number}`)) number += 1;
  return `${table.id}_${kind}_${number}`;
}

const put = (list, at, ...items) => [...list.slice(0, at), ...items, ...list.slice(at)];
const without = (list, at) => list.filter((_, index) => index !== at);
const change = (list, at, part) => list.map((each, index) => (index === at ? { ...each, ...part } : each));
const moved = (list, from, to) => put(without(list, from), to, list[from]);
const sides = (side) => (side === 'inputs' ? 'cells' : 'results');

/** `conditions` are texts of input cells, `like` a rule whose results are taken over. */
export function addRule(table, at, { conditions = [], like, note = '' } = {}) {
  const id = fresh(table, 'rule', table.rules.length);
  const cell = (column, index, text) => ({ id: `${id}_${column.name}_${index}`, text });
  const rule = {
    id,
    note: like?.note ?? note,
    cells: table.inputs.map((column, index) => cell(column, index, conditions[index] ?? like?.cells[index].text ?? '')),
    results: table.outputs.map((column, index) => cell(column, index + table.inputs.length, like?.results[index].text ?? '')),
  };
  return { ...table, rules: put(table.rules, at, rule) };
}

export const removeRule = (table, at) => ({ ...table, rules: without(table.rules, at) });

export const moveRule = (table, from, to) => (
  to < 0 || to >= table.rules.length ? table : { ...table, rules: moved(table.rules, from, to) }
);

/** `side` inputs or outputs; `at` counts within it. */
export function setCell(table, row, side, at, text) {
  const rule = table.rules[row];
  if (rule[sides(side)][at].text === text) return table;
  return { ...table, rules: change(table.rules, row, { [sides(side)]: change(rule[sides(side)], at, { text }) }) };
}

export const setNote = (table, row, note) => ({ ...table, rules: change(table.rules, row, { note }) });

export const setTable = (table, part) => ({ ...table, ...part });

export function addColumn(table, side, at, column) {
  const id = fresh(table, side === 'inputs' ? 'in' : 'out', table[side].length);
  const cells = (rule) => put(rule[sides(side)], at, { id: `${rule.id}_${id}`, text: '' });
  return {
    ...table,
    [side]: put(table[side], at, { values: '', ...column, id }),
    rules: table.rules.map((rule) => ({ ...rule, [sides(side)]: cells(rule) })),
  };
}

export function removeColumn(table, side, at) {
  const rules = table.rules.map((rule) => ({ ...rule, [sides(side)]: without(rule[sides(side)], at) }));
  return { ...table, [side]: without(table[side], at), rules };
}

export function moveColumn(table, side, from, to) {
  if (to < 0 || to >= table[side].length) return table;
  const rules = table.rules.map((rule) => ({ ...rule, [sides(side)]: moved(rule[sides(side)], from, to) }));
  return { ...table, [side]: moved(table[side], from, to), rules };
}

/** A new name of an input is put into the cells that compare with it. */
export function setColumn(table, side, at, part) {
  const before = table[side][at].name;
  const changed = { ...table, [side]: change(table[side], at, part) };
  if (side !== 'inputs' || !part.name || part.name === before) return changed;
  const rename = (cell) => ({ ...cell, text: renamed(cell.text, before, part.name) });
  return {
    ...changed,
    rules: changed.rules.map((rule) => ({ ...rule, cells: rule.cells.map(rename), results: rule.results.map(rename) })),
  };
}

function renamed(text, before, after) {
  return text.split(/("[^"]*")/).map((part) => (
    part.startsWith('"') ? part : part.replace(new RegExp(`(?<![\\w.])${before}(?!\\w)`, 'g'), after)
  )).join('');
}
