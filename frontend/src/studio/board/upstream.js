// Which buttons were pressed before a gateway: the values that `decision` can have there.
import { propertiesOf } from './dialect.js';

const FILLED = ['bpmn:UserTask', 'bpmn:ManualTask', 'bpmn:CallActivity'];

/** The words, with `decision` narrowed to the buttons of the forms that are filled last before `node`. */
export function wordsAt(node, words) {
  const forms = lastForms(node);
  const values = words.forms.filter(({ key }) => forms.has(key)).flatMap(({ decisions }) => decisions ?? []);
  if (!values.length) return words;
  return { ...words, variables: words.variables.map((each) => (each.name === 'decision' ? { ...each, values } : each)) };
}

function lastForms(node) {
  const [forms, seen, waiting] = [new Set(), new Set(), [node]];
  while (waiting.length) {
    const each = waiting.pop();
    if (!each || seen.has(each)) continue;
    seen.add(each);
    const form = each !== node && FILLED.includes(each.$type) && propertiesOf(each).form;
    if (form) forms.add(form);
    else waiting.push(...(each.incoming ?? []).map(({ sourceRef }) => sourceRef), each.attachedToRef);
  }
  return forms;
}
