// What an import left out stays listed until the designer has seen to it, on the next visit too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImportedList } from '../src/studio/board/imported.js';

const storage = () => {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
};
const ENTRY = { level: 'import', code: 'timer', element: 'wait', message: '时间', remedy: '登记期限' };

test('the list outlives its page, for its own draft and file alone', () => {
  const place = storage();
  new ImportedList(1, 'diagrams/a.bpmn', place).keep([ENTRY]);

  assert.deepEqual(new ImportedList(1, 'diagrams/a.bpmn', place).entries, [ENTRY]);
  assert.deepEqual(new ImportedList(1, 'diagrams/b.bpmn', place).entries, []);
  assert.deepEqual(new ImportedList(2, 'diagrams/a.bpmn', place).entries, []);
});

test('what is seen to is listed no more', () => {
  const place = storage();
  const list = new ImportedList(1, 'diagrams/a.bpmn', place);
  list.keep([ENTRY]);
  list.keep([]);

  assert.deepEqual(new ImportedList(1, 'diagrams/a.bpmn', place).entries, []);
});

test('a browser that keeps nothing keeps the list for the page', () => {
  const full = { getItem: () => 'no json', setItem: () => { throw new Error('full'); }, removeItem: () => {} };
  const list = new ImportedList(1, 'diagrams/a.bpmn', full);
  list.keep([ENTRY]);

  assert.deepEqual(list.entries, [ENTRY]);
});
