// 从业绩库选择: a dialog with the rows that the person keeps for this table; the chosen ones come back as copies,
// with their files as the declaration's own.
import { getJson, postJson } from '../../net/request.js';
import { showLoginExpired } from '../../net/session.js';
import { showToast } from '../../page/toast.js';
import { showValue } from './show.js';

const FAILED = '业绩库暂时无法打开，请稍后再试。您填写的内容没有丢失。';

function failed({ status, body }) {
  if (status === 401) showLoginExpired();
  else showToast(body.message ?? FAILED, 'error');
}

const words = (field, row, island) => field.columns
  .filter((column) => column.key && column.inTable !== false && column.type !== 'evidence')
  .map((column) => showValue(column, row[column.key], island))
  .filter(Boolean)
  .join('，');

function option(field, { row, years }, island, taken) {
  const label = document.createElement('label');
  label.className = 'form-check';
  label.dataset.ownWords = '';
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', className: 'form-check-input', value: row._id });
  box.disabled = taken;
  const text = Object.assign(document.createElement('span'), { className: 'form-check-label' });
  const files = (row.evidence ?? []).length;
  const notes = [files ? `佐证材料${files}份` : '尚无佐证材料', years.length ? `${years.join('、')}年申报用过` : '', taken ? '本申请书已有' : ''];
  const small = Object.assign(document.createElement('small'), { className: 'text-secondary d-block' });
  small.textContent = notes.filter(Boolean).join(' · ');
  text.append(words(field, row, island) || '（未填写）', small);
  label.append(box, text);
  return label;
}

function build(field, offered, island, taken) {
  const dialog = Object.assign(document.createElement('dialog'), { className: 'ask library' });
  dialog.setAttribute('aria-labelledby', 'library-title');
  dialog.innerHTML = `<form method="dialog"><h2 id="library-title"></h2><div class="library-rows"></div>
    <div class="ask-buttons"><button class="btn" value="">取消</button><button class="btn btn-primary" value="pick">选入所选各项</button></div></form>`;
  dialog.querySelector('h2').textContent = `从业绩库选择：${field.label}`;
  const list = dialog.querySelector('.library-rows');
  list.append(...offered.map((each) => option(field, each, island, taken.has(each.row._id))));
  if (!offered.length) {
    list.textContent = '业绩库中还没有这一类内容。可先在“我的业绩库”中登记，或从最近一次申报带入。';
    dialog.querySelector('[value=pick]').hidden = true;
  }
  return dialog;
}

function chosen(dialog) {
  return new Promise((resolve) => {
    document.body.append(dialog);
    dialog.addEventListener('close', () => {
      dialog.remove();
      const boxes = [...dialog.querySelectorAll('input:checked:not(:disabled)')];
      resolve(dialog.returnValue === 'pick' ? boxes.map((box) => box.value) : []);
    });
    dialog.showModal();
  });
}

/** Asks which rows to take; `add(rows)` gets their copies. */
export async function pickFromLibrary({ field, rows, island, add }) {
  const answer = await getJson(`${island.libraryUrl}?table=${encodeURIComponent(field.key)}`);
  if (answer.status !== 200) return failed(answer);
  const ids = await chosen(build(field, answer.body.rows, island, new Set(rows.map((row) => row._id))));
  if (!ids.length) return undefined;
  const picked = await postJson(island.libraryUrl, { table: field.key, ids });
  if (picked.status !== 200) return failed(picked);
  Object.assign(island.attachments, picked.body.attachments);
  return add(picked.body.rows);
}
