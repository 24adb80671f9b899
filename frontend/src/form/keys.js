// Keys that lead to what is still to be filled in.
const BOXES = 'textarea, select, input:not([type=checkbox], [type=radio], [type=file], :disabled, [readonly])';

const shown = (element) => element.checkVisibility();

/** The first empty box, else the first one. */
function nextEmpty(place) {
  const boxes = [...place.querySelectorAll(BOXES)].filter(shown);
  const box = boxes.find(({ value }) => !value) ?? boxes[0];
  box?.focus();
  box?.scrollIntoView({ block: 'center' });
}

const allMet = (place) => [...place.querySelectorAll('.checkpoints-all')].find(shown);

export const fillingKeys = (place) => [
  { keys: ['f'], words: '到第一处未填的内容', run: () => nextEmpty(place), when: () => place.querySelector(BOXES) !== null },
  { keys: ['a'], words: '审核要点全部符合', run: () => allMet(place).click(), when: () => Boolean(allMet(place)) },
];
