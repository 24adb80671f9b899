// The token simulation has no translation of its own: each English text of its source and what takes its place.
// The source must contain every `find` to the letter (bpmn-js-token-simulation 0.39.4), or the build stops.
const KINDS = [
  ['Service Task', '服务任务'], ['User Task', '用户任务'], ['Call Activity', '调用活动'], ['Script Task', '脚本任务'],
  ['Business Rule Task', '业务规则任务'], ['Manual Task', '手工任务'], ['Receive Task', '接收任务'], ['Send Task', '发送任务'],
  ['Exclusive Gateway', '排他网关'], ['Parallel Gateway', '并行网关'], ['Inclusive Gateway', '包容网关'], ['Start Event', '开始事件'],
  ['Intermediate Event', '中间事件'], ['Boundary Event', '边界事件'], ['End Event', '结束事件'], ['Task', '任务'],
];

export const simulationTexts = [
  ...KINDS.map(([english, chinese]) => [`elementName || '${english}'`, `elementName || '${chinese}'`]),
  ["|| 'SubProcess') : 'Process'", "|| '子流程') : '流程'"],
  ["completed ? 'finished' : 'canceled'", "completed ? '办结' : '中断'"],
  ['} started`', '} 开始`'],
  ['        Simulation Log', '        模拟记录'],
  ['aria-label="Close"', 'aria-label="关闭"'],
  ['placeholder">No Entries', 'placeholder">还没有记录'],
  ['title="Toggle Simulation Log"', 'title="显示、收起模拟记录" aria-label="模拟记录"'],
  ['title="Focus process instance ${scope.id}"', 'title="只看这一份"'],
  ['title="Reset Simulation"', 'title="重新开始模拟" aria-label="重新开始模拟"'],
  ["text: 'Reset Simulation'", "text: '已重新开始'"],
  ["text: 'Found unsupported elements'", "text: '图中有不能模拟的元素'"],
  ["text: 'Not supported'", "text: '不能模拟'"],
  ['Token Simulation <span', '模拟 <span'],
  ['title="Play/Pause Simulation"', 'title="继续、暂停模拟" aria-label="继续、暂停模拟"'],
  ["text: 'Pause Simulation'", "text: '已暂停'"],
  ["text: 'Play Simulation'", "text: '继续'"],
  ["[ 'Slow', 0.5 ]", "[ '慢', 0.5 ]"],
  ["[ 'Normal', 1 ]", "[ '正常', 1 ]"],
  ["[ 'Fast', 2 ]", "[ '快', 2 ]"],
  ['title="Set animation speed = ${ label }"', 'title="速度：${ label }" aria-label="速度：${ label }"'],
  ['title="Set Sequence Flow"', 'title="换一条出口" aria-label="换一条出口"'],
  ["title=\"${ wait ? 'Remove' : 'Add' } pause point\"", "title=\"${ wait ? '去掉' : '加上' }停留点\" aria-label=\"${ wait ? '去掉' : '加上' }停留点\""],
  ['title="Trigger Event"', 'title="从这里继续" aria-label="从这里继续"'],
  ["text: 'Finished'", "text: '办结'"],
];
