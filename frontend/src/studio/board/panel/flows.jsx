// Where the way divides: a gateway's question with its answers, and one answer by itself.
import { wordsAt } from '../upstream.js';
import { Code } from './code.jsx';
import { Check, Group, Text } from './fields.jsx';

const isChoice = (bo) => bo.$type === 'bpmn:ExclusiveGateway';

export function Gateway({ edits, words, readonly, board }) {
  const flows = edits.bo.outgoing ?? [];
  if (!isChoice(edits.bo) || flows.length < 2) return null;
  return (
    <Group title="出口">
      {flows.map((flow) => <Answer key={flow.id} flow={flow} edits={board.editsOf(flow.id)} words={words} readonly={readonly} choose={() => board.choose(flow.id)} />)}
    </Group>
  );
}

function Answer({ flow, edits, words, readonly, choose }) {
  const byDefault = flow.sourceRef.default === flow;
  return (
    <div class="board-answer">
      <button type="button" class="link-button" onClick={choose}>
        通往 <span data-own-words>{flow.targetRef?.name || flow.targetRef?.id || '（未连接）'}</span>
      </button>
      <Text label="回答" value={flow.name ?? ''} set={(name) => edits.attributes({ name: name || undefined })} readonly={readonly} />
      <Condition flow={flow} edits={edits} words={words} readonly={readonly} byDefault={byDefault} />
    </div>
  );
}

export function Flow({ edits, words, readonly }) {
  const { bo: flow } = edits;
  if (!isChoice(flow.sourceRef) && !flow.conditionExpression) return null;
  return (
    <Group title="条件">
      <Condition flow={flow} edits={edits} words={words} readonly={readonly} byDefault={flow.sourceRef.default === flow} />
    </Group>
  );
}

function Condition({ flow, edits, words, readonly, byDefault }) {
  const source = flow.sourceRef;
  const setDefault = (yes) => edits.defaultOf(source, yes ? flow : undefined);
  const write = (text) => edits.attributes({ conditionExpression: edits.expression(text) });
  return (
    <>
      <Check label="默认流：其他条件都不满足时走这里" value={byDefault} set={setDefault} readonly={readonly} />
      {!byDefault && (
        <Code label="满足此条件时走这里" value={flow.conditionExpression?.body ?? ''} set={write} words={wordsAt(source, words)} readonly={readonly}
          placeholder="选函数或变量，如：须经某层级" />
      )}
    </>
  );
}
