// What a designer may draw: the part of BPMN that the engine carries out as it reads (the linter refuses the rest).

/** Entries of the modeller's “change element” menu that stay, by their names there. */
const CHANGES = new Set([
  'user-task', 'script-task', 'rule-task', 'call-activity', 'expanded-subprocess', 'subprocess',
  'exclusive-gateway', 'parallel-gateway', 'event-based-gateway',
  'none-start', 'message-start', 'none-end', 'error-end', 'message-end', 'terminate-end',
  'none-intermediate-throw', 'message-intermediate-catch', 'message-intermediate-throw', 'timer-intermediate-catch',
  'message-boundary', 'timer-boundary', 'error-boundary', 'non-interrupting-timer-boundary',
  'sequence-flow', 'default-flow',
].map((name) => `replace-with-${name}`));

/** Small buttons at the head of that menu that stay, and for whom. A message boundary that does not interrupt fires once only. */
const REPEATED = ['bpmn:UserTask', 'bpmn:CallActivity', 'bpmn:SubProcess'];
const TOGGLES = {
  'toggle-parallel-mi': ({ $type }) => REPEATED.includes($type),
  'toggle-sequential-mi': ({ $type }) => REPEATED.includes($type),
  'toggle-non-interrupting': ({ eventDefinitions }) => eventDefinitions?.[0]?.$type === 'bpmn:TimerEventDefinition',
};

/** Entries of the context pad that go: kinds that are not carried out, and those that ours stand in for. */
const PAD_LEFT_OUT = new Set([
  'append.receive-task', 'append.condition-intermediate-event', 'append.signal-intermediate-event',
  'append.compensation-activity', 'append.append-task', 'append.gateway', 'append.intermediate-event',
]);

const kept = (entries, keep) => Object.fromEntries(Object.entries(entries).filter(([name]) => keep(name)));

export const usableChanges = (entries) => kept(entries, (name) => CHANGES.has(name));

export const usableToggles = (entries, bo) => kept(entries, (name) => TOGGLES[name]?.(bo) ?? false);

export const usablePad = (entries) => kept(entries, (name) => !PAD_LEFT_OUT.has(name));

/** What is drawn new, from the palette or behind another element: [key, type, icon, words, group, options]. */
export const DRAWABLE = [
  ['start', 'bpmn:StartEvent', 'start-event-none', '开始事件', 'event', {}],
  ['timer', 'bpmn:IntermediateCatchEvent', 'intermediate-event-catch-timer', '等待时间（定时事件）', 'event', { eventDefinitionType: 'bpmn:TimerEventDefinition' }],
  ['message', 'bpmn:IntermediateCatchEvent', 'intermediate-event-catch-message', '等待消息', 'event', { eventDefinitionType: 'bpmn:MessageEventDefinition' }],
  ['end', 'bpmn:EndEvent', 'end-event-none', '结束事件', 'event', {}],
  ['choice', 'bpmn:ExclusiveGateway', 'gateway-xor', '排他网关（判断）', 'gateway', {}],
  ['parallel', 'bpmn:ParallelGateway', 'gateway-parallel', '并行网关', 'gateway', {}],
  ['user', 'bpmn:UserTask', 'user-task', '用户任务（有人办理）', 'activity', {}],
  ['call', 'bpmn:CallActivity', 'call-activity', '调用活动（另一流程）', 'activity', {}],
  ['script', 'bpmn:ScriptTask', 'script-task', '脚本任务', 'activity', {}],
  ['rule', 'bpmn:BusinessRuleTask', 'business-rule-task', '业务规则任务（决策表）', 'activity', {}],
];

/** Keys of DRAWABLE that may follow an element, on its context pad. */
export const FOLLOWING = ['user', 'call', 'script', 'choice', 'timer'];
