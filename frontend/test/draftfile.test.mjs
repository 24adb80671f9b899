import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { DraftFile } from '../src/studio/draftfile.js';
import { presenceWords } from '../src/studio/presence.js';

let asked; // {said, answer(status, body)} of each request, in order
let content;

globalThis.document = { querySelector: () => null };
globalThis.fetch = (_url, { method, body }) => new Promise((resolve, reject) => {
  const answer = (status, said = {}) => (status ? resolve({ status, redirected: false, text: async () => JSON.stringify(said) }) : reject(new Error('silence')));
  asked.push({ method, said: JSON.parse(body), answer });
});
mock.timers.enable({ apis: ['setTimeout', 'Date'] });

const settled = async () => { for (let i = 0; i < 30; i += 1) await Promise.resolve(); };
const later = async (milliseconds) => { mock.timers.tick(milliseconds); await settled(); };

function edited() {
  const file = new DraftFile({ path: 'diagrams/climb.bpmn', revision: 3, urls: { save: '/save' } }, async () => content);
  content = '甲';
  file.changed();
  return file;
}

beforeEach(() => { asked = []; });

test('a change is saved by itself with the revision it was made on, and the answer gives the next one', async () => {
  const file = edited();
  await later(5000);
  assert.deepEqual([asked[0].method, asked[0].said], ['PUT', { content: '甲', revision: 3 }]);

  asked[0].answer(200, { revision: 4, saved_at: '2023-10-12T09:05:00+08:00' });
  await settled();
  assert.deepEqual([file.state, file.revision, file.words], ['saved', 4, '已保存 09:05']);
});

test('what changes while a save is under way is saved after it', async () => {
  const file = edited();
  await later(5000);
  content = '乙';
  file.changed();
  asked[0].answer(200, { revision: 4 });
  await settled();
  assert.equal(file.state, 'changed');
  await later(20000);
  assert.deepEqual(asked[1].said, { content: '乙', revision: 4 });
});

test('what another one saved is never overwritten unasked, and either side may be kept', async () => {
  const conflict = async () => {
    const file = edited();
    await later(5000);
    asked.at(-1).answer(409, { content: '丙', revision: 7, by: '李明' });
    await settled();
    assert.equal(file.state, 'conflict');
    return file;
  };
  const mine = await conflict();
  mine.changed();
  await later(60000);
  assert.equal(asked.length, 1);
  mine.keepMine();
  await settled();
  assert.deepEqual([asked[1].said.content, asked[1].said.revision], ['甲', 7]);
  asked[1].answer(200, { revision: 8 });

  const theirs = await conflict();
  theirs.takeTheirs();
  await later(60000);
  assert.deepEqual([theirs.state, theirs.revision, asked.length], ['saved', 7, 3]);
});

test('silence of the server is not the end of it', async () => {
  const file = edited();
  await later(5000);
  asked[0].answer(0);
  await settled();
  assert.equal(file.state, 'failed');
  await later(20000);
  assert.deepEqual(asked[1].said, { content: '甲', revision: 3 });
});

test('content that cannot be written is told, and saved once it can', async () => {
  let broken = true;
  const file = new DraftFile({ path: 'a', revision: 1, urls: { save: '/save' } }, async () => {
    if (broken) throw new Error('no content');
    return '甲';
  });
  file.changed();
  await later(5000);
  assert.deepEqual([file.state, asked.length], ['failed', 0]);
  broken = false;
  file.changed();
  await later(20000);
  assert.equal(asked[0].said.content, '甲');
});

test('a file for reading is not saved', async () => {
  const file = new DraftFile({ path: 'a', revision: 1, readonly: true, urls: { save: '/save' } }, async () => '甲');
  file.changed();
  assert.equal(await file.save(), false);
  assert.equal(asked.length, 0);
});

test('presence tells who has the same file and who another', () => {
  const others = [{ name: '李明', path: 'a' }, { name: '王芳', path: 'b' }, { name: '李明', path: 'b' }];
  assert.equal(presenceWords(others, 'a'), '李明也打开了本文件；王芳正在改本草稿的其他文件');
  assert.equal(presenceWords([], 'a'), '');
});
