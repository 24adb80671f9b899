// Conditions and scripts in the diagram editor: the instant check, completion, and timers without a quote typed.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ruleWords, timerOf, timerSource } from '../src/studio/board/timing.js';
import { problemsOf } from '../src/studio/script/check.js';
import { completions } from '../src/studio/script/complete.js';
import { wordsOf } from '../src/studio/script/words.js';

const words = wordsOf({
  functions: [
    { name: 'on_route', signature: 'on_route(level: str) -> bool', text: '在申报渠道上：该层级是否须审核本件。\n\nMore.' },
    { name: 'has_unit', signature: 'has_unit() -> bool', text: '有所在单位' },
    { name: 'deadline', signature: 'deadline(key: str) -> str', text: '期限' },
    { name: 'parameter', signature: 'parameter(key: str)', text: '通知参数' },
    { name: 'publicity_start', signature: 'publicity_start() -> str', text: '公示起点' },
  ],
  parameters: [{ key: 'unit_publicity', meaning: '单位公示期', type: 'deadline' }, { key: 'year', meaning: '年度', type: 'int' }],
  levels: [{ code: 'department', label: '单位主管部门' }, { code: 'district', label: '区县职改部门' }],
  variables: [{ name: 'decision', values: [{ value: 'pass', label: '审核通过' }] }, 'level'],
});

const check = (source, mode = 'condition') => problemsOf(source, mode, words);

test('what is right is left alone', () => {
  for (const source of [
    'decision == "pass"', 'has_unit() and on_route("department")', 'not has_unit()', 'parameter("year") is not None',
    'result["passed"]', 'level in ["unit", "agency"]', '', 'on_route("unit") or (level == "x" and len(level) > 2)',
  ]) assert.deepEqual(check(source), [], source);
  assert.deepEqual(check('level = "unit"\nif has_unit():\n    level = "x"  # 注释', 'script'), []);
});

test('what goes wrong most is told in one sentence', () => {
  for (const [source, told] of [
    ['decision = "pass"', '比较相等要写两个等号（==）。'],
    ['has_unit() && level == "x"', '“&&”请写作 and。'],
    ['has_unit（）', '中文标点 （ 请改为 ('],
    ['decision == “pass”', '中文标点 “ 请改为 "'],
    ['has_unit(', '括号“(”没有闭合。'],
    ['has_unit())', '多了一个“)”'],
    ['decision == "pass', '引号没有成对。'],
    ['has_unti()', '没有名为“has_unti”的函数。'],
    ['has_unit', '函数“has_unit”后面缺少括号。'],
    ['parameter("yaer") == 2023', '通知里没有参数“yaer”。'],
    ['deadline("year")', '通知里没有期限参数“year”。'],
    ['decision "pass"', '之间缺少 and、or 或比较。'],
  ]) assert.ok(check(source).some((text) => text.includes(told)), `${source}: ${check(source)}`);
  assert.ok(check('import os', 'script')[0].includes('不能使用 import'));
});

test('no condition, script or timer of the shipped diagrams is found fault with by its signs', async () => {
  const root = fileURLToPath(new URL('../../bpmn', import.meta.url));
  const decoded = (text) => text.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  const known = { ...words, parameters: [], deadlines: [], decisions: [] };
  let read = 0;
  for (const name of (await readdir(root)).filter((each) => each.endsWith('.bpmn'))) {
    const xml = await readFile(`${root}/${name}`, 'utf8');
    for (const [, tag, text] of xml.matchAll(/<(?:bpmn|spiffworkflow):(conditionExpression|timeDate|script|preScript|postScript)\b[^>]*>([^<]*)</g)) {
      const mode = /script/i.test(tag) ? 'script' : 'condition';
      const called = [...decoded(text).matchAll(/(\w+)\(/g)].map(([, function_]) => ({ name: function_ }));
      assert.deepEqual(problemsOf(decoded(text), mode, { ...known, functions: called }), [], `${name}: ${text}`);
      read += 1;
    }
  }
  assert.ok(read > 250, String(read));
});

const offered = (source, all = false) => completions(source, source.length, 'condition', words, all).options;

test('functions are found by name and by Chinese words, and leave the caret where the argument goes', () => {
  const [route] = offered('on_r');
  assert.deepEqual([route.insert, route.caret], ['on_route()', 9]);
  assert.equal(offered('申报渠道')[0].name, 'on_route');
  assert.deepEqual([offered('has')[0].insert, offered('has')[0].caret], ['has_unit()', 10]);
  assert.deepEqual(offered(''), []);
  assert.ok(offered('', true).length > 5);
});

test('inside quotes the names of the notice are offered, and the quote is closed', () => {
  assert.deepEqual(offered('on_route("de').map(({ insert }) => insert), ['department")']);
  assert.deepEqual(offered('deadline("').map(({ name }) => name), ['unit_publicity']);
  assert.deepEqual(offered('decision == "').map(({ insert, text }) => [insert, text]), [['pass"', '审核通过']]);
  const within = completions('on_route("")', 10, 'condition', words);
  assert.deepEqual([within.from, within.to, within.options[0].insert], [10, 10, 'department']);
});

test('a timer is read into its parts and written back the same', () => {
  for (const source of [
    'deadline("route_deadline")', 'deadline("unit_publicity", since=publicity_start())',
    'deadline("correction_acceptance", since=correction_sent(), days=correction_length())',
    'deadline("extension_end", since=extended_until + "T00:00:00+08:00")',
  ]) assert.equal(timerSource(timerOf(source)), source);
  for (const other of ['"P5D"', 'deadline(candidate_rule("login"))', 'deadline("a") + deadline("b")', 'deadline("completion_" + level, days=3)']) {
    assert.equal(timerOf(other), null, other);
  }
});

test('a deadline rule is told in the words of the notice', () => {
  const known = { unit_publicity_wd: { value: 5 }, check_window: { meaning: '审核时间' } };
  const told = (value) => ruleWords(value, (key) => known[key]);
  assert.equal(told({ count: 'unit_publicity_wd', unit: 'working_day', convention: 'inclusive' }), '5个工作日，首日计入');
  assert.equal(told({ window: 'check', ahead: 3 }), '审核时间截止前第3个工作日');
  assert.equal(told({ count: 5, unit: 'working_day', cap: ['check'] }), '5个工作日，次日起算，不超过审核时间截止');
  assert.equal(told(undefined), '通知尚未规定');
});
