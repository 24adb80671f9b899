import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Autosave } from '../src/form/autosave.js';

const URL = '/tasks/1/draft';
const store = () => {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
};
const listeners = {};
let asked; // {said, key, answer(status, body)} of each request, in order
let typed;

globalThis.document = { querySelector: () => null };
globalThis.addEventListener = (name, run) => { listeners[name] = run; };
globalThis.fetch = (_url, { body, headers }) => new Promise((resolve, reject) => {
  const answer = (status, said = {}) => (status ? resolve({ status, redirected: false, text: async () => JSON.stringify(said) }) : reject(new Error('silence')));
  asked.push({ said: JSON.parse(body), key: headers['X-Request-Key'], answer });
});
mock.timers.enable({ apis: ['setTimeout', 'Date'] });

const settled = async () => { for (let i = 0; i < 20; i += 1) await Promise.resolve(); };
const later = async (milliseconds) => { mock.timers.tick(milliseconds); await settled(); };
const page = (token) => new Autosave({ draftUrl: URL, token, collect: () => ({ ...typed }), show: () => {} });

function write(autosave, value) {
  typed = { opinion: value };
  autosave.changed();
}

beforeEach(() => {
  asked = [];
  typed = { opinion: '' };
  globalThis.localStorage = store();
  globalThis.sessionStorage = store();
});

test('a slow save is waited for: the next one brings its token', async () => {
  const autosave = page('one');
  write(autosave, '甲');
  await later(5000);
  write(autosave, '乙');
  await later(20000);
  assert.equal(asked.length, 1);

  asked[0].answer(200, { token: 'two' });
  await later(0);

  assert.deepEqual(asked[1].said, { values: { opinion: '乙' }, token: 'two' });
  assert.notEqual(asked[1].key, asked[0].key);
});

test('a save without an answer is repeated as it was, and what was typed since follows', async () => {
  const autosave = page('one');
  write(autosave, '甲');
  await later(5000);
  asked[0].answer(0);
  await settled();
  typed = { opinion: '乙' };
  await later(20000);
  assert.deepEqual([asked[1].said, asked[1].key], [asked[0].said, asked[0].key]);

  asked[1].answer(200, { token: 'two', message: '此操作刚才已经办好，没有重复办理。' });
  await settled();
  await later(10000);

  assert.deepEqual(asked[2].said, { values: { opinion: '乙' }, token: 'two' });
});

test('a page that is loaded anew while its save is under way goes on with it', async () => {
  const before = page('one');
  write(before, '甲');
  await later(5000);
  listeners.pagehide();
  typed = { opinion: '' }; // made before the save arrived
  const used = [];

  const after = page('one');
  assert.equal(after.takeUp((values) => { used.push(values); typed = values; }), true);
  await settled();
  assert.deepEqual([asked[1].said, asked[1].key], [asked[0].said, asked[0].key]);
  asked[1].answer(200, { token: 'two' });
  await settled();

  assert.deepEqual(used, [{ opinion: '甲' }]);
  assert.equal(after.token, 'two');
  assert.equal(page('two').takeUp(() => {}), false);
});
