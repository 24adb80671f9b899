// Several shots of one paper, in order, as one PDF: taken with the camera or chosen among the pictures of the device.
import { ask } from '../page/dialogs.js';
import { fit, isPicture, toPdf } from './pictures.js';
import { showSize } from './upload.js';

const TEMPLATE = `
  <div class="record-panel-head"><h2 id="shots-title"></h2>
    <button type="button" class="btn-close" data-do="cancel" aria-label="关闭"></button></div>
  <div class="shots-body">
    <p class="shots-hint">一页拍一张，按页码排好，生成一份PDF后上传。照片在本机压缩，不会另存。</p>
    <div class="shots-add">
      <button type="button" class="btn btn-primary" data-do="take">拍一张</button>
      <button type="button" class="btn" data-do="choose">从相册选择</button>
      <input type="file" accept="image/*" capture="environment" hidden data-take tabindex="-1" aria-hidden="true">
      <input type="file" accept="image/*" multiple hidden data-choose tabindex="-1" aria-hidden="true">
    </div>
    <ol class="shots"></ol>
    <label class="form-label" for="shots-name">文件名</label>
    <input class="form-control" id="shots-name" autocomplete="off" data-own-words>
    <p class="shots-said" role="status"></p>
  </div>
  <div class="record-panel-foot">
    <button type="button" class="btn" data-do="cancel">取消</button>
    <button type="button" class="btn btn-primary" data-do="make" disabled>生成PDF并上传</button>
  </div>`;

/** Opens the panel; `use(file)` gets the PDF. `limit` in bytes. */
export function openShots({ label, limit, use, origin }) {
  const dialog = document.createElement('dialog');
  dialog.className = 'record-panel shots-panel';
  dialog.setAttribute('aria-labelledby', 'shots-title');
  dialog.innerHTML = TEMPLATE;
  const part = (selector) => dialog.querySelector(selector);
  part('h2').textContent = `拍照生成PDF：${label}`;
  part('#shots-name').value = label;
  let shots = []; // {file, url}
  const say = (words) => { part('.shots-said').textContent = words; };

  const draw = (focus) => {
    part('.shots').replaceChildren(...shots.map((shot, index) => page(shot, index, shots.length)));
    part('[data-do=make]').disabled = shots.length === 0;
    part('[data-do=take]').textContent = shots.length ? '再拍一张' : '拍一张';
    say(shots.length ? `共 ${shots.length} 页，原图 ${showSize(shots.reduce((sum, { file }) => sum + file.size, 0))}` : '');
    if (focus) (part(focus) ?? part('[data-do=take]')).focus();
  };
  const add = (input) => {
    const chosen = [...input.files].filter(isPicture);
    input.value = '';
    shots = [...shots, ...chosen.map((file) => ({ file, url: URL.createObjectURL(file) }))];
    draw();
  };
  const move = (index, by) => {
    const [shot] = shots.splice(index, 1);
    shots.splice(index + by, 0, shot);
    draw(`[data-page="${index + by}"] [data-by="${by}"]:not(:disabled)`);
  };
  const drop = (index) => {
    URL.revokeObjectURL(shots[index].url);
    shots.splice(index, 1);
    draw(`[data-page="${Math.min(index, shots.length - 1)}"] [data-drop]`);
  };
  const make = async () => {
    part('[data-do=make]').disabled = true;
    say('正在压缩并生成PDF…');
    const before = shots.reduce((sum, { file }) => sum + file.size, 0);
    const { shots: small, unreadable, tooMuch } = await fit(shots.map(({ file }) => file), limit);
    part('[data-do=make]').disabled = false;
    if (unreadable) return say(`“${unreadable}”无法读取，请删除这一张后重拍。`);
    if (tooMuch) return say(`压缩后仍超过 ${showSize(limit)}，请减少页数，分成几份上传。`);
    const file = await toPdf(small, `${part('#shots-name').value.trim().replace(/[\\/:*?"<>|]/g, '') || label}.pdf`);
    dialog.close();
    return use(file, `${small.length} 页已生成一份PDF，由 ${showSize(before)} 压缩为 ${showSize(file.size)}。`);
  };
  const leave = async () => (!shots.length || await ask('照片尚未上传，确定放弃？', { yes: '放弃', no: '继续' })) && dialog.close();
  const actions = { take: () => part('[data-take]').click(), choose: () => part('[data-choose]').click(), make, cancel: leave };

  dialog.addEventListener('click', ({ target }) => {
    const button = target.closest('button');
    if (!button) return;
    const index = Number(button.closest('[data-page]')?.dataset.page);
    if (button.dataset.by) move(index, Number(button.dataset.by));
    else if ('drop' in button.dataset) drop(index);
    else actions[button.dataset.do]?.();
  });
  dialog.addEventListener('change', ({ target }) => target.matches('[type=file]') && add(target));
  dialog.addEventListener('cancel', (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    leave();
  });
  dialog.addEventListener('close', () => {
    shots.forEach(({ url }) => URL.revokeObjectURL(url));
    dialog.remove();
    origin?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  part('[data-do=take]').focus();
}

function page({ url }, index, count) {
  const item = document.createElement('li');
  item.dataset.page = index;
  item.innerHTML = `<img alt=""><span></span>
    <button type="button" class="btn btn-sm" data-by="-1">上移</button>
    <button type="button" class="btn btn-sm" data-by="1">下移</button>
    <button type="button" class="btn btn-sm" data-drop>删除</button>`;
  item.querySelector('img').src = url;
  item.querySelector('img').alt = `第 ${index + 1} 页`;
  item.querySelector('span').textContent = `第 ${index + 1} 页`;
  for (const button of item.querySelectorAll('button')) button.setAttribute('aria-label', `${button.textContent}第 ${index + 1} 页`);
  item.querySelector('[data-by="-1"]').disabled = index === 0;
  item.querySelector('[data-by="1"]').disabled = index === count - 1;
  return item;
}
