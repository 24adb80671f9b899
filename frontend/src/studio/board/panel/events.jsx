// What an event waits for or tells: a time, an error, a message.
import { useState } from 'preact/hooks';
import { bodyOf } from '../dialect.js';
import { timerOf, timerSource } from '../timing.js';
import { Code } from './code.jsx';
import { Pick } from './combo.jsx';
import { Check, Choice, Group, Text } from './fields.jsx';
import { Deadline } from './person.jsx';

const TIMES = ['timeDate', 'timeDuration', 'timeCycle'];

export function Events(panel) {
  const definition = panel.edits.bo.eventDefinitions?.[0];
  const kind = definition?.$type.replace(/^bpmn:|EventDefinition$/g, '');
  return (
    <>
      {panel.edits.bo.$type === 'bpmn:BoundaryEvent' && kind === 'Timer' && <Interrupts {...panel} />}
      {kind === 'Timer' && <Timer definition={definition} {...panel} />}
      {kind === 'Error' && <ErrorCode definition={definition} {...panel} />}
      {kind === 'Message' && <Message definition={definition} {...panel} />}
    </>
  );
}

function Interrupts({ edits, readonly }) {
  return (
    <Group title="到时之后">
      <Choice label="所挂的环节" value={edits.bo.cancelActivity !== false} readonly={readonly} set={(cancelActivity) => edits.attributes({ cancelActivity })}
        options={[{ value: true, label: '到此为止' }, { value: false, label: '照常办理' }]} />
    </Group>
  );
}

function Timer({ definition, edits, words, readonly, links }) {
  const field = TIMES.find((each) => definition[each]) ?? 'timeDate';
  const source = definition[field]?.body ?? '';
  const rule = timerOf(source) ?? (source ? null : { key: '', since: '', days: '' });
  const [written, setWritten] = useState(!rule);
  const write = (text) => edits.inner(definition, { ...Object.fromEntries(TIMES.map((each) => [each, undefined])), [written ? field : 'timeDate']: edits.expression(text, definition) });
  const set = (change) => {
    const next = { ...rule, ...change };
    write(next.key ? timerSource(next) : '');
  };
  const shared = { words, readonly };
  return (
    <Group title="时间">
      <Choice label="到何时" value={written} set={setWritten} readonly={readonly || (written && !rule)}
        options={[{ value: false, label: '通知的期限参数' }, { value: true, label: '其他写法' }]} />
      {written || !rule ? <Code label="得出时间的表达式" value={source} set={write} {...shared} /> : (
        <>
          <Deadline value={rule.key} set={(key) => set({ key })} {...shared} links={links} />
          {rule.key && <Code label="起算时间" value={rule.since} set={(since) => set({ since })} {...shared} placeholder="不填的，自办到此处起算" />}
          {rule.key && <Code label="本件另定的天数" value={rule.days} set={(days) => set({ days })} {...shared} placeholder="不填的，按参数" />}
        </>
      )}
    </Group>
  );
}

/** One of what the file declares, or a new one: `code` is how other diagrams and functions know it. */
function Declared({ label, kind, definition, edits, readonly, code, more }) {
  const target = definition[`${kind.toLowerCase()}Ref`];
  const [fresh, setFresh] = useState(null);
  const options = edits.declared(kind).map((each) => ({ value: each.id, label: each.name || each[code], note: each[code] }));
  const id = (text) => (kind === 'Error' ? text : `message_${text}`);
  const values = (text) => (kind === 'Error' ? { name: text, errorCode: text } : { name: text });
  return (
    <>
      <Pick label={label} value={fresh === null ? target?.id ?? '' : '\u0000'} options={[...options, { value: '\u0000', label: '新增…', hidden: true }]} readonly={readonly}
        set={(value) => { setFresh(value === '\u0000' ? '' : null); if (value !== '\u0000') edits.refer(kind, value); }} />
      {fresh !== null && (
        <Text whole label="新的代码" value="" hint="英文字母、数字和下划线" readonly={readonly}
          set={(text) => { if (/^[A-Za-z]\w*$/.test(text)) { edits.refer(kind, id(text), values(text)); setFresh(null); } }} />
      )}
      {fresh === null && target && more(target)}
    </>
  );
}

function ErrorCode(panel) {
  const { edits, readonly } = panel;
  return (
    <Group title="错误代码">
      <Declared label="错误" kind="Error" code="errorCode" {...panel} more={(target) => (
        <>
          <Text label="名称" value={target.name ?? ''} set={(name) => edits.inner(target, { name })} readonly={readonly} />
          <Text label="代码" value={target.errorCode ?? ''} set={(errorCode) => edits.inner(target, { errorCode })} readonly={readonly} />
        </>
      )} />
    </Group>
  );
}

function Message(panel) {
  const { edits, definition, readonly } = panel;
  return (
    <Group title="消息">
      <Declared label="消息" kind="Message" code="name" {...panel} more={() => (
        <Text label="消息内容存入变量" value={bodyOf(definition, 'MessageVariable')} readonly={readonly}
          set={(name) => edits.variable(definition, name)} />
      )} />
    </Group>
  );
}
