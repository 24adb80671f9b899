// Reading and writing the file: what was not edited keeps its lines to the letter, so that versions differ by what was done.

const QUOTE = '\u0001'; // stands for a quotation mark within a value, so that it is not taken for the value's end

const decoded = (text) => text
  .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex, number) => String.fromCodePoint(parseInt(number, hex ? 16 : 10)).replace('"', QUOTE))
  .replaceAll('&quot;', QUOTE).replaceAll('&apos;', "'").replaceAll('&gt;', '>');

/** One spelling of a line for all that mean the same to a reader of XML: quotes, entities, 60.0 for 60. */
const meaning = (line) => decoded(line
  .replace(/(\s[\w:.-]+=)'([^']*)'/g, (_, name, value) => `${name}"${value.replaceAll('"', '&quot;')}"`)
  .replace(/(="-?\d+)\.0+"/g, '$1"'));

/** `written` with every line that means the same as one of `original` spelled as there. */
export function keepSpelling(original, written) {
  const spelling = new Map(original.split('\n').map((line) => [meaning(line), line]));
  return written.split('\n').map((line) => spelling.get(meaning(line)) ?? line).join('\n');
}

/**
 * A list that an activity is repeated for is named by a plain variable, not by a data object of the diagram; the reader
 * would drop such a name as a reference to nothing.
 */
export function keepListNames(moddle, references) {
  for (const { element, property, id } of references) {
    if (!/^bpmn:loopData(In|Out)putRef$/.test(property)) continue;
    const item = moddle.create('bpmn:DataInput', { id });
    item.$parent = element;
    element.set(property, item);
  }
}
