// Chinese for the modeller, as far as our menus show its texts, and for the kinds of elements.

const TEXTS = {
  'Activate hand tool': '拖动画布',
  'Activate lasso tool': '框选',
  'Activate create/remove space tool': '拉开、收拢空间',
  'Activate global connect tool': '画连线',
  'Add lane above': '在上方加泳道',
  'Add lane below': '在下方加泳道',
  'Divide into two lanes': '分为两条泳道',
  'Divide into three lanes': '分为三条泳道',
  'Add text annotation': '加注释',
  'Append end event': '接结束事件',
  'Append message intermediate catch event': '接消息事件',
  'Append timer intermediate catch event': '接定时事件',
  'Change element': '更换类型',
  'Connect to other element': '连到其他元素',
  'Connect using association': '连接注释',
  Delete: '删除',
  'Align elements': '对齐',
  'Align elements left': '左对齐',
  'Align elements center': '水平居中对齐',
  'Align elements right': '右对齐',
  'Align elements top': '上对齐',
  'Align elements middle': '垂直居中对齐',
  'Align elements bottom': '下对齐',
  'Distribute elements horizontally': '水平等距分布',
  'Distribute elements vertically': '垂直等距分布',
  'Open {element}': '打开{element}',
  'Search in diagram': '在图中查找',
  'Open minimap': '打开缩略图',
  'Close minimap': '收起缩略图',
  'flow elements must be children of pools/participants': '环节要放在泳道里面。',
  'Task': '任务（未定类型）',
  'User task': '用户任务',
  'Script task': '脚本任务',
  'Business rule task': '业务规则任务',
  'Call activity': '调用活动',
  'Sub-process (expanded)': '子流程（展开）',
  'Sub-process (collapsed)': '子流程（折叠）',
  'Sub-process': '子流程',
  'Exclusive gateway': '排他网关',
  'Parallel gateway': '并行网关',
  'Event-based gateway': '事件网关',
  'Start event': '开始事件',
  'End event': '结束事件',
  'Error end event': '错误结束事件',
  'Message end event': '消息结束事件',
  'Terminate end event': '终止结束事件',
  'Message start event': '消息开始事件',
  'Intermediate throw event': '中间事件',
  'Message intermediate catch event': '等待消息',
  'Message intermediate throw event': '发送消息',
  'Timer intermediate catch event': '等待时间',
  'Message boundary event': '消息边界事件（中断）',
  'Timer boundary event': '定时边界事件（中断）',
  'Error boundary event': '错误边界事件（中断）',
  'Timer boundary event (non-interrupting)': '定时边界事件（不中断）',
  'Sequence flow': '普通连线',
  'Default flow': '默认流',
  'Conditional flow': '条件连线',
  'Parallel multi-instance': '同时办理多份',
  'Sequential multi-instance': '依次办理多份',
  'Toggle non-interrupting': '中断、不中断互换',
};

/** What has no word here is left out of our menus; should somebody see it, the page's collector of untranslated texts does too. */
export function translate(template, replacements = {}) {
  const text = TEXTS[template] ?? template;
  return text.replace(/{([^}]+)}/g, (gap, key) => replacements[key] ?? gap);
}

export const chinese = { translate: ['value', translate] };

const KINDS = {
  Process: '流程', Participant: '流程', Collaboration: '流程', Lane: '泳道', UserTask: '用户任务', ScriptTask: '脚本任务',
  BusinessRuleTask: '业务规则任务', CallActivity: '调用活动', Task: '任务（未定类型）', ManualTask: '手工任务',
  ServiceTask: '服务任务', SendTask: '发送任务', ReceiveTask: '接收任务', SubProcess: '子流程', Transaction: '事务子流程',
  AdHocSubProcess: '特设子流程', ExclusiveGateway: '排他网关', ParallelGateway: '并行网关', InclusiveGateway: '包容网关',
  ComplexGateway: '复杂网关', EventBasedGateway: '事件网关', StartEvent: '开始事件', EndEvent: '结束事件',
  IntermediateCatchEvent: '事件', IntermediateThrowEvent: '中间事件', BoundaryEvent: '边界事件', SequenceFlow: '连线',
  TextAnnotation: '注释', Group: '分组', Association: '注释连线', DataObjectReference: '数据对象', MessageFlow: '消息流',
  DataStoreReference: '数据存储',
};
const EVENTS = {
  Timer: '定时', Message: '消息', Error: '错误', Terminate: '终止', Signal: '信号', Escalation: '升级', Link: '链接',
  Conditional: '条件', Compensate: '补偿', Cancel: '取消',
};

/** How the element's kind is called: “定时边界事件”. */
export function kindOf(bo) {
  const definition = bo.eventDefinitions?.[0]?.$type.replace(/^bpmn:|EventDefinition$/g, '');
  return `${EVENTS[definition] ?? ''}${KINDS[bo.$type.replace('bpmn:', '')] ?? '元素'}`;
}
