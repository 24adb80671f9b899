// What may stand at the caret of a condition or script: functions, variables, and the names of the notice inside quotes.
import { NAMING } from './check.js';
import { tokens } from './tokens.js';

const WORDS = [['and', '并且'], ['or', '或者'], ['not', '不'], ['in', '在其中'], ['True', '真'], ['False', '假'], ['None', '空']];
const SCRIPT_WORDS = [['if', '如果'], ['else', '否则'], ['for', '逐项']];
const SHOWN = 40;

/**
 * {from, to, options: [{insert, caret, name, text, detail}]} for the word or quoted name at `caret`. `all` also offers
 * where nothing was typed yet (the button 插入).
 */
export function completions(source, caret, mode, words, all = false) {
  const within = tokens(source);
  const quoted = within.find(({ kind, from, to }) => from < caret && (kind === 'open' ? caret <= to : kind === 'string' && caret < to));
  if (quoted) return inQuotes(source, within, quoted, caret, words);
  const word = within.find(({ kind, from, to }) => kind === 'name' && from < caret && caret <= to);
  if (!word && !all) return { from: caret, to: caret, options: [] };
  const [from, to] = word ? [word.from, word.to] : [caret, caret];
  const called = source.slice(to).startsWith('(');
  const candidates = [
    ...words.variables.map(({ name, text }) => plain(name, text ?? '变量')),
    ...words.functions.map((each) => ofFunction(each, called)),
    ...[...WORDS, ...(mode === 'script' ? SCRIPT_WORDS : [])].map(([name, text]) => plain(name, text)),
  ];
  return { from, to, options: matching(candidates, source.slice(from, caret), all ? candidates.length : SHOWN) };
}

function inQuotes(source, within, quoted, caret, words) {
  const index = within.indexOf(quoted);
  const [list, key] = within[index - 1]?.text === '(' ? NAMING[within[index - 2]?.text] ?? [] : [];
  const values = list ? words[list].map((each) => plain(each[key], each.meaning ?? each.label ?? each.name)) : answers(within, index, words);
  const closed = quoted.kind === 'string';
  const to = closed ? quoted.to - 1 : caret;
  const options = matching(values, source.slice(quoted.from + 1, caret));
  const end = quoted.text[0] + (list ? ')' : ''); // what was opened for the name is closed behind it
  const ended = (each) => ({ ...each, insert: each.insert + end, caret: each.caret + end.length });
  return { from: quoted.from + 1, to, options: closed ? options : options.map(ended) };
}

/** `decision == "…"`: the values that the variable is known to take. */
function answers(within, index, words) {
  if (!['==', '!='].includes(within[index - 1]?.text)) return [];
  const variable = words.variables.find(({ name }) => name === within[index - 2]?.text);
  return (variable?.values ?? []).map(({ value, label }) => plain(value, label));
}

const plain = (name, text = '') => ({ insert: name, caret: name.length, name, text, detail: '' });

function ofFunction({ name, signature, text }, called) {
  const takes = !/\(\s*\)/.test(signature ?? '()');
  const insert = called ? name : `${name}()`;
  return { insert, caret: called || !takes ? insert.length : insert.length - 1, name, text: text ?? '', detail: signature ?? '' };
}

/** Names that begin so come first, then names and Chinese words that contain it. */
function matching(candidates, typed, most = SHOWN) {
  const rank = ({ name, text }) => (name.startsWith(typed) ? 0 : name.includes(typed) || text.includes(typed) ? 1 : 2);
  const fitting = candidates.filter((each) => rank(each) < 2 && each.name !== typed);
  return fitting.sort((one, other) => rank(one) - rank(other)).slice(0, most);
}
