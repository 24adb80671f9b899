// What every element has: name, number, a note, and the clauses it stands on.
import { useState } from 'preact/hooks';
import { propertiesOf } from '../dialect.js';
import { Pick } from './combo.jsx';
import { Group, Text } from './fields.jsx';

const NAMES = { 'bpmn:ExclusiveGateway': '要判断的问题', 'bpmn:SequenceFlow': '回答' };
const ID = /^[A-Za-z_][\w.-]*$/;

export function General({ edits, words, readonly, board }) {
  const { bo, element } = edits;
  const process = bo.$type === 'bpmn:Process';
  const [wrong, setWrong] = useState('');
  const rename = (id) => {
    const taken = id !== bo.id && board.taken(id);
    setWrong(!ID.test(id) ? '编号用英文字母开头，只含字母、数字和下划线。' : taken ? '图中已有这个编号。' : '');
    if (ID.test(id) && !taken) edits.attributes({ id });
  };
  return (
    <Group title="常规">
      {bo.$type === 'bpmn:Lane' ? <LaneName edits={edits} words={words} readonly={readonly} /> : (
        <Text label={NAMES[bo.$type] ?? '名称'} value={bo.name ?? ''} readonly={readonly} set={(name) => board.rename(element, bo, name)} />
      )}
      <Text whole label="编号" value={bo.id} set={rename} readonly={readonly || process} hint={wrong || (process ? '与文件名相同' : '')} />
      <Text label="说明" lines={2} value={bo.documentation?.[0]?.text ?? ''} set={(text) => edits.documentation(text)} readonly={readonly} />
    </Group>
  );
}

function LaneName({ edits, words, readonly }) {
  const options = words.lanes.map(({ label, roles }) => ({ value: label, label, note: rolesOf(roles, words) }));
  const lane = options.find(({ value }) => value === edits.bo.name);
  return (
    <Pick label="泳道" value={edits.bo.name ?? ''} options={options} set={(name) => edits.attributes({ name })} readonly={readonly}
      hint={lane?.note ? `可放在此泳道的角色：${lane.note}` : ''} />
  );
}

const rolesOf = (roles, words) => (roles ?? []).map((code) => words.roles.find((role) => role.code === code)?.label ?? code).join('、');

/** Clauses, one chip each; those of the draft can be picked, others are written as they stand in the notice. */
export function Clauses({ edits, words, readonly }) {
  const given = (propertiesOf(edits.bo).clauses ?? '').split(/\s*;\s*/).filter(Boolean);
  const set = (list) => edits.property('clauses', list.join('; '));
  const heading = (id) => words.clauses.find((each) => each.id === id)?.heading;
  const options = words.clauses.filter(({ id }) => !given.includes(id)).map(({ id, heading: label }) => ({ value: id, label: label ?? id, note: id }));
  return (
    <Group title="依据的条款" open={given.length > 0}>
      <ul class="board-chips">
        {given.map((clause) => (
          <li key={clause} title={heading(clause)}>
            <span data-own-words>{clause}</span>
            {!readonly && <button type="button" class="btn-close" aria-label={`去掉条款${clause}`} data-own-words onClick={() => set(given.filter((each) => each !== clause))} />}
          </li>
        ))}
      </ul>
      {options.length > 0 && <Pick label="从本通知的条款中选" value="" options={options} set={(id) => set([...given, id])} readonly={readonly} empty="选一条" />}
      {!readonly && <NewClause key={given.length} add={(text) => set([...given, text])} />}
    </Group>
  );
}

const NewClause = ({ add }) => <Text whole label="写一条" value="" set={(text) => text.trim() && add(text.trim())} placeholder="如：第四条（二）3（1）" />;
