// The line of buttons above the drawing.

/** `groups`: [[{words, run, key?, title?, primary?}]]; returns {bar, state, presence, button(key)}. */
export function toolbar(groups) {
  const bar = document.createElement('div');
  bar.className = 'board-tools';
  bar.setAttribute('role', 'toolbar');
  bar.setAttribute('aria-label', '流程图工具');
  const buttons = new Map();
  for (const group of groups) {
    const place = document.createElement('div');
    place.className = 'btn-group';
    for (const { words, run, key = words, title, primary } of group) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = `btn btn-sm${primary ? ' btn-primary' : ''}`;
      button.textContent = words;
      if (title) button.title = title;
      button.addEventListener('click', run);
      buttons.set(key, button);
      place.append(button);
    }
    bar.append(place);
  }
  const state = line('board-state', 'status');
  const presence = line('board-presence', 'status');
  bar.append(presence, state);
  return { bar, state, presence, button: (key) => buttons.get(key) };
}

function line(name, role) {
  const place = document.createElement('span');
  place.className = name;
  place.setAttribute('role', role);
  place.dataset.ownWords = '';
  return place;
}
