// The few texts the diagram viewer itself may show.
const TEXTS = {
  'no diagram to display': '没有可显示的流程图',
  'no process or collaboration to display': '没有可显示的流程',
  'no plane for {plane}': '流程图缺少平面',
};

export const chinese = { translate: ['value', (text) => TEXTS[text] ?? text] };
