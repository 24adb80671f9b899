// The viewer's validator, replaced by our own rules, plus what the decision and the server's answer add to them.
import { decidedPointProblems, fieldProblems, missingWords, rowCountProblem, rowProblems } from './rules/check.js';

const valueAt = (data, path) => path.split('.').reduce((value, key) => value?.[key], data);

/** Messages of the server by path; each is shown until the value it speaks of is changed. */
export class Answers {
  constructor() {
    this.byPath = new Map();
  }

  clear() {
    this.byPath.clear();
  }

  add(problems, data) {
    for (const { field, message } of problems) {
      if (!field) continue;
      const answer = this.byPath.get(field) ?? { value: JSON.stringify(valueAt(data, field)), messages: [] };
      answer.messages.push(message);
      this.byPath.set(field, answer);
    }
  }

  messages(path, value) {
    const answer = this.byPath.get(path);
    return answer && answer.value === JSON.stringify(value) ? answer.messages : [];
  }
}

/** column key → messages of one row, our rules and the server's answer together. */
export function rowFaults(field, row, index, { data, answers, today }) {
  const found = rowProblems(field.columns, row, data, today);
  for (const { key } of field.columns) {
    const told = answers.messages(`${field.key}.${index}.${key}`, row[key]);
    if (told.length) found[key] = [...new Set([...(found[key] ?? []), ...told])];
  }
  return found;
}

/** The table's own limits, and at least one row where the decision asks for the table. */
function countProblem(field, rows, { requires }) {
  return rowCountProblem({ ...field, minRows: Math.max(field.minRows ?? 0, requires.includes(field.key) ? 1 : 0) }, rows);
}

export class Validator {
  static $inject = ['form', 'formFieldRegistry', 'island'];

  constructor(form, registry, island) {
    this.form = form;
    this.registry = registry;
    this.island = island;
  }

  validateFieldInstance(instance, value) {
    const field = this.registry.get(instance.id);
    if (!field?.key) return [];
    const data = this.form._getState().data ?? {};
    const own = field.type === 'records'
      ? this.#tableProblems(field, value ?? [], data)
      : this.#own(field, value, data, instance);
    return [...new Set([...own, ...this.#told(field, value)])];
  }

  #told(field, value) {
    const { answers } = this.island;
    const points = (field.points ?? []).flatMap(
      ({ value: point }) => answers.messages(`${field.key}.${point}`, value?.[point]),
    );
    return [...answers.messages(field.key, value), ...points];
  }

  #own(field, value, data, { expressionContextInfo: { this: row, parent, i } = {} }) {
    const { requires, allOk, label } = this.island.option;
    const required = requires.includes(field.key);
    const scope = { ...data, this: row, parent, i, today: this.island.today };
    if (field.type !== 'checkpoints') return fieldProblems(field, value, scope, field.validate?.required || required);
    const decided = decidedPointProblems(field, value, { required, allOk: allOk.includes(field.key), label });
    return [...fieldProblems(field, value, scope), ...decided.map(({ message }) => message)];
  }

  #tableProblems(field, rows, data) {
    const context = { ...this.island, data };
    const bad = rows.filter((row, index) => Object.keys(rowFaults(field, row, index, context)).length).length;
    const count = countProblem(field, rows, this.island.option);
    return [...(count ? [count] : []), ...(bad ? [SOME_ROWS(bad)] : [])];
  }
}

const SOME_ROWS = (count) => `${count} 行有缺项或错误。`;
export const isRowSummary = (message) => /^\d+ 行有缺项或错误。$/.test(message);

const NO_EVIDENCE = (section, row) => `“${section}”第${row}行尚未上传佐证材料，请上传后再提交。涉密内容请先脱密处理。`;

/** Some sentences name their field or stand by themselves, others do not; in a list every one must be understood. */
const named = ({ label, requiredMessage }, message) => (
  message === requiredMessage || message.includes('“') ? message : `“${label}”：${message}`
);

function rowWords(field, index, column, message) {
  if (column.type === 'evidence' && message === missingWords(column)) return NO_EVIDENCE(field.label, index + 1);
  const place = `“${field.label}”第${index + 1}行`;
  return message.includes('“') ? `${place}：${message}` : `${place}“${column.label}”：${message}`;
}

function tableProblemList(field, rows, { option, ...context }) {
  const count = countProblem(field, rows, option);
  const list = count ? [{ field: field.key, message: count }] : [];
  rows.forEach((row, index) => {
    for (const [key, [message]] of Object.entries(rowFaults(field, row, index, context))) {
      const column = field.columns.find((c) => c.key === key);
      list.push({ field: `${field.key}.${index}.${key}`, message: rowWords(field, index, column, message) });
    }
  });
  return list;
}

/** The form's present faults as problems {field, message}, in the order of the form. */
export function currentProblems(form) {
  const registry = form.get('formFieldRegistry');
  const validator = form.get('validator');
  const { data } = form._getState();
  const island = form.get('island');
  return form.get('formFieldInstanceRegistry').getAllKeyed().flatMap((instance) => {
    const field = registry.get(instance.id);
    const value = instance.valuePath.reduce((v, key) => v?.[key], data);
    if (field.type === 'records') return tableProblemList(field, value ?? [], { ...island, data });
    return validator.validateFieldInstance(instance, value)
      .map((message) => ({ field: field.key, message: named(field, message) }));
  });
}

/** Faults already shown are judged again after a change elsewhere (the kind of document decides about the number). */
export function keepErrorsCurrent(form) {
  let waiting = 0;
  form.on('field.updated', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const { errors, data } = form._getState();
      const next = { ...errors };
      for (const instance of form.get('formFieldInstanceRegistry').getAllKeyed()) {
        if (!Array.isArray(errors[instance.id])) continue;
        const value = instance.valuePath.reduce((v, key) => v?.[key], data);
        next[instance.id] = form.get('validator').validateFieldInstance(instance, value);
      }
      if (JSON.stringify(next) !== JSON.stringify(errors)) form._setState({ errors: next });
    }, 50);
  });
}

