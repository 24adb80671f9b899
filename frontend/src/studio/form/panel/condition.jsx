// When a field is shown: chosen from the other fields, or written by hand; the server says at once whether it is right.
import { useState } from 'preact/hooks';
import { MODES, SIGNS, literalOf, readCondition, readable, typedOf, writeCondition } from '../condition.js';
import { Code, Select, Text, Ticks } from './entries.jsx';

const LISTED = ['select', 'radio', 'checklist', 'taglist'];

export function Condition({ field, schema, edit, hidden, problems }) {
  const stored = field.conditional?.hide ?? '';
  const [draft, setDraft] = useState(null); // what is still incomplete and cannot be stored
  const shown = draft && draft.for === stored ? draft : readCondition(stored);
  const fields = readable(schema, field);
  const put = (part) => {
    const next = { ...shown, ...part };
    const conditional = writeCondition(next);
    setDraft({ ...next, for: conditional?.hide ?? '' });
    if ((conditional?.hide ?? '') !== stored) edit({ conditional });
  };
  const source = fields.find(({ key }) => key === shown.key);
  const simple = ['show', 'hide'].includes(shown.mode);
  return (
    <>
      <Select id="condition-mode" label="显示" value={shown.mode} put={(mode) => put({ mode, text: stored })} options={Object.entries(MODES)} />
      {simple && (
        <>
          <Select id="condition-key" label="看哪个字段" value={shown.key} put={(key) => put({ key, sign: '=', values: firstValue(fields.find((each) => each.key === key)) })}
            options={fields.map((each) => [each.key, `${each.label ?? each.key}（${each.key}）`])} />
          {source && <Value {...{ source, shown, put }} />}
        </>
      )}
      {shown.mode === 'own' && (
        <Text id="condition-text" label="隐藏的条件" lines={3} code value={shown.text} put={(text) => put({ text: text ?? '' })}
          hint={<>如 <Code>=not(category = "freelancer")</Code>；可用 <Code>and or not() in count() contains()</Code></>} />
      )}
      {problems.map(({ message }) => <p key={message} class="entry-problem" role="alert" data-own-words>{message}</p>)}
      {stored && !problems.length && hidden !== null && <p class="entry-note">按示例数据：{hidden ? '现在隐藏' : '现在显示'}</p>}
    </>
  );
}

const firstValue = (source) => {
  if (source?.type === 'checkbox') return ['true'];
  return LISTED.includes(source?.type) ? [`"${source.values?.[0]?.value}"`] : [];
};

function Value({ source, shown, put }) {
  if (source.type === 'checkbox') {
    return <Select id="condition-value" label="是" value={shown.values[0]} put={(value) => put({ sign: '=', values: [value] })} options={[['true', '已勾选'], ['false', '没有勾选']]} />;
  }
  if (LISTED.includes(source.type)) {
    const options = [...(source.values ?? []).map(({ value, label }) => [`"${value}"`, label]), ['null', '没有选择']];
    return <Ticks id="condition-value" label="是其中之一" value={shown.values} options={options} put={(values) => put({ sign: '=', values })} />;
  }
  return (
    <>
      <Select id="condition-sign" label="比较" value={shown.sign} put={(sign) => put({ sign })} options={Object.entries(SIGNS)} />
      <Text id="condition-value" label="与" value={typedOf(shown.values[0])} put={(typed) => put({ values: typed === undefined ? ['null'] : [literalOf(typed)] })} hint="空白即没有填写" />
    </>
  );
}
