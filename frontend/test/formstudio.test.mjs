// The form editor's conditions between FEEL and choices, and the file it writes.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { literalOf, readCondition, readable, typedOf, writeCondition } from '../src/studio/form/condition.js';
import { formatForm, inOrder } from '../src/studio/form/format.js';

const FORMS = new URL('../../forms/', import.meta.url);
const forms = async () => Promise.all((await readdir(FORMS)).map(async (name) => JSON.parse(await readFile(new URL(name, FORMS), 'utf8'))));

function conditions(components) {
  return components.flatMap((each) => [each.conditional?.hide, ...conditions(each.components ?? [])]).filter(Boolean);
}

test('the usual conditions are choices, the others are kept as they are written', () => {
  const cases = [
    ['=not(category = "mobile")', 'show', ['"mobile"']],
    ['=category in ["a", "b"]', 'hide', ['"a"', '"b"']],
    ['=not(has_platform = true)', 'show', ['true']],
    ['=months >= 60', 'hide', ['60']],
    ['=asked = null', 'hide', ['null']],
    ['=a = "x" or b = 1', 'own', undefined],
    ['=not(a = "x" and b = 1)', 'own', undefined],
    ['=a = b', 'own', undefined],
  ];
  for (const [hide, mode, values] of cases) {
    const read = readCondition(hide);
    assert.deepEqual([read.mode, read.values], [mode, values], hide);
    assert.equal(writeCondition(read).hide, hide);
  }
  assert.deepEqual(readCondition(undefined), { mode: 'always', text: '' });
});

test('every condition of a shipped form survives being opened and saved', async () => {
  const all = (await forms()).flatMap(({ components }) => conditions(components));
  assert.ok(all.length > 50);
  for (const hide of all) assert.equal(writeCondition(readCondition(hide)).hide, hide);
});

test('what is chosen becomes a condition once it is whole', () => {
  assert.equal(writeCondition({ mode: 'show', key: 'category', values: [] }), undefined);
  assert.deepEqual(writeCondition({ mode: 'show', key: 'category', values: ['"a"', '"b"'] }), { hide: '=not(category in ["a", "b"])' });
  assert.deepEqual(writeCondition({ mode: 'hide', key: 'months', sign: '>=', values: [literalOf('60')] }), { hide: '=months >= 60' });
  assert.deepEqual(writeCondition({ mode: 'own', text: 'count(rows) = 0' }), { hide: '=count(rows) = 0' });
  assert.deepEqual([literalOf('甲"乙'), typedOf('"甲"'), literalOf('-1.5')], ['"甲乙"', '甲', '-1.5']);
});

test('a condition may read the form, and in a table the columns beside it', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((key) => ({ key, type: 'textfield' }));
  const schema = { components: [a, { type: 'group', components: [b] }, { type: 'dynamiclist', path: 't', components: [c, d] }] };
  const keys = (component) => readable(schema, component).map(({ key }) => key);
  assert.deepEqual([keys(a), keys(c)], [['b'], ['a', 'b', 'd']]);
});

test('a form is written as it was, whatever order its properties took meanwhile', async () => {
  for (const form of await forms()) {
    assert.deepEqual(JSON.parse(formatForm(form)), form);
    const shuffle = (each) => Object.fromEntries(Object.entries(each).reverse().map(([key, value]) => [key, key === 'components' ? value.map(shuffle) : value]));
    assert.equal(formatForm(inOrder(shuffle(form), form)), formatForm(form));
  }
  const text = await readFile(new URL('unit_check.json', FORMS), 'utf8');
  assert.equal(formatForm(JSON.parse(text)).trim(), text.trim());
});
