// The workspace of a correction beside its form: how many items are answered already, and the way to what each opens.

const answered = (row) => Boolean(row.reply?.trim());

function sentence(open) {
  return open.length ? `尚未答复：第${open.join('、')}项。` : '所列各项均已答复，可以提交。';
}

/** Writes the count, the sentence and each item's mark from the replies in the form's `correction_items`. */
function paint(box, rows) {
  const open = rows.flatMap((row, index) => (answered(row) ? [] : [index + 1]));
  box.querySelector('[data-replies-count]').textContent = `${rows.length - open.length} / ${rows.length} 已答复`;
  box.querySelector('[data-replies-open]').textContent = sentence(open);
  box.querySelectorAll('[data-reply-mark]').forEach((mark, index) => {
    const done = rows[index] && answered(rows[index]);
    mark.textContent = done ? '已答复' : '未办';
    mark.classList.toggle('mark-due', !done);
  });
}

/** `knows(key)`: the form has this field or table; `go(path)` brings the reader there. */
export function followReplies(form, { knows, go }) {
  const box = document.querySelector('[data-replies]');
  if (!box) return;
  const data = () => form._getState().data;
  form.on('changed', () => paint(box, data().correction_items ?? []));
  for (const button of box.querySelectorAll('[data-goes-to]')) {
    const { goesTo: key, row } = button.dataset;
    button.hidden = !knows(key);
    button.addEventListener('click', () => {
      const index = row ? (data()[key] ?? []).findIndex(({ _id }) => _id === row) : -1;
      go(index < 0 ? key : `${key}.${index}`);
    });
  }
}
