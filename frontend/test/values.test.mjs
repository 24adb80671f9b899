import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monthProblem, periodProblem, readMonth, showMonths } from '../src/form/rules/months.js';
import { rankProblem } from '../src/form/rules/rank.js';
import { fileProblem, showSize } from '../src/form/upload.js';
import { showValue } from '../src/form/records/show.js';

test('a month is read however people write it', () => {
  for (const typed of ['2014.5', '2014年5月', '201405', '2014/05', ' 2014-5 ']) assert.equal(readMonth(typed), '2014-05');
  assert.equal(readMonth('2014.13'), '2014.13');
  assert.equal(readMonth('至今'), '至今');
  assert.equal(readMonth(null), '');
});

test('months are shown as the printed tables write them', () => {
  assert.equal(showMonths('2014-05'), '2014.05');
  assert.equal(showMonths('2014-05/至今'), '2014.05—至今');
});

test('a month must be a month', () => {
  assert.equal(monthProblem('2014-05'), null);
  assert.equal(monthProblem('2014-13'), '请填写年月，如 2014.05。');
});

test('a period needs both ends in order', () => {
  assert.equal(periodProblem('2014-05/2016-08'), null);
  assert.equal(periodProblem('2014-05/至今'), null);
  assert.equal(periodProblem('2016-08/2014-05'), '结束时间早于开始时间。');
  for (const wrong of ['2014-05', '2014-05/', '/2014-05', '至今/2014-05', '2014-05/2015-01/2016-01']) {
    assert.equal(periodProblem(wrong), '请填写起止年月，如 2014.05 至 2016.08。');
  }
});

test('a rank cannot be behind the number of people', () => {
  for (const right of ['1/1', '2/5', '3', '独著']) assert.equal(rankProblem(right), null);
  assert.equal(rankProblem('7/5'), '排名 7/5 有误：名次不能大于总人数。');
  assert.equal(rankProblem('0/5'), '排名 0/5 有误：名次不能大于总人数。');
  assert.equal(rankProblem('二'), '请填写排名，如第 2 / 共 5 人。');
});

test('a file is refused with its kind, size and what is wanted', () => {
  const wanted = { accept: '.pdf,.jpg', maxSizeMB: 2 };
  assert.equal(fileProblem({ name: '证书.PDF', size: 1024 }, wanted), null);
  assert.equal(fileProblem({ name: '证书.exe', size: 1024 }, wanted), '“证书.exe”为EXE、1KB，要求PDF、JPG、不超过2MB。原有内容未受影响。');
  assert.equal(fileProblem({ name: '证书.pdf', size: 3 * 1024 * 1024 }, wanted), '“证书.pdf”为PDF、3.0MB，要求PDF、JPG、不超过2MB。原有内容未受影响。');
  assert.equal(showSize(300), '1KB');
});

test('a cell shows words, not codes', () => {
  const island = { organisations: [{ id: 3, name: '示例研究院' }] };
  assert.equal(showValue({ type: 'select', values: [{ value: 'lead', label: '主持' }] }, 'lead', island), '主持');
  assert.equal(showValue({ type: 'checklist', values: [{ value: 'a', label: '甲' }, { value: 'b', label: '乙' }] }, ['a', 'b'], island), '甲、乙');
  assert.equal(showValue({ type: 'organisation' }, '3', island), '示例研究院');
  assert.equal(showValue({ type: 'evidence' }, ['x', 'y'], island), '2 份');
  assert.equal(showValue({ type: 'evidence' }, [], island), '');
  assert.equal(showValue({ type: 'number' }, 0, island), '0');
  assert.equal(showValue({ type: 'textfield' }, null, island), '');
});
