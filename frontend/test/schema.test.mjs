import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findField, prepareSchema, sectionsOf, valueKeys } from '../src/form/schema.js';

const schema = {
  type: 'default',
  components: [
    { type: 'group', id: 'basic', label: '基本情况', help: '与证件一致。', components: [{ type: 'textfield', key: 'name', label: '姓名' }] },
    { type: 'dynamiclist', id: 'papers', view: 'table', path: 'papers', label: '论文情况', components: [{ type: 'rank', key: 'rank' }] },
    { type: 'radio', key: 'decision', values: [{ value: 'pass', label: '审核通过' }] },
  ],
};

test('the decision leaves the form and becomes buttons', () => {
  const prepared = prepareSchema(schema);
  assert.deepEqual(prepared.decision.values, [{ value: 'pass', label: '审核通过' }]);
  assert.equal(findField(prepared.schema.components, 'decision'), undefined);
});

test('a table view becomes one field whose columns are kept apart', () => {
  const [, table] = prepareSchema(schema).schema.components;
  assert.deepEqual(
    [table.type, table.key, table.path, table.components, table.columns.map((c) => c.key)],
    ['records', 'papers', undefined, undefined, ['rank']],
  );
});

test('help stands under the title of its group', () => {
  const [group] = prepareSchema(schema).schema.components;
  assert.deepEqual(group.components.map((c) => c.text ?? c.key), ['与证件一致。', 'name']);
});

test('sections are the titled parts; values are kept under the keys of all fields', () => {
  const { schema: prepared } = prepareSchema(schema);
  assert.deepEqual(sectionsOf(prepared).map((s) => s.label), ['基本情况', '论文情况']);
  assert.deepEqual(valueKeys(prepared.components), ['name', 'papers']);
});

test('the schema handed in is left as it was', () => {
  const before = JSON.stringify(schema);
  prepareSchema(schema);
  assert.equal(JSON.stringify(schema), before);
});
