// What the engine reads of ours in an element: properties, scripts, decision; and the same with one thing changed.
const PREFIX = 'spiffworkflow';
const isOurs = (value, name) => value.$type === `${PREFIX}:${name}`;

const held = (bo) => bo.get('extensionElements')?.get('values') ?? [];

/** Name → value of the element's properties. */
export function propertiesOf(bo) {
  const found = held(bo).find((value) => isOurs(value, 'Properties'));
  return Object.fromEntries((found?.get('properties') ?? []).map(({ name, value }) => [name, value ?? '']));
}

/** The text of `PreScript`, `PostScript`, `CalledDecisionId` or `MessageVariable`. */
export const bodyOf = (bo, name) => held(bo).find((value) => isOurs(value, name))?.value ?? '';

/** The element's extensionElements with that property set (or, for an empty value, gone); undefined when nothing is left. */
export function withProperty(moddle, bo, name, value) {
  const before = held(bo).find((each) => isOurs(each, 'Properties'));
  const kept = (before?.get('properties') ?? []).map((each) => [each.name, each.value]);
  const at = kept.findIndex(([key]) => key === name);
  if (at >= 0) kept.splice(at, 1, ...(value ? [[name, value]] : []));
  else if (value) kept.push([name, value]);
  const after = moddle.create(`${PREFIX}:Properties`);
  after.properties = kept.map(([key, text]) => child(after, moddle.create(`${PREFIX}:Property`, { name: key, value: text })));
  return replaced(moddle, bo, before, kept.length ? after : null, true);
}

/** The same for a text of its own element, such as a script. */
export function withBody(moddle, bo, name, value) {
  const before = held(bo).find((each) => isOurs(each, name));
  return replaced(moddle, bo, before, value ? moddle.create(`${PREFIX}:${name}`, { value }) : null, false);
}

function replaced(moddle, bo, before, after, first) {
  const values = held(bo).filter((each) => each !== before);
  const at = before ? held(bo).indexOf(before) : first ? 0 : values.length;
  if (after) values.splice(at, 0, after);
  if (!values.length) return undefined;
  const extension = moddle.create('bpmn:ExtensionElements');
  extension.values = values.map((each) => child(extension, each));
  extension.$parent = bo;
  return extension;
}

function child(parent, element) {
  element.$parent = parent;
  return element;
}
