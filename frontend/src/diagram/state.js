// Marks on the diagram: what is done, where it stands, where it failed, which way it went.

const MARKERS = ['done', 'active', 'ended', 'incident'];
const WORDS = { done: '已办', active: '正在办理', ended: '结束于此', incident: '出现异常' };

/** state word of one element, '' for a step not reached. */
export const stateOf = (state, id) => [...MARKERS].reverse().find((marker) => (state[marker] ?? []).includes(id)) ?? '';

export const wordsOf = (marker) => WORDS[marker] ?? '';

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

function label(text) {
  const note = document.createElement('span');
  note.className = 'diagram-label';
  note.textContent = text;
  return note;
}
