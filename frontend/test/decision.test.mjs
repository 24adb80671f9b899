// The decision editor's cells in words, what ticks and typing write, and what may be done to a table.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { conditionWords, fromTicks, resultWords, ticked, tidyCondition, tidyResult } from '../src/studio/decision/cells.js';
import { writeTable } from '../src/studio/decision/file.js';
import { addColumn, addRule, moveColumn, moveRule, removeColumn, removeRule, setCell, setColumn, setNote } from '../src/studio/decision/model.js';
import { addOptions, optionsOf, triedValue, valueLines, valuesFrom } from '../src/studio/decision/options.js';
import { Steps } from '../src/studio/steps.js';

const labels = { mobile: '流动人员', officer: '军队干部' };

test('cells are told in words', () => {
  const told = {
    '': '任意', '-': '任意', '"mobile"': '流动人员', '? in ["mobile", "officer"]': '流动人员、军队干部', '""': '空白',
    '? not in ["mobile", "x"]': '除流动人员、x以外', '? != "mobile"': '不是流动人员', True: '是', None: '没有填写',
    '12 <= ? < 36': '不小于12，小于36', '? >= 60': '不小于60', '>= 60': '不小于60', '? >= needed': '不小于须满（月）',
    '? == "" or ? == "officer"': '空白，或军队干部', '? > 3 and ? != 5': '大于3且不是5', '? <= "2023-10-31"': '不晚于2023-10-31',
    '? in ["甲 or 乙"]': '甲 or 乙',
  };
  for (const [text, words] of Object.entries(told)) assert.equal(conditionWords(text, { labels, names: { needed: '须满（月）' } }), words, text);
  assert.equal(conditionWords('? + 1'), null);
  assert.deepEqual(['"mobile"', '["mobile", "x"]', '[]', 'False', 'months', '1 + 1', ''].map((text) => resultWords(text, { labels, names: { months: '月数' } })),
    ['流动人员', '流动人员、x', '无', '否', '同“月数”', null, null]);
});

test('ticks write cells and are read back from them', () => {
  const all = ['"a"', '"b"', '"c"'];
  for (const [chosen, except, text] of [[['"a"'], false, '"a"'], [['"a"', '"c"'], false, '? in ["a", "c"]'], [['"b"'], true, '? not in ["b"]'], [[], false, '']]) {
    assert.equal(fromTicks(chosen, except, all), text);
    assert.deepEqual(ticked(text), { chosen, except });
  }
  assert.equal(fromTicks(all, false, all), '');
  assert.deepEqual(ticked('? == "a" or ? == "b"'), { chosen: ['"a"', '"b"'], except: false });
  assert.equal(ticked('? >= 3'), null);
});

test('what is typed without quotes is written as the column wants it', () => {
  const cases = [
    ['硕士', 'string', '"硕士"'], ['"硕士"', 'string', '"硕士"'], ['60', 'integer', '60'], ['60', 'string', '"60"'], ['≥ 60', 'integer', '>= 60'],
    ['2023年10月7日', 'date', '"2023-10-07"'], ['是', 'boolean', 'True'], ['？ in [“甲”]', 'string', '? in ["甲"]'], ['needed', 'string', 'needed'],
    ['None', 'string', 'None'], ['12 <= ? < 36', 'integer', '12 <= ? < 36'],
  ];
  for (const [typed, type, text] of cases) assert.equal(tidyCondition(typed, type, ['needed']), text, typed);
  assert.equal(tidyResult('未找到与“您”相应的渠道？', 'string'), '"未找到与“您”相应的渠道？"');
  assert.equal(tidyResult('["a", "b"]', 'string'), '["a", "b"]');
  assert.equal(tidyResult('否', 'boolean'), 'False');
});

const table = () => ({
  id: 'fee', name: '收费', policy: 'UNIQUE', tableId: 'fee_table',
  inputs: [{ id: 'i1', label: '级别', name: 'level', type: 'string', values: '"junior","senior"' }, { id: 'i2', label: '年限', name: 'years', type: 'integer', values: '' }],
  outputs: [{ id: 'o1', label: '金额', name: 'amount', type: 'integer', values: '' }],
  rules: [
    { id: 'fee_rule_1', note: '甲', cells: [{ id: 'a', text: '"junior"' }, { id: 'b', text: '? >= level' }], results: [{ id: 'c', text: 'years' }] },
    { id: 'fee_rule_2', note: '乙', cells: [{ id: 'd', text: '"senior"' }, { id: 'e', text: '' }], results: [{ id: 'f', text: '420' }] },
  ],
});
const texts = ({ rules }) => rules.map((rule) => [...rule.cells, ...rule.results].map(({ text }) => text).join('|'));

