// Marks on the diagram: what is done, where it stands, where it failed, which way it went; of many cases, how many.

const MARKERS = ['done', 'active', 'ended', 'incident'];
const WORDS = { done: '已办', active: '正在办理', ended: '结束于此', incident: '出现异常' };

/** state word of one element, '' for a step not reached. */
export const stateOf = (state, id) => [...MARKERS].reverse().find((marker) => (state[marker] ?? []).includes(id)) ?? '';

export const wordsOf = (marker) => WORDS[marker] ?? '';

const COUNTS = [['open', '在办'], ['overdue', '逾期'], ['incidents', '异常']];

/** `在办12，逾期3`: what stands at an element, without what is nothing. */
export const countWords = (counts) => COUNTS.filter(([key]) => counts?.[key]).map(([key, words]) => `${words}${counts[key]}`).join('，');

export function paintState(viewer, state) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const overlays = viewer.get('overlays');
  for (const marker of MARKERS) {
    for (const id of state[marker] ?? []) if (registry.get(id)) canvas.addMarker(id, `is-${marker}`);
  }
  for (const id of state.path ?? []) if (registry.get(id)) canvas.addMarker(id, 'is-path');
  for (const id of state.active ?? []) {
    if (registry.get(id)) overlays.add(id, 'token', { position: { top: -12, right: 12 }, html: token() });
  }
  for (const [id, level] of Object.entries(state.heat ?? {})) if (registry.get(id)) canvas.addMarker(id, `is-heat-${level}`);
  for (const [id, counts] of Object.entries(state.counts ?? {})) {
    if (registry.get(id)) overlays.add(id, 'counts', { position: { top: -14, left: -6 }, html: badges(counts) });
  }
  for (const [id, due] of Object.entries(state.dues ?? {})) if (registry.get(id)) addDue(overlays, registry.get(id), due);
  for (const [id, text] of Object.entries(state.labels ?? {})) {
    if (registry.get(id)) overlays.add(id, 'label', { position: { bottom: -4, left: 0 }, html: label(text) });
  }
}

function token() {
  const badge = document.createElement('span');
  badge.className = 'diagram-token';
  badge.setAttribute('role', 'img');
  badge.setAttribute('aria-label', WORDS.active);
  return badge;
}

function badges(counts) {
  const place = document.createElement('span');
  place.className = 'diagram-counts';
  for (const [key, words] of COUNTS.filter(([name]) => counts[name])) {
    const badge = document.createElement('span');
    badge.className = `is-${key}`;
    badge.textContent = `${words}${counts[key]}`;
    place.append(badge);
  }
  return place;
}

/** Above a step; to the left beneath an event, whose name stands to the right. */
function addDue(overlays, { id, width }, { text, tone }) {
  const step = width > 60;
  const position = step ? { top: -22, left: 0 } : { top: 20, left: -2 };
  overlays.add(id, 'due', { position, html: label(text, `is-due-${tone}${step ? '' : ' is-left'}`) });
}

function label(text, tone = '') {
  const note = document.createElement('span');
  note.className = `diagram-label ${tone}`.trim();
  note.textContent = text;
  return note;
}
