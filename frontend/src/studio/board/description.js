// The engine's extensions of BPMN that our diagrams use, as bpmn-moddle wants them described.

const text = (name) => ({ name, superClass: ['Element'], properties: [{ name: 'value', isBody: true, type: 'String' }] });
const attribute = (name) => ({ name, isAttr: true, type: 'String' });

export const dialect = {
  name: 'SpiffWorkflow',
  prefix: 'spiffworkflow',
  uri: 'http://spiffworkflow.org/bpmn/schema/1.0/core',
  xml: { tagAlias: 'lowerCase' },
  associations: [],
  types: [
    { name: 'Properties', superClass: ['Element'], properties: [{ name: 'properties', type: 'Property', isMany: true }] },
    { name: 'Property', superClass: ['Element'], properties: [attribute('name'), attribute('value')] },
    ...['PreScript', 'PostScript', 'CalledDecisionId', 'MessageVariable'].map(text),
  ],
};
