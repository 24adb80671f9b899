// The places of the form editor: bar, canvas with palette, panel, preview, what was found.

const button = (words, run, kind = '') => {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = `btn btn-sm ${kind}`;
  element.textContent = words;
  element.addEventListener('click', run);
  return element;
};

/** The elements the island works with; `showFindings` and `setSteps` keep list and buttons true. */
export function layout(element, island) {
  element.classList.add('form-studio');
  element.insertAdjacentHTML('beforeend', `<div class="form-studio-bar"><span class="form-studio-acts" role="toolbar" aria-label="编辑表单"></span>
    <span class="form-studio-state" role="status"></span></div>
    <div class="form-studio-edit"><div class="form-studio-canvas"></div><aside class="form-studio-panel" aria-label="属性"></aside></div>
    <div class="form-studio-preview" hidden></div>
    <section class="form-studio-findings" aria-label="检查结果" aria-live="polite"></section>`);
  const find = (name) => element.querySelector(`.form-studio-${name}`);
  const [undo, redo] = [button('撤销', () => island.undo()), button('重做', () => island.redo())];
  const look = button('预览', () => island.preview.toggle(), 'btn-outline-primary');
  const save = button('保存', () => island.file.save(), 'btn-primary');
  undo.dataset.editing = redo.dataset.editing = '';
  for (const each of [undo, redo, save]) each.hidden = island.given.readonly;
  find('acts').append(look, undo, redo, save);
  return {
    canvas: find('canvas'),
    panel: find('panel'),
    edit: find('edit'),
    preview: find('preview'),
    state: find('state'),
    look,
    setSteps: (canUndo, canRedo) => Object.assign(undo, { disabled: !canUndo }) && Object.assign(redo, { disabled: !canRedo }),
    showFindings: (findings, go) => showFindings(find('findings'), findings, go),
  };
}

function showFindings(place, findings, go) {
  const shown = JSON.stringify(findings);
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  const title = document.createElement('h3');
  title.textContent = findings.length ? `检查结果（${findings.length} 项）` : '检查结果';
  const list = document.createElement('ul');
  list.className = 'form-studio-faults';
  list.append(...findings.map(({ message, field }) => {
    const item = document.createElement('li');
    const words = document.createElement('span');
    words.dataset.ownWords = '';
    words.textContent = message;
    item.append(words);
    if (field) item.append(button('看此处', () => go(field)));
    return item;
  }));
  const none = document.createElement('p');
  none.className = 'form-studio-sound';
  none.textContent = '没有发现问题。';
  place.replaceChildren(title, findings.length ? list : none);
}
