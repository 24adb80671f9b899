// Who does it with what, until when, and what may be taken or sent back: user tasks, and calls for what they call.
import { propertiesOf } from '../dialect.js';
import { ruleWords, timerOf } from '../timing.js';
import { Check, Group } from './fields.jsx';
import { Pick } from './combo.jsx';
import { PickOrWrite } from './pickorwrite.jsx';
import { Code } from './code.jsx';

const CALLER = { value: 'caller', label: '取自调用它的环节' };
const RETURNS = [['applicant', '申报人'], ['previous', '上一环节'], ['chosen', '已经过的任一环节']];
const HAND_ON = [['transfer', '转办（本机构同岗位）'], ['beneath', '转办下级机构同岗位'], ['delegate', '委派'], ['sign', '加签'], ['copy', '抄送'], ['none', '都不允许']];
const RECORDS = [{ value: 'declaration', label: '申请书' }, { value: 'batch', label: '推荐批次' }];

export const formOptions = (words) => words.forms.map(({ key, title }) => ({ value: key, label: title ?? key }));
const roleOptions = (words) => words.roles.map(({ code, label }) => ({ value: code, label: label ?? code }));
export const levelOptions = (words) => words.levels.map(({ code, label }) => ({ value: code, label: label ?? code }));
const bodyOptions = (words) => words.levels.map(({ code, label }) => ({ value: `body("${code}")`, label: `${label ?? code}（申报渠道上的）` }));

export function Task({ edits, words, readonly, links }) {
  const of = propertiesOf(edits.bo);
  const set = (name) => (value) => edits.property(name, value);
  const called = edits.bo.$type === 'bpmn:CallActivity';
  const caller = called ? [] : [CALLER];
  const shared = { words, readonly };
  return (
    <>
      <Group title={called ? '交给被调用流程的内容' : '办理'}>
        {called && <PickOrWrite label="层级" value={of.level ?? ''} options={levelOptions(words)} set={set('level')} {...shared} />}
        <Pick label="表单" value={of.form ?? ''} options={[...caller, ...formOptions(words)]} set={set('form')} readonly={readonly}
          link={(key) => key !== 'caller' && links.form(key)} />
        <PickOrWrite label="办理角色" value={of.role ?? ''} options={[...caller, ...roleOptions(words)]} set={set('role')} {...shared} />
        <PickOrWrite label="办理机构" value={of.organisation ?? ''} options={[...caller, ...bodyOptions(words)]} set={set('organisation')} {...shared}
          hint="申报人的任务不写" />
        {!called && <Code label="指定办理人" value={of.person ?? ''} set={set('person')} {...shared} hint="只能由某一个人办理的才写，如拟入库专家本人" />}
        {!called && <Pick label="表单所改的记录" value={of.record ?? ''} options={RECORDS} set={set('record')} readonly={readonly} empty="（不改业务记录）" />}
      </Group>
      <Group title="办理期限">
        <Deadline value={of.deadline ?? ''} options={caller} set={set('deadline')} {...shared} links={links} />
      </Group>
      <Group title="退回与撤回" open={Boolean(of.returns || of.take_back)}>
        <Words legend="办理人可以退回到" options={RETURNS} value={of.returns ?? ''} set={set('returns')} readonly={readonly} />
        <Check label="下一环节认领或保存之前，办理人可以撤回" value={of.take_back === 'yes'} set={(yes) => edits.property('take_back', yes ? 'yes' : '')} readonly={readonly} />
      </Group>
      <Group title="交他人办理" open={Boolean(of.hand_on)}>
        <Words legend="办理人可以（都不选的，允许除转办下级以外的各项）" options={HAND_ON} value={of.hand_on ?? ''} set={set('hand_on')} readonly={readonly} />
      </Group>
    </>
  );
}

/** Some of the words that a property may hold. */
export function Words({ legend, options, value, set, readonly }) {
  const given = value.split(/\s+/).filter(Boolean);
  const known = options.map(([code]) => code);
  const change = (code, yes) => {
    const next = [...known.filter((each) => (each === code ? yes : given.includes(each))), ...given.filter((each) => !known.includes(each))];
    set(next.join(' '));
  };
  return (
    <fieldset class="board-field">
      <legend class="form-label">{legend}</legend>
      {options.map(([code, label]) => (
        <Check key={code} label={label} value={given.includes(code)} set={(yes) => change(code, yes)} readonly={readonly} />
      ))}
    </fieldset>
  );
}

/** The deadline parameter, told in the notice's words, with the clause it stands on. */
export function Deadline({ value, options = [], set, words, readonly, links, label = '期限参数' }) {
  const known = words.deadlines.map((each) => ({ value: each.key, label: each.meaning ?? each.key, note: told(each, words) }));
  const rule = words.deadlines.find(({ key }) => key === value);
  const below = rule && <Rule rule={rule} words={words} link={links.parameter(rule.key)} />;
  return <PickOrWrite label={label} value={value} options={[...options, ...known]} set={set} words={words} readonly={readonly} empty="（没有期限）" below={below} />;
}

const told = (rule, words) => ruleWords(rule.value, (key) => words.parameters.find((each) => each.key === key));

export function Rule({ rule, words, link }) {
  return (
    <dl class="board-rule" data-own-words>
      <dt>期限</dt><dd>{told(rule, words)}</dd>
      <dt>依据</dt><dd>{rule.clause || '参数中未写条款'}</dd>
      {link && <><dt>修改</dt><dd>{link}</dd></>}
    </dl>
  );
}

export const timerRule = (source, words) => words.deadlines.find(({ key }) => key === timerOf(source)?.key);
