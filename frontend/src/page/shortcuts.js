// Keys of the page: whoever offers something registers it here, and 键盘快捷键 (or ?) lists what the page knows.
// A key without Ctrl or Alt never acts while somebody types, and can be switched off altogether (WCAG 2.1.4).

const OFF = 'zhiping.single-keys-off';
const TYPED = 'textarea, select, [contenteditable=true], input:not([type=checkbox], [type=radio], [type=button], [type=submit])';
const OWN_KEYS = '[role=listbox], [role=menu], .dropdown, [popover]';
const SHOWN = { ArrowDown: '↓', ArrowUp: '↑', Enter: '回车', Escape: 'Esc' };

// {group, keys, words, run, when}; of the page, since the form editor is built apart and brings this file once more
const known = (globalThis.zhipingShortcuts ??= []);

/** `list`: [{keys: ['j', 'ArrowDown'], words, run, when?}]; `when` says whether the key means anything just now. */
export function addShortcuts(group, list) {
  known.push(...list.map((each) => ({ group, when: () => true, ...each })));
  document.querySelectorAll('[data-shortcuts]').forEach((button) => { button.hidden = false; });
}

export function startShortcuts() {
  addShortcuts('本页', [{ keys: ['?'], words: '显示快捷键', run: showHelp }]);
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
    const key = nameOf(event);
    if (!key.includes('+') && (singleKeysOff() || event.target.closest?.(TYPED) || event.target.closest?.(OWN_KEYS))) return;
    const found = known.find(({ keys, when }) => keys.includes(key) && when());
    if (!found) return;
    event.preventDefault();
    found.run();
  });
  document.addEventListener('click', ({ target }) => target.closest('[data-shortcuts]') && showHelp());
}

function nameOf({ key, code, ctrlKey, metaKey, altKey }) {
  const plain = /^Digit\d$/.test(code) && altKey ? code.slice(-1) : key.length === 1 ? key.toLowerCase() : key;
  return `${ctrlKey || metaKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${plain}`;
}

function singleKeysOff() {
  try {
    return localStorage.getItem(OFF) === 'yes';
  } catch {
    return false;
  }
}

function showHelp() {
  const dialog = document.createElement('dialog');
  dialog.className = 'ask shortcuts';
  dialog.setAttribute('aria-label', '键盘快捷键');
  dialog.innerHTML = `<h2>键盘快捷键</h2><div class="shortcuts-list"></div>
    <label class="form-check"><input class="form-check-input" type="checkbox"> <span class="form-check-label">停用单个按键的快捷键</span></label>
    <form method="dialog" class="ask-buttons"><button class="btn btn-primary">关闭</button></form>`;
  dialog.querySelector('.shortcuts-list').append(...groups());
  const off = dialog.querySelector('input');
  off.checked = singleKeysOff();
  off.addEventListener('change', () => localStorage.setItem(OFF, off.checked ? 'yes' : ''));
  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    before?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector('.btn-primary').focus();
}

function groups() {
  const offered = known.filter(({ when }) => when());
  return [...new Set(offered.map(({ group }) => group))].flatMap((name) => {
    const title = document.createElement('h3');
    title.textContent = name;
    const list = document.createElement('dl');
    offered.filter(({ group }) => group === name).forEach(({ keys, words }) => {
      const term = document.createElement('dt');
      term.append(...keys.flatMap((key, index) => [index ? ' 或 ' : '', keyboardKey(key)]));
      const meaning = document.createElement('dd');
      meaning.textContent = words;
      list.append(term, meaning);
    });
    return [title, list];
  });
}

function keyboardKey(key) {
  const element = document.createElement('kbd');
  const parts = key.split('+');
  element.textContent = parts.map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join('+');
  return element;
}
