// A timer's expression, as the panel shows it, and a deadline rule in words.
import { callOf, unquoted } from '../script/tokens.js';

/** {key, since, days} of deadline("key", since=…, days=…); null for every other expression. */
export function timerOf(source) {
  const given = callOf(source.trim(), 'deadline');
  const quoted = /^(["'])[a-z][a-z0-9_]*\1$/.test(given?.[0]?.text ?? '') && !given[0].name;
  if (!quoted || given.slice(1).some(({ name }) => name !== 'since' && name !== 'days')) return null;
  const named = Object.fromEntries(given.slice(1).map(({ name, text }) => [name, text]));
  return { key: unquoted(given[0].text), since: named.since ?? '', days: named.days ?? '' };
}

/** The expression; `since` and `days` are expressions themselves, empty where the notice's rule stands alone. */
export function timerSource({ key, since, days }) {
  const more = [['since', since], ['days', days]].filter(([, value]) => value?.trim()).map(([name, value]) => `, ${name}=${value.trim()}`);
  return `deadline("${key}"${more.join('')})`;
}

const UNITS = { working_day: '个工作日', calendar_day: '日（自然日）', month: '个月' };

/**
 * A deadline parameter's value in words: “5个工作日，首日计入，不超过审核时间截止”. `lookUp(key)` gives another parameter
 * {meaning, value}, or undefined: a number of days and a window may be parameters of their own.
 */
export function ruleWords(value, lookUp = () => undefined) {
  if (value === null || value === undefined) return '通知尚未规定';
  if (typeof value !== 'object') return String(value);
  const window = (name) => (lookUp(`${name}_window`) ?? lookUp(`${name}_only_window`))?.meaning ?? '时间窗口';
  const parts = [];
  if (value.window) {
    const ahead = value.ahead ? `前第${value.ahead}个工作日` : '';
    parts.push(`${window(value.window)}${value.edge === 'start' ? '开始' : '截止'}${ahead}`);
  }
  if (value.count !== undefined) {
    const count = typeof value.count === 'string' ? lookUp(value.count)?.value ?? '通知另定的' : value.count;
    parts.push(`${count}${UNITS[value.unit] ?? ''}`, value.convention === 'inclusive' ? '首日计入' : '次日起算');
  }
  if (value.cap) parts.push(`不超过${[value.cap].flat().map(window).join('、')}截止`);
  return parts.join('，');
}
