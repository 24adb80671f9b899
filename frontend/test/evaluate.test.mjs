import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateForm } from '../src/form/rules/evaluate.js';

const text = (key, label, rest = {}) => ({ type: 'textfield', key, label, ...rest });
const form = (...components) => ({ components });

test('a hidden field is neither asked for nor kept', () => {
  const schema = form(
    text('category', '类别'),
    text('unit', '单位', { validate: { required: true }, conditional: { hide: '=category = "freelancer"' } }),
  );
  assert.deepEqual(
    evaluateForm(schema, { category: 'freelancer', unit: '旧值' }),
    { valid: true, values: { category: 'freelancer' }, errors: {} },
  );
  assert.deepEqual(evaluateForm(schema, { category: 'mobile' }).errors, { unit: ['请填写“单位”。'] });
});

test('a hidden group hides what is in it', () => {
  const schema = form(text('a', '甲'), {
    type: 'group', label: '组', conditional: { hide: '=a = null' }, components: [text('b', '乙', { validate: { required: true } })],
  });
  assert.equal(evaluateForm(schema, {}).valid, true);
  assert.equal(evaluateForm(schema, { a: '有' }).valid, false);
});

test('an expression is computed anew, whatever was sent', () => {
  const schema = form({ type: 'number', key: 'own', label: '本人' }, { type: 'expression', key: 'double', expression: '=own * 2' });
  assert.deepEqual(evaluateForm(schema, { own: 3, double: 99 }).values, { own: 3, double: 6 });
});

test('rows are judged one by one, their own columns over the form’s', () => {
  const schema = form(text('kind', '类别'), {
    type: 'dynamiclist', path: 'papers', label: '论文情况', view: 'table', minRows: 2,
    components: [
      text('kind', '刊物类别'),
      text('index', '收录证明', { validate: { required: true }, conditional: { hide: '=kind != "EI"' } }),
    ],
  });
  const result = evaluateForm(schema, { kind: 'EI', papers: [{ _id: 'r1', kind: 'EI' }, { _id: 'r2', kind: '普通', index: '旧' }] });
  assert.deepEqual(result.errors, { 'papers.0.index': ['请填写“收录证明”。'] });
  assert.deepEqual(result.values.papers, [{ _id: 'r1', kind: 'EI' }, { _id: 'r2', kind: '普通' }]);
  assert.deepEqual(evaluateForm(schema, { papers: [] }).errors, { papers: ['“论文情况”至少填写2行，现有0行。'] });
});

const office = form(
  { type: 'checkpoints', key: 'checks', label: '审核要点', points: [{ value: 'true', label: '材料真实' }, { value: 'full', label: '材料齐备' }] },
  { type: 'textarea', key: 'opinion', label: '意见' },
  {
    type: 'radio', key: 'decision', label: '决定',
    values: [
      { value: 'pass', label: '审核通过', requires: ['checks'], allOk: ['checks'] },
      { value: 'return', label: '退回', requires: ['opinion'] },
    ],
  },
);

test('a decision asks for the fields it requires', () => {
  assert.deepEqual(evaluateForm(office, { decision: 'return' }).errors, { opinion: ['请填写“意见”。'] });
  assert.equal(evaluateForm(office, { decision: 'return', opinion: '请补充' }).valid, true);
});

test('a decision may need every point answered and none failed', () => {
  const ok = { ok: true, note: '' };
  assert.equal(evaluateForm(office, { decision: 'pass', checks: { true: ok, full: ok } }).valid, true);
  assert.deepEqual(evaluateForm(office, { decision: 'pass', checks: { true: ok } }).errors, { 'checks.full': ['请就审核要点“材料齐备”填写是否符合。'] });
  assert.deepEqual(
    evaluateForm(office, { decision: 'pass', checks: { true: ok, full: { ok: false, note: '缺页' } } }).errors,
    { 'checks.full': ['审核要点“材料齐备”不符合，不能作出“审核通过”的决定。'] },
  );
});

test('a failed point needs a note whatever is decided', () => {
  const checks = { full: { ok: false, note: ' ' } };
  assert.deepEqual(evaluateForm(office, { checks }).errors, { checks: ['审核要点“材料齐备”不符合，请说明情况。'] });
});

test('limits and options are told in words', () => {
  const schema = form(
    text('a', '甲', { validate: { maxLength: 3 } }),
    { type: 'number', key: 'n', label: '学时', decimalDigits: 0, validate: { min: 1, max: 9 } },
    { type: 'select', key: 's', label: '级别', values: [{ value: 'x', label: 'X' }] },
    { type: 'datetime', key: 'd', label: '日期', subtype: 'date' },
  );
  assert.deepEqual(evaluateForm(schema, { a: '四个字呀', n: 10.5, s: 'y', d: '2023-02-30' }).errors, {
    a: ['“甲”不能超过3个字，现为4个字。'],
    n: ['应为整数。', '“学时”不能大于9。'],
    s: ['请从所列选项中选择。'],
    d: ['“日期”的格式不正确。'],
  });
});
