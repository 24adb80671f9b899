// Rank among authors or completers: stored as 2/5, as a bare place, or 独著.

export const SOLE = '独著';

export function rankProblem(value) {
  if (value === SOLE) return null;
  const match = String(value).match(/^(\d{1,3})(?:\/(\d{1,3}))?$/);
  if (!match) return '请填写排名，如第 2 / 共 5 人。';
  const [place, total] = [Number(match[1]), Number(match[2] ?? match[1])];
  return place < 1 || place > total ? `排名 ${value} 有误：名次不能大于总人数。` : null;
}