test('rows and columns are added, moved and taken away, and names follow', () => {
  const first = table();
  assert.deepEqual(texts(addRule(first, 1, { conditions: ['"senior"'] })), ['"junior"|? >= level|years', '"senior"||', '"senior"||420']);
  assert.equal(addRule(removeRule(first, 0), 0).rules[0].id, 'fee_rule_3');
  assert.deepEqual(texts(addRule(first, 2, { like: first.rules[0] })).at(-1), '"junior"|? >= level|years');
  assert.deepEqual(texts(moveRule(first, 0, 1))[0], '"senior"||420');
  assert.equal(moveRule(first, 0, 2), first);
  assert.deepEqual(texts(addColumn(first, 'inputs', 1, { label: '新', name: 'extra', type: 'boolean' }))[1], '"senior"|||420');
  assert.deepEqual(texts(removeColumn(first, 'inputs', 0)), ['? >= level|years', '|420']);
  assert.deepEqual(texts(moveColumn(first, 'inputs', 0, 1))[0], '? >= level|"junior"|years');
  assert.deepEqual(texts(setColumn(setColumn(first, 'inputs', 0, { name: 'grade' }), 'inputs', 1, { name: 'held' }))[0], '"junior"|? >= grade|held');
  assert.equal(setCell(first, 0, 'inputs', 0, '"junior"'), first);
  assert.equal(setNote(first, 0, '丙').rules[0].note, '丙');
  assert.deepEqual(texts(first), texts(table())); // nothing was changed in place
});

test('options come from the column, else from the form', () => {
  const [level] = table().inputs;
  const choices = { level: { junior: '初级', senior: '高级', full: '正高级' } };
  assert.deepEqual(optionsOf(level, choices), ['"junior"', '"senior"']);
  assert.deepEqual(optionsOf({ ...level, values: '' }, choices), ['"junior"', '"senior"', '"full"']);
  assert.deepEqual(optionsOf({ ...level, type: 'integer', values: '0 <= ? <= 600' }, choices), []);
  assert.equal(addOptions(level, ['"full"']), '"junior","senior","full"');
  assert.equal(valuesFrom(`${valueLines({ ...level, values: '"junior",""' })}\nnew`, 'string'), '"junior","","new"');
  assert.equal(valuesFrom('0 <= ? <= 600', 'integer'), '0 <= ? <= 600');
  assert.deepEqual([['"a"', 'string'], ['60', 'integer'], ['True', 'boolean'], ['', 'string'], [undefined, 'integer']].map((pair) => triedValue(...pair)), ['a', 60, true, '', null]);
});

test('writing keeps the rest of the file to the letter', async () => {
  const xml = await readFile(new URL('../../tests/support/fee.dmn', import.meta.url), 'utf8');
  const written = writeTable(xml, { ...table(), name: '收费“一”&<>' });
  const outside = (text) => text.replace(/<decisionTable[\s\S]*<\/decisionTable>/, '').replace(/(<decision [^>]*name=")[^"]*/, '$1');
  assert.equal(outside(written), outside(xml));
  assert.match(written, /name="收费“一”&amp;&lt;&gt;"/);
  assert.match(written, /<text>\? &gt;= level<\/text>/);
  const prefixed = '<dmn:definitions><dmn:decision id="x" name="y"><dmn:decisionTable id="t" /></dmn:decision></dmn:definitions>';
  assert.match(writeTable(prefixed, table()), /<dmn:decision id="x" name="收费"><dmn:decisionTable id="fee_table" hitPolicy="UNIQUE">[\s\S]*<\/dmn:decisionTable><\/dmn:decision>/);
});

test('changes at one spot in a row are one step back', () => {
  const steps = new Steps('');
  steps.add('a', 'name');
  steps.add('ab', 'name');
  steps.add('x');
  assert.deepEqual([steps.undo(), steps.undo(), steps.canUndo, steps.redo(), steps.redo(), steps.canRedo], ['ab', '', false, 'ab', 'x', false]);
  steps.undo();
  steps.add('abc', 'name');
  assert.deepEqual([steps.state, steps.canRedo, steps.undo()], ['abc', false, 'ab']);
});
