// The line of buttons above the drawing.

/** `groups`: [[{words, run, key?, title?, primary?}]]; returns {bar, state, button(key)}. */
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
  const state = document.createElement('span');
  state.className = 'board-state';
  state.setAttribute('role', 'status');
  state.dataset.ownWords = '';
  bar.append(state);
  return { bar, state, button: (key) => buttons.get(key) };
}
