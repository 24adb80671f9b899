// A whole form judged without a browser: hidden parts dropped, expressions computed, every value checked.
// The server does the same from the same schema; tests/forms/cases holds both to it.
import {
  compute, decidedPointProblems, fieldProblems, isEmpty, isHidden, rowCountProblem, rowProblems, rowScope,
} from './check.js';

const ROUNDS = 8; // conditions that depend on hidden fields settle sooner than this
const NO_DECISION = { requires: [], allOk: [] };

const keyOf = (component) => component.path ?? component.key;

/** Every field and table with itself and the groups around it, any of which may hide it. */
function itemsOf(components, around = []) {
  return (components ?? []).flatMap((component) => {
    const within = [...around, component];
    if (component.type === 'group') return itemsOf(component.components, within);
    return keyOf(component) ? [{ component, within }] : [];
  });
}

/** Keys of hidden items; a hidden item's value counts as empty for the conditions of others. */
function hiddenKeys(items, data) {
  let hidden = new Set();
  for (let round = 0; round < ROUNDS; round += 1) {
    const seen = Object.fromEntries(Object.entries(data).filter(([key]) => !hidden.has(key)));
    const found = items.filter(({ within }) => within.some((component) => isHidden(component, seen)))
      .map(({ component }) => keyOf(component));
    if (found.length === hidden.size && found.every((key) => hidden.has(key))) break;
    hidden = new Set(found);
  }
  return hidden;
}

const trimmed = (value) => (typeof value === 'string' ? value.trim() : value);

/** Whether a value is worth keeping: nothing empty is, but an optional box that was not ticked says no. */
const stays = (field, value) => !isEmpty(field, value)
  || (field.type === 'checkbox' && value === false && !field.validate?.required);

function takeRow(columns, row, data) {
  const scope = rowScope(columns, row, data);
  const kept = row._id ? { _id: row._id } : {};
  for (const column of columns) {
    if (!column.key || isHidden(column, scope)) continue;
    if (column.type === 'expression') kept[column.key] = compute(column.expression, scope);
    else if (stays(column, row[column.key])) kept[column.key] = trimmed(row[column.key]);
  }
  return kept;
}

function judgeTable(table, data, { requires }, today, result) {
  const key = keyOf(table);
  const rows = data[key] ?? [];
  const minRows = Math.max(table.minRows ?? 0, requires.includes(key) ? 1 : 0);
  const count = rowCountProblem({ ...table, minRows }, rows);
  if (count) result.errors[key] = [count];
  rows.forEach((row, index) => {
    for (const [column, problems] of Object.entries(rowProblems(table.components, row, data, today))) {
      result.errors[`${key}.${index}.${column}`] = problems;
    }
  });
  result.values[key] = rows.map((row) => takeRow(table.components, row, data));
}

function judgeField(field, data, { requires, allOk, label }, today, result) {
  const { key } = field;
  const required = requires.includes(key);
  const points = field.type === 'checkpoints';
  const own = fieldProblems(field, data[key], { ...data, today }, field.validate?.required || (required && !points));
  if (own.length) result.errors[key] = own;
  const decided = points ? decidedPointProblems(field, data[key], { required, allOk: allOk.includes(key), label }) : [];
  for (const { point, message } of decided) result.errors[`${key}.${point}`] = [message];
  if (stays(field, data[key])) result.values[key] = trimmed(data[key]);
}

/**
 * {valid, values, errors} of a schema filled with `values`; errors by path (`achievements.2.evidence`, rows counted
 * from 0; `checks.point`). `today` (YYYY-MM-DD) judges birth dates.
 */
export function evaluateForm(schema, values, today) {
  const data = structuredClone(values);
  const items = itemsOf(schema.components);
  const hidden = hiddenKeys(items, data);
  const shown = items.map(({ component }) => component).filter((component) => !hidden.has(keyOf(component)));
  const decision = shown.find(({ key }) => key === 'decision');
  const option = { ...NO_DECISION, ...decision?.values?.find(({ value }) => value === data.decision) };
  const result = { values: {}, errors: {} };
  for (const component of shown) {
    if (component.type === 'dynamiclist') judgeTable(component, data, option, today, result);
    else if (component.type !== 'expression') judgeField(component, data, option, today, result);
  }
  for (const { key, type, expression } of shown) {
    if (type === 'expression') result.values[key] = compute(expression, { ...data, ...result.values });
  }
  return { valid: Object.keys(result.errors).length === 0, ...result };
}
