// What can be chosen in a column: its predefined values, 是 and 否, or the options of the form's field of that name.
import { literals, literalWords } from './cells.js';

const BOOLEAN = ['True', 'False'];

/** Literals that may stand in the column's cells, [] where anything may. */
export function optionsOf(column, choices) {
  const listed = column.values && !column.values.includes('?') ? literals(column.values) : null;
  if (listed?.length) return listed;
  if (column.type === 'boolean') return BOOLEAN;
  if (column.values) return [];
  return column.type === 'string' ? Object.keys(choices[column.name] ?? {}).map((value) => `"${value}"`) : [];
}

export const addOptions = (column, found) => [column.values, ...found].join(',');

/** `"a","b"` ↔ one value a line; a range of numbers stays one line. */
export const valueLines = (column) => (column.values.includes('?') ? column.values : (literals(column.values) ?? [column.values]).filter(Boolean)
  .map((literal) => (/^"/.test(literal) ? literal.slice(1, -1) || '""' : literal)).join('\n'));

export function valuesFrom(lines, type) {
  const written = lines.split('\n').map((line) => line.trim()).filter(Boolean);
  if (written.some((line) => line.includes('?'))) return written.join(' and ');
  const plain = ['string', 'date'].includes(type);
  return written.map((line) => (plain && line !== '""' ? `"${line.replace(/^"|"$/g, '')}"` : line)).join(',');
}

export const labelsOf = (column, choices) => choices[column.name] ?? {};

/** [literal, words] for lists; the code stands behind the words where they differ. */
export const named = (options, labels) => options.map((literal) => [literal, literalWords(literal, labels)]);

/** The value that goes to the server when the column is tried out. */
export function triedValue(written, type) {
  if (written === undefined || written === 'None') return null;
  if (written === 'True' || written === 'False') return written === 'True';
  if (/^".*"$/.test(written)) return written.slice(1, -1);
  const number = Number(written);
  return ['integer', 'double', 'number', 'long'].includes(type) && written !== '' && !Number.isNaN(number) ? number : written;
}
