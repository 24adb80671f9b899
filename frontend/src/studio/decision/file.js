// Between the DMN file and the table: the table's own part is written anew, the rest of the file stays to the letter.

const own = (element, name) => [...element.children].filter(({ localName }) => localName === name);
const textOf = (element) => (element ? own(element, 'text')[0]?.textContent.trim() ?? '' : '');

/** The table in `xml`; null where there is none that can be shown. */
export function readTable(xml) {
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  const decisions = [...document.getElementsByTagNameNS('*', 'decision')];
  const table = decisions.length === 1 ? own(decisions[0], 'decisionTable')[0] : null;
  if (!table || document.getElementsByTagName('parsererror').length) return null;
  return {
    id: decisions[0].getAttribute('id'),
    name: decisions[0].getAttribute('name') ?? '',
    policy: table.getAttribute('hitPolicy') ?? 'UNIQUE',
    tableId: table.getAttribute('id') ?? '',
    inputs: own(table, 'input').map(readInput),
    outputs: own(table, 'output').map(readOutput),
    rules: own(table, 'rule').map(readRule),
  };
}

function readInput(node) {
  const [asked] = own(node, 'inputExpression');
  const [values] = own(node, 'inputValues');
  const name = textOf(asked);
  return {
    id: node.getAttribute('id'),
    label: node.getAttribute('label') ?? name,
    name,
    type: asked?.getAttribute('typeRef') ?? 'string',
    values: textOf(values),
    askedId: asked?.getAttribute('id'),
    valuesId: values?.getAttribute('id'),
  };
}

function readOutput(node) {
  const [values] = own(node, 'outputValues');
  return {
    id: node.getAttribute('id'),
    label: node.getAttribute('label') ?? node.getAttribute('name'),
    name: node.getAttribute('name') ?? '',
    type: node.getAttribute('typeRef') ?? 'string',
    values: textOf(values),
    valuesId: values?.getAttribute('id'),
  };
}

function readRule(node, index) {
  const cell = (entry, at) => ({ id: entry.getAttribute('id') ?? `cell_${index}_${at}`, text: textOf(entry) });
  return {
    id: node.getAttribute('id') ?? `rule_${index}`,
    note: own(node, 'description')[0]?.textContent ?? '',
    cells: own(node, 'inputEntry').map(cell),
    results: own(node, 'outputEntry').map(cell),
  };
}

const escape = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const attribute = (text) => escape(text).replace(/"/g, '&quot;');

/** `xml` with this table in place of its own. */
export function writeTable(xml, table) {
  const part = /<((?:\w+:)?)decisionTable\b[^>]*?(?:\/>|>[\s\S]*<\/\1decisionTable>)/;
  const prefix = part.exec(xml)[1];
  return xml
    .replace(part, () => tableXml(table, prefix))
    .replace(/(<(?:\w+:)?decision\s[^>]*?\bname=")[^"]*(")/, (_, before, after) => `${before}${attribute(table.name)}${after}`);
}

function tableXml(table, prefix) {
  const lines = [];
  const element = (depth, name, attributes, inner) => {
    const shown = Object.entries(attributes).filter(([, value]) => value).map(([key, value]) => ` ${key}="${attribute(value)}"`);
    const head = `${'  '.repeat(depth)}<${prefix}${name}${shown.join('')}`;
    if (inner === undefined) {
      lines.push(`${head} />`);
    } else if (typeof inner === 'function') {
      lines.push(`${head}>`);
      inner();
      lines.push(`${'  '.repeat(depth)}</${prefix}${name}>`);
    } else {
      lines.push(`${head}>${escape(inner)}</${prefix}${name}>`);
    }
  };
  const cell = (name, { id, text }) => element(4, name, { id }, () => element(5, 'text', {}, text));
  const values = (name, column) => column.values && element(
    4, name, { id: column.valuesId ?? `${column.id}_values` }, () => element(5, 'text', {}, column.values),
  );
  element(2, 'decisionTable', { id: table.tableId, hitPolicy: table.policy }, () => {
    for (const column of table.inputs) {
      element(3, 'input', { id: column.id, label: column.label }, () => {
        const asked = { id: column.askedId ?? `${column.id}_asked`, typeRef: column.type };
        element(4, 'inputExpression', asked, () => element(5, 'text', {}, column.name));
        values('inputValues', column);
      });
    }
    for (const column of table.outputs) {
      const head = { id: column.id, label: column.label, name: column.name, typeRef: column.type };
      element(3, 'output', head, column.values ? () => values('outputValues', column) : undefined);
    }
    for (const rule of table.rules) {
      element(3, 'rule', { id: rule.id }, () => {
        if (rule.note) element(4, 'description', {}, rule.note);
        rule.cells.forEach((each) => cell('inputEntry', each));
        rule.results.forEach((each) => cell('outputEntry', each));
      });
    }
  });
  return lines.join('\n').trimStart();
}
