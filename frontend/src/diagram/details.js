// The line below the diagram that tells about the chosen step.

const LINES = [['who', '办理'], ['when', '时间'], ['status', '状态'], ['due', '期限'], ['note', '说明'], ['clause', '依据']];

/**
 * `details` {name, who, when, status, due, note, clause, lines, links}, each optional; `lines` are [words, value], `links`
 * [words, address]; `fallback` is the step's name in the diagram.
 */
export function showDetails(place, details, fallback) {
  place.replaceChildren();
  const name = document.createElement('strong');
  name.textContent = details?.name ?? fallback;
  place.append(name);
  const known = LINES.filter(([key]) => details?.[key]).map(([key, words]) => [words, details[key]]);
  known.push(...(details?.lines ?? []));
  for (const [words, value] of known) {
    const part = document.createElement('span');
    part.textContent = `${words}：${value}`;
    place.append(part);
  }
  for (const [words, address] of details?.links ?? []) {
    const link = document.createElement('a');
    link.textContent = words;
    link.href = address;
    place.append(link);
  }
  if (!known.length) {
    const part = document.createElement('span');
    part.textContent = '尚未办到这一步';
    place.append(part);
  }
}
