// A form's JSON as the shipped forms are written: one space a level, and what is small on one line, so that two versions
// can be compared line by line.

const WIDTH = 90;

const flat = (value) => {
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${flat(inner)}`).join(', ')}}`;
};

const entries = (object) => Object.entries(object).filter(([, value]) => value !== undefined);
const simple = (value) => value === null || typeof value !== 'object';
const small = (value) => (Array.isArray(value) ? value : Object.values(value)).every(simple);

function written(value, depth, before) {
  const line = simple(value) ? JSON.stringify(value) : flat(value);
  if (simple(value) || !(Array.isArray(value) ? value.length : entries(value).length)) return line;
  if (small(value) && !value.components && !value.type && depth + before + line.length <= WIDTH) return line;
  const pad = ' '.repeat(depth + 1);
  const inner = Array.isArray(value)
    ? value.map((each) => `${pad}${written(each, depth + 1, 0)}`)
    : entries(value).map(([key, each]) => `${pad}${JSON.stringify(key)}: ${written(each, depth + 1, key.length + 4)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${inner.join(',\n')}\n${' '.repeat(depth)}${close}`;
}

export const formatForm = (schema) => `${written(schema, 0, 0)}\n`;

const FIRST = ['type', 'id', 'key', 'path', 'label']; // of what the file does not have yet
const LAST = ['layout', 'components'];

/** The same form with the properties of every component in the order of `before`, the form it came from, by id. */
export function inOrder(form, before) {
  const known = new Map();
  const collect = (component) => {
    known.set(component.id, Object.keys(component));
    component.components?.forEach(collect);
  };
  collect(before);
  const ordered = (component) => {
    const order = known.get(component.id) ?? FIRST;
    const rank = (key) => (order.includes(key) ? order.indexOf(key) : 100 + LAST.indexOf(key));
    const sorted = Object.entries(component).map(([key, value], at) => [key, value, rank(key) + at / 1000]).sort((a, b) => a[2] - b[2]);
    return Object.fromEntries(sorted.map(([key, value]) => [key, key === 'components' ? value.map(ordered) : value]));
  };
  return ordered(form);
}
