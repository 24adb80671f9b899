// Year-months and periods: stored as 2014-05, 2014-05/2016-08 or 2014-05/至今.

export const UNTIL_NOW = '至今';
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** 2014.5, 2014年5月, 201405, 2014/05 → 2014-05; what cannot be read comes back as typed. */
export function readMonth(typed) {
  const text = String(typed ?? '').trim();
  if (text === UNTIL_NOW) return text;
  const match = text.match(/^(\d{4})\s*[年.\-/]?\s*(\d{1,2})\s*月?$/);
  return match && match[2] >= 1 && match[2] <= 12 ? `${match[1]}-${match[2].padStart(2, '0')}` : text;
}

/** 2014-05/至今 → 2014.05—至今, the way the printed tables write it. */
export const showMonths = (value) => String(value ?? '').split('/').map((m) => m.replace('-', '.')).join('—');

export function monthProblem(value) {
  return MONTH.test(value) ? null : '请填写年月，如 2014.05。';
}

export function periodProblem(value) {
  const [from, to = '', ...rest] = String(value).split('/');
  if (rest.length || !MONTH.test(from) || !(MONTH.test(to) || to === UNTIL_NOW)) return '请填写起止年月，如 2014.05 至 2016.08。';
  return to !== UNTIL_NOW && to < from ? '结束时间早于开始时间。' : null;
}
