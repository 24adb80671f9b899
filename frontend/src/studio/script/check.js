// What is wrong with a condition or script at a glance, told while one types; the server's linter has the last word.
import { tokens, unquoted } from './tokens.js';

const PAIRS = { ')': '(', ']': '[', '}': '{' };
const WIDE = { '（': '(', '）': ')', '，': ',', '：': ':', '“': '"', '”': '"', '‘': "'", '’': "'", '＝': '=', '；': '换行', '。': '.' };
const FOREIGN = { '&&': 'and', '||': 'or', '!': 'not' };
const REFUSED = new Set(['import', 'while', 'try', 'def', 'lambda', 'class', 'with', 'global', 'return', 'yield']);
const WORDS = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else', 'elif', 'for', 'pass', 'break', 'continue', 'del']);
const BUILT_IN = new Set(['len', 'min', 'max', 'sum', 'any', 'all', 'sorted', 'list', 'dict', 'str', 'int', 'bool', 'round', 'abs']);

/** Functions whose first argument names something of the notice, and what it is called. */
export const NAMING = {
  parameter: ['parameters', 'key', '参数'], deadline: ['deadlines', 'key', '期限参数'], decide: ['decisions', 'id', '决策表'],
  deadline_text: ['deadlines', 'key', '期限参数'], on_route: ['levels', 'code', '层级'], body: ['levels', 'code', '层级'],
};
const HELD_TO = new Set(['parameter', 'deadline', 'decide']); // a name that is not known is wrong for certain

/** Sentences, the first wrong place first; `mode` is condition or script. */
export function problemsOf(source, mode, words) {
  const all = tokens(source).filter(({ kind }) => kind !== 'comment');
  if (!all.length) return [];
  return [...brackets(all), ...signs(all, mode), ...calls(all, words)].sort((one, other) => one.at - other.at).map(({ text }) => text);
}

function brackets(all) {
  const open = [];
  const found = [];
  for (const { text, kind, from } of all) {
    if (kind === 'open') found.push({ at: from, text: '引号没有成对。' });
    if (kind !== 'op') continue;
    if ('([{'.includes(text)) open.push({ text, from });
    else if (PAIRS[text] && open.pop()?.text !== PAIRS[text]) return [...found, { at: from, text: `多了一个“${text}”，或前面的括号不成对。` }];
  }
  return [...found, ...open.map(({ text, from }) => ({ at: from, text: `括号“${text}”没有闭合。` }))];
}

function signs(all, mode) {
  const found = [];
  let depth = 0;
  all.forEach(({ kind, text, from }, index) => {
    if (kind === 'op' && '([{'.includes(text)) depth += 1;
    if (kind === 'op' && PAIRS[text]) depth -= 1;
    if (kind === 'other') found.push({ at: from, text: WIDE[text] ? `中文标点 ${text} 请改为 ${WIDE[text]}` : `这里不能写 ${text}` });
    if (FOREIGN[text] && kind === 'op') found.push({ at: from, text: `“${text}”请写作 ${FOREIGN[text]}。` });
    if (kind === 'name' && REFUSED.has(text)) found.push({ at: from, text: `不能使用 ${text}。` });
    if (text === '=' && mode === 'condition' && depth === 0) found.push({ at: from, text: '比较相等要写两个等号（==）。' });
    if (kind === 'name' && text.startsWith('_')) found.push({ at: from, text: `名称“${text}”不能以下划线开头。` });
    if (mode === 'condition' && index && operand(all[index - 1], true) && operand(all[index]) && depth === 0) {
      found.push({ at: from, text: `“${all[index - 1].text}”和“${text}”之间缺少 and、or 或比较。` });
    }
  });
  return found;
}

const operand = ({ kind, text }, ends = false) => (kind === 'name' && !WORDS.has(text)) || kind === 'number' || kind === 'string'
  || (ends && kind === 'op' && ')]}'.includes(text));

function calls(all, words) {
  const known = new Set([...words.functions.map(({ name }) => name), ...BUILT_IN]);
  const found = [];
  all.forEach(({ kind, text, from }, index) => {
    if (kind !== 'name' || all[index - 1]?.text === '.') return;
    const called = all[index + 1]?.text === '(';
    if (called && !known.has(text) && !WORDS.has(text)) found.push({ at: from, text: `没有名为“${text}”的函数。` });
    if (!called && known.has(text) && all[index + 1]?.text !== '=' && all[index - 1]?.text !== '=') {
      found.push({ at: from, text: `函数“${text}”后面缺少括号。` });
    }
    if (called && HELD_TO.has(text)) found.push(...named(text, all[index + 2], words));
  });
  return found;
}

function named(name, argument, words) {
  const [list, key, what] = NAMING[name];
  if (argument?.kind !== 'string' || !words[list].length) return [];
  const given = unquoted(argument.text);
  return words[list].some((each) => each[key] === given) ? [] : [{ at: argument.from, text: `通知里没有${what}“${given}”。` }];
}
