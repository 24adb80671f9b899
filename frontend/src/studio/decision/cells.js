// A cell of a decision table in words, and the cells that ticking values writes. The server alone judges what may stand
// in a cell (app/engine/cells.py); what is not recognised here is shown as it is written.

const LITERAL = /"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?|True|False|None/g;
const ONE = new RegExp(`^(?:${LITERAL.source})$`);
const SIGNS = { '>=': '不小于', '>': '大于', '<=': '不大于', '<': '小于', '==': '', '!=': '不是' };
const DATE_SIGNS = { '>=': '不早于', '>': '晚于', '<=': '不晚于', '<': '早于', '==': '', '!=': '不是' };
const NAMED = { True: '是', False: '否', None: '没有填写' };

export const isAny = (text) => ['', '-'].includes(text.trim());

/** The constants of a list as they are written, `"a","b"` → ['"a"', '"b"']; null where it is something else. */
export function literals(text) {
  const found = text.match(LITERAL) ?? [];
  return text.replace(LITERAL, '').replace(/[,，\s]/g, '') === '' ? found : null;
}

const bare = (literal) => (/^["']/.test(literal) ? literal.slice(1, -1) : literal);

/** A constant for people; `labels` are the words of a form's options by value. */
export function literalWords(literal, labels = {}) {
  if (NAMED[literal]) return NAMED[literal];
  const value = bare(literal);
  return value === '' ? '空白' : labels[value] ?? value;
}

/** A value of the server's as it is written in a cell. */
export const asLiteral = (value) => ({ true: 'True', false: 'False', null: 'None' }[String(value)] ?? (typeof value === 'string' ? `"${value}"` : String(value)));

const outside = (text, word) => text.split(new RegExp(` ${word} (?=(?:[^"]*"[^"]*")*[^"]*$)`));

/** What an input cell says, or null where it is not one of the usual shapes. */
export function conditionWords(text, { labels, type, names = {} } = {}) {
  const written = text.trim();
  if (isAny(written)) return '任意';
  const parts = outside(written, 'or').map((some) => outside(some, 'and').map((one) => simpleWords(one.trim(), { labels, type, names })));
  if (parts.flat().includes(null)) return null;
  return parts.map((some) => some.join('且')).join('，或');
}

function simpleWords(text, { labels, type, names }) {
  const word = (operand) => (ONE.test(operand) ? literalWords(operand, labels) : names[operand]);
  if (ONE.test(text)) return word(text);
  const set = /^\? (not )?in [[(](.*)[\])]$/.exec(text);
  if (set) {
    const values = literals(set[2]);
    if (!values) return null;
    const listed = values.map((each) => literalWords(each, labels)).join('、');
    return set[1] ? `除${listed}以外` : listed;
  }
  const sign = type === 'date' || /"\d{4}-\d\d/.test(text) ? DATE_SIGNS : SIGNS;
  const one = /^(?:\? ?)?(>=|<=|==|!=|>|<) ?(.+)$/.exec(text);
  if (one) return word(one[2]) === undefined ? null : `${sign[one[1]]}${word(one[2])}`;
  const two = /^(.+?) ?(<=|<) ?\? ?(<=|<) ?(.+)$/.exec(text);
  if (!two || word(two[1]) === undefined || word(two[4]) === undefined) return null;
  return `${sign[two[2] === '<' ? '>' : '>=']}${word(two[1])}，${sign[two[3]]}${word(two[4])}`;
}

/** What an output cell gives. */
export function resultWords(text, { labels, names = {} } = {}) {
  const written = text.trim();
  if (written === '') return null;
  if (ONE.test(written)) return literalWords(written, labels);
  const list = /^\[(.*)\]$/.exec(written);
  if (list) return literals(list[1])?.map((each) => literalWords(each, labels)).join('、') || '无';
  return names[written] ? `同“${names[written]}”` : null;
}

/** {chosen: literals, except} of a cell that ticks could have written, else null. */
export function ticked(text) {
  const written = text.trim();
  if (isAny(written)) return { chosen: [], except: false };
  if (ONE.test(written)) return { chosen: [written], except: false };
  const set = /^\? (not )?in \[(.*)\]$/.exec(written);
  if (set) {
    const chosen = literals(set[2]);
    return chosen && { chosen, except: Boolean(set[1]) };
  }
  const same = outside(written, 'or').map((part) => /^\? == (.+)$/.exec(part.trim())?.[1]);
  return same.every((each) => each && ONE.test(each)) ? { chosen: same, except: false } : null;
}

/** The cell for these ticks; nothing ticked, or everything, is any value. */
export function fromTicks(chosen, except, all) {
  if (!chosen.length || (!except && chosen.length === all.length)) return '';
  if (chosen.length === 1 && !except) return chosen[0];
  return `? ${except ? 'not ' : ''}in [${chosen.join(', ')}]`;
}

const straight = (text) => text.replace(/[“”]/g, '"').replace(/≥/g, '>=').replace(/≤/g, '<=').replace(/≠/g, '!=').replace(/？/g, '?');

/** What somebody typed without thinking of quotes, as the column wants it: 硕士 → "硕士"; conditions stay. */
export function tidyCondition(typed, type, names = []) {
  return quoted(straight(typed.trim()), type, names, /[?"'<>=[\]()]/);
}

/** The same for a result: whatever is no constant, list or input becomes a text in a column of texts. */
export function tidyResult(typed, type, names = []) {
  const text = typed.trim();
  if (/^“[^“”]*”$/.test(text)) return straight(text);
  return quoted(text, type, names, /^[["'].*[\]"']$/s);
}

function quoted(text, type, names, written) {
  if (isAny(text) || (ONE.test(text) && type !== 'string') || /^["'].*["']$/.test(text) || NAMED[text] || names.includes(text)) return text;
  if (type === 'boolean' && ['是', '否'].includes(text)) return text === '是' ? 'True' : 'False';
  const date = /^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$/.exec(text);
  if (date && type === 'date') return `"${date[1]}-${date[2].padStart(2, '0')}-${date[3].padStart(2, '0')}"`;
  return type === 'string' && !written.test(text) ? `"${text}"` : text;
}
