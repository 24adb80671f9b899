// The diagram out of the studio and into it: plain BPMN 2.0 XML, and pictures.
import { showToast } from '../../page/toast.js';

const SHARPNESS = 2; // of the PNG, for printing

export function download(name, content, type) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export async function downloadSvg(modeler, name) {
  const { svg } = await modeler.saveSVG();
  download(`${name}.svg`, svg, 'image/svg+xml');
}

export async function downloadPng(modeler, name) {
  const { svg } = await modeler.saveSVG();
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: picture.width * SHARPNESS, height: picture.height * SHARPNESS });
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => download(`${name}.png`, blob), 'image/png');
}

/**
 * Asks for a file or pasted text; `use(file)` puts it on the board, throws what is wrong with it, and gives the number of
 * things that have to be seen to.
 */
export function askForDiagram(use) {
  const dialog = document.createElement('dialog');
  dialog.className = 'ask board-import';
  dialog.setAttribute('aria-labelledby', 'import-title');
  dialog.innerHTML = `<h2 id="import-title">导入流程图</h2>
    <p>选择一个流程图文件，或把它的内容粘贴到下面。其他系统导出的流程图也可以，会尽量改成本系统的写法，并列出须核对之处。
    导入后代替图中现有内容，可以撤回。</p>
    <label class="btn"><input type="file" class="visually-hidden" accept=".bpmn,.xml">选择文件…</label> <span data-own-words></span>
    <textarea class="form-control" rows="8" aria-label="流程图的内容" spellcheck="false" data-own-words></textarea>
    <p class="board-problems" role="alert" data-own-words></p>
    <div class="ask-buttons"><button type="button" class="btn">取消</button><button type="button" class="btn btn-primary">导入</button></div>`;
  const [cancel, take] = dialog.querySelectorAll('button');
  const [file, name, text, problem] = ['input', 'span', 'textarea', '[role=alert]'].map((each) => dialog.querySelector(each));
  file.addEventListener('change', () => {
    name.textContent = file.files[0]?.name ?? '';
    text.disabled = Boolean(file.files[0]);
  });
  cancel.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  take.addEventListener('click', async () => {
    take.disabled = true;
    try {
      const left = await use(file.files[0] ?? new File([text.value], 'pasted.bpmn'));
      dialog.close();
      showToast(left ? `已导入，${left}处须核对，列在下面的检查里。` : '已导入，可用“撤回导入”恢复原来的图。');
    } catch (error) {
      problem.textContent = `${reasonOf(error)}图中原有内容没有改变。`;
    }
    take.disabled = false;
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Which of several processes of a file: one of `others`, or '' for the one that was taken because it is the largest. */
export function chooseProcess(others) {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.className = 'ask';
    dialog.setAttribute('aria-labelledby', 'process-title');
    dialog.innerHTML = '<form method="dialog"><h2 id="process-title">导入哪一个流程？</h2><p>文件里有几个流程，一次导入一个。</p></form>';
    const buttons = document.createElement('div');
    buttons.className = 'd-grid gap-2';
    buttons.append(choice('最大的一个', '', true), ...others.map((name) => choice(name, name)));
    dialog.firstChild.append(buttons);
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function choice(words, value, first = false) {
  const button = document.createElement('button');
  button.className = first ? 'btn btn-primary' : 'btn';
  button.value = value;
  button.textContent = words;
  if (value) button.dataset.ownWords = '';
  return button;
}

const ENGLISH = /^[\x20-\x7e]/; // the modeller's own words

const reasonOf = ({ message }) => (ENGLISH.test(message) ? '文件里没有可以画出来的流程图。' : message);
