// What is wrong with one value: the one place that knows, for the viewer and for the tests without a browser.
import { evaluate, unaryTest } from '@bpmn-io/feelin';
import { identityProblems } from './identity.js';
import { monthProblem, periodProblem } from './months.js';
import { rankProblem } from './rank.js';

const VERBS = {
  select: '请选择',
  radio: '请选择',
  checklist: '请选择',
  taglist: '请选择',
  organisation: '请选择',
  evidence: '请上传',
  checkbox: '请确认',
};

/** What a person reads where a field was left empty: the schema's own sentence or a plain one. */
export const missingWords = (field) => field.requiredMessage || `${VERBS[field.type] ?? '请填写'}“${field.label}”。`;

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

const isExpression = (value) => typeof value === 'string' && value.startsWith('=');

/** A FEEL expression's value in `scope`; anything that is no expression as it is; null when it cannot be computed. */
export function compute(value, scope) {
  if (!isExpression(value)) return value;
  try {
    return evaluate(value.slice(1), scope).value;
  } catch {
    return null;
  }
}

/** True when `conditional.hide` says so; a condition that cannot be computed hides nothing. */
export function isHidden(field, scope) {
  const condition = field.conditional?.hide;
  if (!isExpression(condition)) return false;
  try {
    return unaryTest(condition.slice(1), scope).value === true;
  } catch {
    return false;
  }
}

export const isEmpty = (field, value) => value === undefined || value === null
  || (typeof value === 'string' && !value.trim())
  || (typeof value === 'object' && Object.keys(value).length === 0)
  || (field.type === 'checkbox' && value === false);

function lengthProblems({ label }, { minLength, maxLength }, value) {
  const { length } = String(value).trim();
  if (maxLength != null && length > maxLength) return [`“${label}”不能超过${maxLength}个字，现为${length}个字。`];
  if (minLength != null && length < minLength) return [`“${label}”不能少于${minLength}个字。`];
  return [];
}

function textProblems(field, validate, value) {
  const problems = lengthProblems(field, validate, value);
  if (validate.pattern && !new RegExp(validate.pattern).test(value)) {
    problems.push(validate.patternErrorMessage || `“${field.label}”的格式不正确。`);
  }
  if (validate.validationType === 'email' && !EMAIL.test(value)) problems.push(`“${field.label}”应为电子邮箱地址。`);
  return problems;
}

function numberProblems({ label, decimalDigits }, { min, max }, value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return [`“${label}”应为数字。`];
  const problems = [];
  if (decimalDigits != null && Number(number.toFixed(decimalDigits)) !== number) {
    problems.push(decimalDigits ? `最多填写${decimalDigits}位小数。` : '应为整数。');
  }
  if (min != null && number < Number(min)) problems.push(`“${label}”不能小于${min}。`);
  if (max != null && number > Number(max)) problems.push(`“${label}”不能大于${max}。`);
  return problems;
}

function dateProblems(field, _, value) {
  if (field.subtype && field.subtype !== 'date') return [];
  const date = new Date(`${value}T00:00:00Z`);
  const real = /^(19|2[01])\d\d-\d\d-\d\d$/.test(value) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
  return real ? [] : [`“${field.label}”的格式不正确。`];
}

function optionProblems(field, _, value) {
  const known = new Set((field.values ?? []).map((option) => option.value));
  return [value].flat().every((chosen) => known.has(chosen)) ? [] : ['请从所列选项中选择。'];
}

function checkpointProblems(field, _, answers) {
  const unexplained = (field.points ?? []).filter(
    ({ value }) => answers[value]?.ok === false && !answers[value].note?.trim(),
  );
  return unexplained.map(({ label }) => `审核要点“${label}”不符合，请说明情况。`);
}

/** {point, message} for what the decision asks of check points: all answered (`requires`), none failed (`allOk`). */
export function decidedPointProblems(field, answers, { required, allOk, label: decision }) {
  return (field.points ?? []).flatMap(({ value, label }) => {
    const ok = answers?.[value]?.ok ?? null;
    if (required && ok === null) return [{ point: value, message: `请就审核要点“${label}”填写是否符合。` }];
    const failed = allOk && ok === false;
    return failed ? [{ point: value, message: `审核要点“${label}”不符合，不能作出“${decision}”的决定。` }] : [];
  });
}

const listOf = (problem) => (problem ? [problem] : []);

const CHECKS = {
  textfield: textProblems,
  textarea: textProblems,
  number: numberProblems,
  datetime: dateProblems,
  select: optionProblems,
  radio: optionProblems,
  checklist: optionProblems,
  taglist: optionProblems,
  idcard: (field, _, value, scope) => identityProblems(field, value, scope),
  yearmonth: (field, _, value) => listOf(field.period ? periodProblem(value) : monthProblem(value)),
  rank: (field, _, value) => listOf(rankProblem(value)),
  checkpoints: checkpointProblems,
};

/** Messages for one field's value; `scope` are the values beside it (a row's columns over the form's data). */
export function fieldProblems(field, value, scope, required = field.validate?.required) {
  if (isEmpty(field, value)) return required ? [missingWords(field)] : [];
  return CHECKS[field.type]?.(field, field.validate ?? {}, value, scope) ?? [];
}

/** What a row's expressions see: its own columns, filled in or not, over the form's data. */
export function rowScope(columns, row, data) {
  const blank = Object.fromEntries(columns.filter((column) => column.key).map((column) => [column.key, null]));
  return { ...data, ...blank, ...row };
}

/** column key → messages, for one row of a record table; hidden columns count for nothing. */
export function rowProblems(columns, row, data, today) {
  const scope = rowScope(columns, row, data);
  const found = {};
  for (const column of columns) {
    if (!column.key || isHidden(column, scope)) continue;
    const problems = fieldProblems(column, row[column.key], { ...scope, today });
    if (problems.length) found[column.key] = problems;
  }
  return found;
}

/** Message when a record table has too few or too many rows, or null. */
export function rowCountProblem({ label, minRows = 0, maxRows = Infinity }, rows) {
  if (rows.length < minRows) return `“${label}”至少填写${minRows}行，现有${rows.length}行。`;
  return rows.length > maxRows ? `“${label}”最多填写${maxRows}行，现有${rows.length}行。` : null;
}
