// What the diagram editor writes into an element, and what it lets a designer draw.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BpmnModdle } from 'bpmn-moddle';
import { dialect } from '../src/studio/board/description.js';
import { bodyOf, propertiesOf, withBody, withProperty } from '../src/studio/board/dialect.js';
import { wordsAt } from '../src/studio/board/upstream.js';
import { usableChanges, usablePad, usableToggles } from '../src/studio/board/usable.js';

const moddle = new BpmnModdle({ spiffworkflow: dialect });

async function task(inside) {
  const { rootElement } = await moddle.fromXML(`<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d" targetNamespace="t">
    <bpmn:process id="p"><bpmn:userTask id="check">${inside}</bpmn:userTask></bpmn:process></bpmn:definitions>`);
  return rootElement.rootElements[0].flowElements[0];
}

const FULL = `<bpmn:extensionElements>
  <spiffworkflow:properties><spiffworkflow:property name="form" value="one" /><spiffworkflow:property name="unknown" value="kept" /></spiffworkflow:properties>
  <spiffworkflow:preScript>a = 1</spiffworkflow:preScript></bpmn:extensionElements>`;

test('one property changes in its place, the others and the scripts stay', async () => {
  const bo = await task(FULL);
  bo.extensionElements = withProperty(moddle, bo, 'form', 'two');
  bo.extensionElements = withProperty(moddle, bo, 'organisation', 'body("unit")');
  assert.deepEqual(Object.entries(propertiesOf(bo)), [['form', 'two'], ['unknown', 'kept'], ['organisation', 'body("unit")']]);
  assert.equal(bodyOf(bo, 'PreScript'), 'a = 1');
  assert.deepEqual(bo.extensionElements.values.map(({ $type }) => $type), ['spiffworkflow:Properties', 'spiffworkflow:PreScript']);
});

test('what is emptied leaves nothing behind', async () => {
  const bo = await task('');
  bo.extensionElements = withBody(moddle, bo, 'PostScript', 'b = 2');
  bo.extensionElements = withProperty(moddle, bo, 'form', 'one');
  assert.equal(bo.extensionElements.values[0].$type, 'spiffworkflow:Properties');
  bo.extensionElements = withProperty(moddle, bo, 'form', '');
  bo.extensionElements = withBody(moddle, bo, 'PostScript', '');
  assert.equal(bo.extensionElements, undefined);
});

test('the menus offer only what the engine carries out as it reads', async () => {
  const offered = ['user-task', 'service-task', 'inclusive-gateway', 'parallel-gateway', 'event-subprocess', 'conditional-boundary',
    'compensation-boundary', 'non-interrupting-message-boundary', 'terminate-end', 'link-intermediate-catch', 'data-store-reference'];
  const entries = Object.fromEntries(offered.map((name) => [`replace-with-${name}`, {}]));
  assert.deepEqual(Object.keys(usableChanges(entries)), ['user-task', 'parallel-gateway', 'terminate-end'].map((name) => `replace-with-${name}`));
  assert.deepEqual(Object.keys(usablePad({ connect: {}, 'append.condition-intermediate-event': {}, 'append.end-event': {} })), ['connect', 'append.end-event']);
  const toggles = { 'toggle-loop': {}, 'toggle-parallel-mi': {}, 'toggle-non-interrupting': {} };
  const event = (kind) => ({ $type: 'bpmn:BoundaryEvent', eventDefinitions: [{ $type: `bpmn:${kind}EventDefinition` }] });
  assert.deepEqual(Object.keys(usableToggles(toggles, event('Message'))), []);
  assert.deepEqual(Object.keys(usableToggles(toggles, event('Timer'))), ['toggle-non-interrupting']);
  assert.deepEqual(Object.keys(usableToggles(toggles, { $type: 'bpmn:UserTask' })), ['toggle-parallel-mi']);
  assert.deepEqual(Object.keys(usableToggles(toggles, { $type: 'bpmn:ScriptTask' })), []);
});

test('behind a task a condition is offered the buttons of its form, not those of every form', async () => {
  const bo = await task(FULL);
  const gateway = { $type: 'bpmn:ExclusiveGateway', incoming: [{ sourceRef: bo }] };
  const [pass, back] = [{ value: 'pass', label: '审核通过' }, { value: 'back', label: '退回' }];
  const words = { forms: [{ key: 'one', decisions: [pass] }, { key: 'two', decisions: [back] }], variables: [{ name: 'decision', values: [pass, back] }] };
  assert.deepEqual(wordsAt(gateway, words).variables[0].values, [pass]);
  assert.deepEqual(wordsAt({ $type: 'bpmn:ExclusiveGateway' }, words).variables[0].values, [pass, back]);
});
