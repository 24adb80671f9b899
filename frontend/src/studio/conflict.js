// Another designer saved the same file meanwhile: both contents are kept until one of the two decides.

/**
 * `file` is a DraftFile. `show(content, place)` draws their content for comparing, `use(content)` puts it into the editor.
 */
export function watchConflicts(file, { show, use }) {
  file.listen(() => {
    if (file.state === 'conflict' && !document.querySelector('dialog.conflict')) openDialog(file, show, use);
  });
}

function openDialog(file, show, use) {
  const { by, at, content } = file.theirs;
  const dialog = document.createElement('dialog');
  dialog.className = 'ask conflict';
  dialog.setAttribute('aria-labelledby', 'conflict-title');
  dialog.innerHTML = `<h2 id="conflict-title">此文件已由他人保存</h2><p></p><div class="conflict-theirs" hidden></div>
    <div class="ask-buttons"></div>`;
  const who = by ? `“${by}”` : '另一位设计员';
  const when = at ? `于 ${at.slice(0, 16).replace('T', ' ')} ` : '';
  dialog.querySelector('p').textContent = `${who}${when}保存了另一版本。您的修改仍在本页，没有丢失，请选择以哪一版为准。`;
  const place = dialog.querySelector('.conflict-theirs');
  const buttons = dialog.querySelector('.ask-buttons');
  const add = (words, kind, run) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = kind;
    button.textContent = words;
    button.addEventListener('click', () => run(button));
    buttons.append(button);
  };
  add('查看对方版本', 'btn', (button) => {
    place.hidden = false;
    button.disabled = true;
    show(content, place);
  });
  add('改用对方版本', 'btn', () => {
    dialog.close();
    use(content);
    file.takeTheirs();
  });
  add('以我的为准重新保存', 'btn btn-primary', () => {
    dialog.close();
    file.keepMine();
  });
  dialog.addEventListener('cancel', (event) => event.preventDefault()); // one of the two must be chosen
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
