// The conditions most fields have, between their FEEL and the choices of a form: one field, one comparison. Anything else
// is written by hand; what is right is for the server to say (app/domain/forms/feel.py).

const LITERAL = String.raw`"[^"\\]*"|true|false|null|-?\d+(?:\.\d+)?`;
const COMPARISON = new RegExp(String.raw`^([a-z_]\w*) (=|!=|>=|<=|>|<|in) (${LITERAL}|\[(?:(?:${LITERAL})(?:, ?)?)*\])$`, 'i');
const EACH = new RegExp(LITERAL, 'g');

export const MODES = { always: '总是显示', show: '符合条件时才显示', hide: '符合条件时隐藏', own: '自己写条件' };
export const SIGNS = { '=': '是', '!=': '不是', '>=': '不小于', '<=': '不大于', '>': '大于', '<': '小于' };

/** {mode, key, sign, values: literals, text} of a `conditional.hide`. */
export function readCondition(hide) {
  if (!hide) return { mode: 'always', text: '' };
  const text = hide.replace(/^=/, '').trim();
  const inside = /^not\((.*)\)$/.exec(text)?.[1];
  const found = COMPARISON.exec(inside ?? text);
  if (!found) return { mode: 'own', text: hide };
  const [, key, sign, literal] = found;
  return { mode: inside === undefined ? 'hide' : 'show', key, sign: sign === 'in' ? '=' : sign, values: literal.match(EACH) ?? [], text: hide };
}

/** The `conditional` of a component: undefined where it is always shown or still incomplete. */
export function writeCondition({ mode, key, sign = '=', values = [], text }) {
  if (mode === 'own') return text?.trim() ? { hide: text.trim().startsWith('=') ? text.trim() : `=${text.trim()}` } : undefined;
  if (mode === 'always' || !key || !values.length) return undefined;
  const comparison = values.length > 1 ? `${key} in [${values.join(', ')}]` : `${key} ${sign} ${values[0]}`;
  return { hide: mode === 'show' ? `=not(${comparison})` : `=${comparison}` };
}

/** What somebody types to compare with, as a literal: numbers stay, everything else is text. */
export const literalOf = (typed) => (/^-?\d+(\.\d+)?$/.test(typed) ? typed : `"${typed.replace(/["\\]/g, '')}"`);

export const typedOf = (literal = '') => literal.replace(/^"|"$/g, '');

/** Fields whose values a condition of `component` may read: the form's own and, in a table, the columns beside it. */
export function readable(schema, component) {
  const found = [];
  const walk = (components, table) => {
    for (const each of components ?? []) {
      const inner = each.type === 'dynamiclist' ? each : table;
      if (each.key && each !== component && (!table || holds(table, component))) found.push(each);
      walk(each.components, inner);
    }
  };
  walk(schema.components, null);
  return found;
}

const holds = (container, component) => (container.components ?? []).some((each) => each === component || holds(each, component));
