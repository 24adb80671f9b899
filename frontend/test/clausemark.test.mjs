import { test } from 'node:test';
import assert from 'node:assert/strict';
import { headingOf, selectedWords, trimmed } from '../src/studio/clausemark.js';

test('a stretch loses the blanks at its ends', () => {
  assert.deepEqual(trimmed([...'甲 \n乙丙\n'], 1, 6), [3, 5]);
  assert.deepEqual(trimmed([...' \n'], 0, 2), [2, 2]);
});

test('a heading is its first words without the number', () => {
  assert.equal(headingOf('（二）缴费。按规定'), '缴费');
  assert.equal(headingOf('3.单位审核：单位应当'), '单位审核');
  assert.equal(headingOf('申报人应当在期限内缴费'), '申报人应当在期限内缴费');
});

test('what is selected is told with its length', () => {
  assert.equal(selectedWords(''), '还没有选取文字。');
  assert.equal(selectedWords('甲乙'), '共2字：甲乙');
  assert.match(selectedWords('甲'.repeat(80)), /^共80字：甲{24}……甲{24}$/);
});
