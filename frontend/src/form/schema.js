// From the schema as the designer saved it to what the viewer draws.

const mapComponents = (components, change) => (components ?? []).flatMap((component) => {
  const changed = change(component);
  if (!changed) return [];
  return [changed.components ? { ...changed, components: mapComponents(changed.components, change) } : changed];
});

/** A table of records is one field to the viewer: its columns are drawn in the side panel, not in the form. */
function asRecords({ components, path, isRepeating, ...rest }) {
  return { ...rest, type: 'records', key: path ?? rest.key, columns: components ?? [] };
}

/** A group's `help` stands under its title. */
function withHelp({ help, ...group }) {
  const text = { type: 'text', id: `${group.id}_help`, text: help };
  return { ...group, components: [text, ...group.components] };
}

/** {schema, decision}: `decision` is the field whose options become the buttons of the decision bar, or null. */
export function prepareSchema(schema) {
  let decision = null;
  const components = mapComponents(schema.components, (component) => {
    if (component.key === 'decision') {
      decision = component;
      return null;
    }
    if (component.type === 'dynamiclist' && component.view === 'table') return asRecords(component);
    return component.type === 'group' && component.help ? withHelp(component) : component;
  });
  return { schema: { ...schema, components }, decision };
}

/** Top-level keys under which the form's fields keep their values. */
export function valueKeys(components) {
  return (components ?? []).flatMap((component) => {
    if (component.path) return [component.path.split('.')[0]];
    if (component.components) return valueKeys(component.components);
    return component.key ? [component.key.split('.')[0]] : [];
  });
}

/** The parts the navigator lists: groups with a title and tables of records, at the top of the form. */
export const sectionsOf = (schema) => schema.components.filter(
  (component) => component.label && (component.components || component.type === 'records'),
);

/** Field with `key` anywhere in the schema (not inside a table), or undefined. */
export function findField(components, key) {
  for (const component of components ?? []) {
    if (component.key === key) return component;
    const inside = findField(component.components, key);
    if (inside) return inside;
  }
  return undefined;
}
