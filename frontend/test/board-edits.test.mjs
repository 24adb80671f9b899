// What one change of the panel leaves in the file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BpmnModdle } from 'bpmn-moddle';
import { dialect } from '../src/studio/board/description.js';
import { Edits } from '../src/studio/board/edits.js';

const moddle = new BpmnModdle({ spiffworkflow: dialect });
const put = (target, values) => Object.entries(values).forEach(([name, value]) => target.set(name, value));
const modeling = {
  updateProperties: (element, values) => put(element.businessObject, values),
  updateModdleProperties: (_element, part, values) => put(part, values),
};

/** Edits of the element with that id in a process of `inside`, and the file afterwards. */
async function open(inside, id) {
  const { rootElement, elementsById } = await moddle.fromXML(`<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d" targetNamespace="t">
    <bpmn:process id="p">${inside}</bpmn:process><bpmn:error id="OLD" name="旧" errorCode="OLD" /></bpmn:definitions>`);
  const element = { id, businessObject: elementsById[id] };
  const elementRegistry = new Map([[id, element]]);
  const modeler = { get: (name) => ({ modeling, moddle, elementRegistry })[name], getDefinitions: () => rootElement };
  const edits = new Edits(modeler, element, elementsById[id]);
  const written = async () => (await moddle.toXML(rootElement, { format: true })).xml.replace(/\s*\n\s*/g, '');
  return { edits, bo: elementsById[id], written, elementRegistry };
}

test('a task is done for every item of a list, or so many times, or once again', async () => {
  const { edits, bo, written } = await open('<bpmn:userTask id="vote" />', 'vote');
  edits.repeats({ isSequential: true });
  const loop = bo.loopCharacteristics;
  edits.loopName(loop, 'loopDataInputRef', 'voters');
  edits.loopName(loop, 'inputDataItem', 'voter');
  edits.loopName(loop, 'loopDataOutputRef', 'votes');
  edits.loopName(loop, 'outputDataItem', 'given');
  edits.inner(loop, { completionCondition: edits.expression('len(votes) > 2', loop) });
  assert.ok((await written()).includes('<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
    + '<bpmn:loopDataInputRef>voters</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>votes</bpmn:loopDataOutputRef>'
    + '<bpmn:inputDataItem id="voter" /><bpmn:outputDataItem id="given" />'
    + '<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">len(votes) &gt; 2</bpmn:completionCondition>'), await written());
  edits.repeats({ isSequential: false });
  assert.equal(bo.loopCharacteristics, loop);
  edits.repeats(null);
  assert.ok((await written()).includes('<bpmn:userTask id="vote" />'));
});

test('an event speaks of an error or message that is declared, or of a new one declared beside its like', async () => {
  const end = '<bpmn:endEvent id="end"><bpmn:errorEventDefinition id="e" /></bpmn:endEvent>';
  const { edits, written } = await open(end, 'end');
  edits.refer('Error', 'REFUSED', { name: '不予受理', errorCode: 'REFUSED' });
  assert.ok((await written()).includes('<bpmn:errorEventDefinition id="e" errorRef="REFUSED" />'));
  assert.ok((await written()).endsWith('<bpmn:error id="OLD" name="旧" errorCode="OLD" />'
    + '<bpmn:error id="REFUSED" name="不予受理" errorCode="REFUSED" /></bpmn:definitions>'));
  edits.refer('Error', 'OLD');
  assert.equal((await written()).match(/<bpmn:error /g).length, 2);
  edits.refer('Error', '');
  assert.ok((await written()).includes('<bpmn:errorEventDefinition id="e" />'));

  const catching = '<bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition id="m" /></bpmn:intermediateCatchEvent>';
  const waiting = await open(catching, 'wait');
  waiting.edits.refer('Message', 'message_closed', { name: 'closed' });
  waiting.edits.variable(waiting.bo.eventDefinitions[0], 'result');
  const xml = await waiting.written();
  assert.ok(xml.includes('<bpmn:messageEventDefinition id="m" messageRef="message_closed"><bpmn:extensionElements>'
    + '<spiffworkflow:messageVariable>result</spiffworkflow:messageVariable>'), xml);
  assert.ok(xml.includes('</bpmn:process><bpmn:message id="message_closed" name="closed" />'), xml);
});

test('what was still being typed when its element was deleted goes with it', async () => {
  const { edits, bo, elementRegistry } = await open('<bpmn:userTask id="check" />', 'check');
  elementRegistry.clear();
  edits.property('form', 'one');
  assert.equal(bo.extensionElements, undefined);
});

test('documentation and conditions come and go', async () => {
  const { edits, written } = await open('<bpmn:startEvent id="a" /><bpmn:endEvent id="b" /><bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b" />', 'f');
  edits.documentation('说明');
  edits.attributes({ conditionExpression: edits.expression('decision == "pass"') });
  assert.ok((await written()).includes('<bpmn:documentation>说明</bpmn:documentation>'
    + '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">decision == "pass"</bpmn:conditionExpression>'));
  edits.documentation('');
  edits.attributes({ conditionExpression: edits.expression('') });
  assert.ok((await written()).includes('<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b" />'));
});
