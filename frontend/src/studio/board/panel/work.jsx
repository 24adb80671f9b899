// What an activity does by itself: another process, a decision table, scripts; and how many times.
import { bodyOf, propertiesOf } from '../dialect.js';
import { Code } from './code.jsx';
import { Pick } from './combo.jsx';
import { Choice, Group, Text } from './fields.jsx';

export function Call({ edits, words, readonly, links }) {
  const options = words.processes.map(({ id, name }) => ({ value: id, label: name ?? id }));
  return (
    <Group title="调用">
      <Pick label="被调用的流程" value={edits.bo.calledElement ?? ''} options={options} readonly={readonly}
        set={(calledElement) => edits.attributes({ calledElement: calledElement || undefined })} link={links.process} />
    </Group>
  );
}

export function Decision({ edits, words, readonly, links }) {
  const value = bodyOf(edits.bo, 'CalledDecisionId');
  const decision = words.decisions.find(({ id }) => id === value);
  const options = words.decisions.map(({ id, name }) => ({ value: id, label: name ?? id }));
  return (
    <Group title="决策表">
      <Pick label="决策表" value={value} options={options} set={(id) => edits.body('CalledDecisionId', id)} readonly={readonly} link={links.decision} />
      {decision && (
        <dl class="board-rule" data-own-words>
          <dt>输入</dt><dd>{namesOf(decision.inputs)}</dd>
          <dt>输出</dt><dd>{namesOf(decision.outputs)}</dd>
        </dl>
      )}
    </Group>
  );
}

const namesOf = (columns) => (columns ?? []).map((each) => each.label ?? each.name ?? each).join('、') || '（无）';

export function Script({ edits, words, readonly }) {
  return (
    <Group title="脚本">
      <Code label="执行的脚本" mode="script" value={edits.bo.script ?? ''} set={(script) => edits.attributes({ script })} words={words} readonly={readonly} />
    </Group>
  );
}

export function Around({ edits, words, readonly }) {
  const [before, after] = [bodyOf(edits.bo, 'PreScript'), bodyOf(edits.bo, 'PostScript')];
  const shared = { mode: 'script', words, readonly };
  return (
    <Group title="前后脚本" open={Boolean(before || after)}>
      <Code label="前置脚本：开始办理之前" value={before} set={(text) => edits.body('PreScript', text)} {...shared} />
      <Code label="后置脚本：办结之后" value={after} set={(text) => edits.body('PostScript', text)} {...shared} />
    </Group>
  );
}

const ONE = 'one';

/** For how many the activity is done: a number, or one for each item of a list. */
export function Repeats({ edits, words, readonly }) {
  const loop = edits.bo.loopCharacteristics;
  const several = loop?.$type === 'bpmn:MultiInstanceLoopCharacteristics';
  const kind = several ? String(Boolean(loop.isSequential)) : ONE;
  return (
    <Group title="办理份数" open={several}>
      <Choice label="份数" value={kind} set={(next) => edits.repeats(next === ONE ? null : { isSequential: next === 'true' })} readonly={readonly}
        options={[{ value: ONE, label: '一份' }, { value: 'false', label: '同时（会签、或签）' }, { value: 'true', label: '依次' }]} />
      {several && edits.bo.$type === 'bpmn:UserTask' && <Joint edits={edits} readonly={readonly} />}
      {several && <Several loop={loop} edits={edits} words={words} readonly={readonly} />}
    </Group>
  );
}

const REFUSALS = [
  { value: '', label: '（各办各的，不作共同决定）' },
  { value: 'finish', label: '即告结束，结果为不同意' },
  { value: 'return', label: '即告结束，退回上一环节' },
  { value: 'count', label: '继续由其他人办理，由后面的网关按人数判断' },
];

/** 会签、或签、依次审批: what the answer of one of several people does. */
function Joint({ edits, readonly }) {
  const of = propertiesOf(edits.bo);
  const hint = of.refusal && '办结后变量 agreed、refused 为同意、不同意的人数；或签在“提前结束的条件”中写 True';
  return (
    <>
      <Pick label="有人不同意时" value={of.refusal ?? ''} options={REFUSALS} set={(word) => edits.property('refusal', word)} readonly={readonly} />
      {of.refusal && <Text whole label="表示同意的决定" value={of.agreement ?? ''} placeholder="pass" set={(word) => edits.property('agreement', word)} readonly={readonly} hint={hint} />}
    </>
  );
}

function Several({ loop, edits, words, readonly }) {
  const shared = { words, readonly };
  const name = (label, part, hint) => (
    <Text whole label={label} value={loop[part]?.id ?? ''} set={(id) => edits.loopName(loop, part, id)} readonly={readonly} hint={hint} />
  );
  return (
    <>
      {!loop.loopDataInputRef && (
        <Code label="份数（得出数字的表达式）" value={loop.loopCardinality?.body ?? ''} {...shared}
          set={(text) => edits.inner(loop, { loopCardinality: edits.expression(text, loop) })} />
      )}
      {!loop.loopCardinality && name('逐项办理的名单（变量）', 'loopDataInputRef', '名单中每一项各办一份')}
      {loop.loopDataInputRef && name('本份的一项存入变量', 'inputDataItem')}
      {name('各份结果汇入变量', 'loopDataOutputRef')}
      {loop.loopDataOutputRef && name('本份的结果取自变量', 'outputDataItem')}
      <Code label="提前结束的条件" value={loop.completionCondition?.body ?? ''} {...shared}
        set={(text) => edits.inner(loop, { completionCondition: edits.expression(text, loop) })} />
    </>
  );
}
