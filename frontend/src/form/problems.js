// The list of what must be mended, on top of the form; each entry leads to its field.

function line(problem, goTo) {
  const item = document.createElement('li');
  if (problem.field && goTo.knows(problem.field)) {
    const link = document.createElement('a');
    link.href = '#';
    link.textContent = problem.message;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      goTo.field(problem.field);
    });
    item.append(link);
  } else {
    item.append(problem.message);
  }
  const small = [problem.clause && `依据：${problem.clause}`, problem.contact && `咨询：${problem.contact}`].filter(Boolean);
  if (small.length) {
    const note = document.createElement('small');
    note.textContent = small.join('　');
    item.append(note);
  }
  return item;
}

/** Shows `problems` ({message, field?, clause?, contact?}) in `place` and moves the focus there; [] clears it. */
export function showProblems(place, problems, goTo, title = '还有内容需要更正') {
  place.replaceChildren();
  place.hidden = problems.length === 0;
  if (!problems.length) return;
  const heading = document.createElement('h2');
  heading.textContent = `${title}（${problems.length} 项）`;
  const list = document.createElement('ol');
  list.append(...problems.map((problem) => line(problem, goTo)));
  place.append(heading, list);
  place.focus();
  place.scrollIntoView({ block: 'start' });
}
