import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDigit, identityProblem, identityProblems, residentFault } from '../src/form/rules/identity.js';

test('check digit follows the standard, X included', () => {
  assert.equal(checkDigit('11010119860712001'), '1');
  assert.equal(checkDigit('11010519491231002'), 'X');
});

test('a right resident number has no fault, small x as well', () => {
  assert.equal(residentFault('110101198607120011'), 0);
  assert.equal(residentFault('11010519491231002x'), 0);
});

test('the fault names the place where the number goes wrong', () => {
  assert.equal(residentFault('11010119860712001X'), 18);
  assert.equal(residentFault('1101011986O7120011'), 11);
  assert.equal(residentFault('110101198613120011'), 7);
  assert.equal(residentFault('11010119860712001'), 18);
  assert.equal(residentFault('110101'), 7);
});

test('a wrong resident number is told in the words of the interface', () => {
  assert.equal(identityProblem('11010119860712001X'), '身份证号校验未通过，请核对第18位附近的数字；应为18位。');
  assert.equal(identityProblem('110101198607120011', 'resident_id'), null);
});

test('a birth date must have been, and not too long ago', () => {
  assert.equal(residentFault('110101198607120011', '1986-07-11'), 7);
  assert.equal(residentFault('110101198607120011', '2097-01-01'), 7);
});

test('the number is held against birth month and sex', () => {
  const field = { birthKey: 'birth_month', sexKey: 'sex' };
  assert.deepEqual(identityProblems(field, '110101198607120011', { birth_month: '1986-07', sex: 'male' }), []);
  assert.deepEqual(identityProblems(field, '110101198607120011', { birth_month: '1986-08', sex: 'female' }), [
    '身份证号中的出生年月为1986.07，与填写的不一致，请核对。',
    '身份证号对应的性别与填写的“女”不一致，请核对。',
  ]);
});

test('passports and permits have their own shapes', () => {
  assert.equal(identityProblem('E12345678', 'passport'), null);
  assert.equal(identityProblem('护照', 'passport'), '护照号码应为5至20位字母或数字，请核对。');
  assert.equal(identityProblem('H12345678', 'hmt_permit'), null);
  assert.equal(identityProblem('X1', 'hmt_permit'), '港澳台居民证件号码有误，请核对字母和位数。');
});
