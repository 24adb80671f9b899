// The line below the diagram that tells about the chosen step.

const LINES = [['who', '办理'], ['when', '时间'], ['status', '状态'], ['note', '说明'], ['clause', '依据']];

/** `details` {name, who, when, status, note, clause}, each optional; `fallback` is the step's name in the diagram. */
export function showDetails(place, details, fallback) {
  place.replaceChildren();
  const name = document.createElement('strong');
  name.textContent = details?.name ?? fallback;
  place.append(name);
  const known = LINES.filter(([key]) => details?.[key]);
  for (const [key, words] of known) {
    const part = document.createElement('span');
    part.textContent = `${words}：${details[key]}`;
    place.append(part);
  }
  if (!known.length) {
    const part = document.createElement('span');
    part.textContent = '尚未办到这一步';
    place.append(part);
  }
}
