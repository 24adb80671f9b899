// Findings on the drawing: a badge on each element that has some.

import { kindOf } from './texts.js';

const TYPE = 'finding';
const LEVELS = { error: '错误', warning: '提示', import: '导入' };

/** `choose(id)` is called when a badge is pressed. */
export function markFindings(modeler, findings, choose) {
  const overlays = modeler.get('overlays');
  const registry = modeler.get('elementRegistry');
  overlays.remove({ type: TYPE });
  for (const id of new Set(findings.map(({ element }) => element))) {
    const found = findings.filter(({ element }) => element === id);
    if (id && registry.get(id)?.parent) overlays.add(id, TYPE, { position: { top: -12, left: -12 }, scale: { min: 0.75 }, html: badge(id, found, choose) });
  }
}

function badge(id, found, choose) {
  const button = document.createElement('button');
  const wrong = found.some(({ level }) => level === 'error');
  button.type = 'button';
  button.className = `board-badge is-${wrong ? 'error' : 'warning'}`;
  button.textContent = wrong ? '！' : '?';
  button.dataset.ownWords = '';
  button.title = found.map(({ message, remedy }) => `${message}\n改法：${remedy}`).join('\n');
  button.setAttribute('aria-label', `${found.length}处问题：${found[0].message}`);
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    choose(id);
  });
  return button;
}

const NUMBERED = /\b(?:Flow|Gateway|Activity|Event|Lane|Participant|TextAnnotation)_[0-9a-z]{7}\b/g;

/** A sentence with the numbers that the modeller gave replaced by what the designer sees: “甲→乙” for a flow without a name. */
export const naming = (registry) => (text) => text.replace(NUMBERED, (id) => {
  const bo = registry.get(id)?.businessObject;
  const called = (node) => node?.name?.replace(/\s+/g, '') || (node && kindOf(node)) || '？';
  if (!bo) return id;
  return bo.$type === 'bpmn:SequenceFlow' ? `“${called(bo.sourceRef)}→${called(bo.targetRef)}”` : `“${called(bo)}”`;
});

/** The list below the drawing; pressing a line leads to its element, `seenTo()` is called when what an import left out is done. */
export function listFindings(place, findings, choose, seenTo) {
  const errors = findings.filter(({ level }) => level === 'error').length;
  const imported = findings.filter(({ level }) => level === 'import').length;
  const counted = [`${errors}处错误`, `${findings.length - errors - imported}处提示`, ...(imported ? [`导入时${imported}处须核对`] : [])];
  const words = findings.length ? counted.join('，') : '没有发现问题';
  const title = document.createElement('summary');
  title.textContent = `检查：${words}`;
  const list = document.createElement('ol');
  for (const { level, element, message, remedy, line } of findings) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `board-finding is-${level}`;
    button.dataset.ownWords = '';
    const where = !element && line ? `第${line}行：` : '';
    button.append(strong(LEVELS[level]), ` ${where}${message}`, remedyOf(remedy));
    button.addEventListener('click', () => choose(element));
    const item = document.createElement('li');
    item.append(button);
    list.append(item);
  }
  if (!place.dataset.told) place.open = errors > 0; // later it opens and closes only by hand: the drawing above would jump
  place.dataset.told = 'yes';
  place.classList.toggle('has-errors', errors > 0);
  place.replaceChildren(title, list, ...(imported ? [dismissal(seenTo)] : []));
}

function dismissal(seenTo) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn btn-sm m-2';
  button.textContent = '导入的各处已核对，不再列出';
  button.addEventListener('click', seenTo);
  return button;
}

function strong(text) {
  const mark = document.createElement('strong');
  mark.textContent = text;
  return mark;
}

function remedyOf(remedy) {
  const line = document.createElement('small');
  line.textContent = `改法：${remedy}`;
  return line;
}
