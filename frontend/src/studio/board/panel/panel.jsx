// The properties of what is chosen on the board, in groups.
import { render } from 'preact';
import { kindOf } from '../texts.js';
import { Events } from './events.jsx';
import { Flow, Gateway } from './flows.jsx';
import { Clauses, General } from './general.jsx';
import { Task } from './person.jsx';
import { Around, Call, Decision, Repeats, Script } from './work.jsx';

const PEOPLE = ['bpmn:UserTask', 'bpmn:ManualTask', 'bpmn:CallActivity'];
const REPEATED = [...PEOPLE, 'bpmn:SubProcess'];
const CITING = 'bpmn:FlowNode';

/** Groups of an element; `panel` is {edits, words, readonly, links, board}. */
function Groups(panel) {
  const { bo } = panel.edits;
  const is = (type) => bo.$instanceOf(type);
  const type = bo.$type;
  return (
    <>
      <General {...panel} />
      {type === 'bpmn:CallActivity' && <Call {...panel} />}
      {type === 'bpmn:BusinessRuleTask' && <Decision {...panel} />}
      {type === 'bpmn:ScriptTask' && <Script {...panel} />}
      {PEOPLE.includes(type) && <Task {...panel} />}
      {is('bpmn:Event') && <Events {...panel} />}
      {is('bpmn:Gateway') && <Gateway {...panel} />}
      {type === 'bpmn:SequenceFlow' && <Flow {...panel} />}
      {is(CITING) && <Clauses {...panel} />}
      {is('bpmn:Activity') && type !== 'bpmn:ScriptTask' && !is('bpmn:SubProcess') && <Around {...panel} />}
      {REPEATED.includes(type) && <Repeats {...panel} />}
    </>
  );
}

function Here({ findings }) {
  if (!findings.length) return null;
  return (
    <ul class="board-here" data-own-words>
      {findings.map((each) => (
        <li class={`is-${each.level}`} key={each.code + each.message}>{each.message}<small>改法：{each.remedy}</small></li>
      ))}
    </ul>
  );
}

function Panel({ findings, several, ...panel }) {
  if (several) return <p class="board-several">已选中 {several} 个元素。可以一起移动、对齐或删除；改属性请只选一个。</p>;
  return (
    <>
      <header class="board-kind"><h2>{kindOf(panel.edits.bo)}</h2></header>
      <Here findings={findings} />
      <Groups {...panel} key={panel.edits.element.id} />
    </>
  );
}

/** Draws it anew into `place`; called after every choice and every change. */
export const drawPanel = (place, panel) => render(<Panel {...panel} />, place);
