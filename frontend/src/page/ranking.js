// 推荐排序: rows are dragged or moved by buttons at once; numbers follow, and the form keeps what stands.

export function startRanking() {
  for (const form of document.querySelectorAll('form[data-ranking]')) watch(form);
}

function watch(form) {
  const body = form.querySelector('tbody');
  const rows = () => [...body.querySelectorAll('tr[data-row]')];
  const recommended = (row) => !row.querySelector('input[type=radio][value=no]')?.checked;
  const number = () => {
    let rank = 0;
    for (const row of rows()) {
      row.querySelector('.ranking-number').value = recommended(row) ? (rank += 1) : '';
    }
  };
  const told = form.querySelector('[data-moved]');
  const place = (row, before) => {
    body.insertBefore(row, before);
    number();
    told.textContent = `${row.querySelector('strong').textContent}：第${rows().indexOf(row) + 1}位`;
  };

  form.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-move]');
    if (!button) return;
    event.preventDefault(); // without scripts the button's own value does the same on the server
    const row = button.closest('tr');
    if (button.dataset.move === '-1' && row.previousElementSibling) place(row, row.previousElementSibling);
    if (button.dataset.move === '1' && row.nextElementSibling) place(row, row.nextElementSibling.nextElementSibling);
    button.focus();
  });
  form.addEventListener('change', ({ target }) => {
    const row = target.closest('tr[data-row]');
    if (target.matches('input[type=radio]')) number();
    if (!row || !target.matches('.ranking-number')) return;
    const wanted = Number.parseInt(target.value, 10);
    if (!Number.isInteger(wanted)) return;
    const others = rows().filter((each) => each !== row);
    place(row, others[Math.max(1, wanted) - 1] ?? null);
    target.focus();
  });
  drag(body, rows, place);
}

function drag(body, rows, place) {
  let moving = null;
  body.addEventListener('dragstart', ({ target }) => {
    moving = target.closest?.('tr[data-row]');
    moving?.classList.add('is-moving');
  });
  body.addEventListener('dragend', () => {
    moving?.classList.remove('is-moving');
    moving = null;
  });
  body.addEventListener('dragover', (event) => {
    const over = event.target.closest('tr[data-row]');
    if (!moving || !over || over === moving) return;
    event.preventDefault();
    const below = rows().indexOf(moving) < rows().indexOf(over);
    place(moving, below ? over.nextElementSibling : over);
  });
  body.addEventListener('drop', (event) => event.preventDefault());
}
