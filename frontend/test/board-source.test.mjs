// Saving a diagram that nobody edited gives the very file: everything of ours is kept, and not a line differs.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BpmnModdle } from 'bpmn-moddle';
import { dialect } from '../src/studio/board/description.js';
import { keepListNames, keepSpelling } from '../src/studio/board/source.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function written(source) {
  const moddle = new BpmnModdle({ spiffworkflow: dialect });
  const { rootElement, references, warnings } = await moddle.fromXML(source);
  keepListNames(moddle, references);
  const { xml } = await moddle.toXML(rootElement, { format: true });
  return { xml: keepSpelling(source, xml), warnings };
}

async function diagrams() {
  const folders = ['bpmn'];
  for (const notice of await readdir(`${root}/notices`)) folders.push(`notices/${notice}/diagrams`);
  const found = [];
  for (const folder of folders) {
    const names = await readdir(`${root}/${folder}`).catch(() => []);
    found.push(...names.filter((name) => name.endsWith('.bpmn')).map((name) => `${folder}/${name}`));
  }
  return found;
}

test('every shipped diagram comes back to the letter', async () => {
  const shipped = await diagrams();
  assert.ok(shipped.length > 30);
  for (const file of shipped) {
    const source = await readFile(`${root}/${file}`, 'utf8');
    const { xml, warnings } = await written(source);
    assert.deepEqual(warnings, [], file);
    assert.equal(xml.trimEnd(), source.trimEnd(), file);
  }
});

test('a quotation mark inside a value is never taken for its end', () => {
  const original = '<p name="a" value="b" />';
  const other = '<p name="a&#34; value=&#34;b" />';
  assert.equal(keepSpelling(original, other), other);
  assert.equal(keepSpelling(`<p value='body("unit")' />`, '<p value="body(&#34;unit&#34;)" />'), `<p value='body("unit")' />`);
});

test('the list that a task is repeated for keeps its name', async () => {
  const source = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
  <bpmn:process id="p" isExecutable="true">
    <bpmn:userTask id="vote">
      <bpmn:multiInstanceLoopCharacteristics isSequential="true">
        <bpmn:loopDataInputRef>voters</bpmn:loopDataInputRef>
        <bpmn:loopDataOutputRef>votes</bpmn:loopDataOutputRef>
        <bpmn:inputDataItem id="voter" />
        <bpmn:outputDataItem id="vote_given" />
      </bpmn:multiInstanceLoopCharacteristics>
    </bpmn:userTask>
  </bpmn:process>
</bpmn:definitions>`;
  assert.equal((await written(source)).xml.trimEnd(), source);
});
