import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Answers, rowFaults } from '../src/form/validation.js';
import { newId } from '../src/net/request.js';

const field = { key: 'papers', label: '论文情况', columns: [{ type: 'textfield', key: 'title', label: '题目', validate: { required: true } }] };

test('the server’s message stays until the value it speaks of is changed', () => {
  const answers = new Answers();
  answers.add([{ field: 'specialty', message: '不在受理范围。' }, { message: '社保年限不足。' }], { specialty: '大数据' });
  assert.deepEqual(answers.messages('specialty', '大数据'), ['不在受理范围。']);
  assert.deepEqual(answers.messages('specialty', '人工智能'), []);
  answers.clear();
  assert.deepEqual(answers.messages('specialty', '大数据'), []);
});

test('a message about a row is found at its column, beside our own', () => {
  const answers = new Answers();
  const rows = [{ _id: 'a', title: '甲' }, { _id: 'b', title: '' }];
  answers.add([{ field: 'papers.0.title', message: '题目与检索证明不一致。' }], { papers: rows });
  assert.deepEqual(rowFaults(field, rows[0], 0, { data: {}, answers }), { title: ['题目与检索证明不一致。'] });
  assert.deepEqual(rowFaults(field, rows[1], 1, { data: {}, answers }), { title: ['请填写“题目”。'] });
  assert.deepEqual(rowFaults(field, { _id: 'a', title: '乙' }, 0, { data: {}, answers }), {});
});

test('an id is a UUID even where the browser offers none', () => {
  const { randomUUID } = crypto;
  try {
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
    assert.match(newId(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  } finally {
    Object.defineProperty(crypto, 'randomUUID', { value: randomUUID, configurable: true });
  }
});
