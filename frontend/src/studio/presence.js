// Who else has this draft open: asked every quarter of a minute while the page is seen.
import { postJson } from '../net/request.js';

const EVERY = 15000;

/** `show(words)` gets a line such as “李明正在编辑本文件；王芳在看其他文件”, empty when nobody else is here. */
export function watchPresence(url, path, show) {
  const look = async () => {
    if (document.hidden) return;
    const { status, body } = await postJson(url, { path });
    if (status === 200) show(presenceWords(body.others ?? [], path));
  };
  look();
  return setInterval(look, EVERY);
}

export function presenceWords(others, path) {
  const names = (same) => [...new Set(others.filter((other) => (other.path === path) === same).map(({ name }) => name))];
  const [here, elsewhere] = [names(true), names(false).filter((name) => !names(true).includes(name))];
  const parts = [];
  if (here.length) parts.push(`${here.join('、')}也打开了本文件`);
  if (elsewhere.length) parts.push(`${elsewhere.join('、')}正在改本草稿的其他文件`);
  return parts.join('；');
}
