// The form viewer has no translation of its own: each English text of its source and what takes its place.
// The source must contain every `find` to the letter (form-js-viewer 1.23.0), or the build stops.
export const viewerTexts = [
  ["emptyListMessage = 'No results'", "emptyListMessage = '没有符合的选项'"],
  ["hasOptionsLeft ? 'No results' : 'All values selected'", "hasOptionsLeft ? '没有符合的选项' : '已全部选择'"],
  ["placeholder: 'Search'", "placeholder: '输入文字查找'"],
  ["disabled || readonly ? undefined : 'Search'", "disabled || readonly ? undefined : '输入文字查找'"],
  ["children: valueLabel || 'Select'", "children: valueLabel || '请选择'"],
  ['label: "Skip to search"', 'label: "跳到查找"'],
  ['title: "Remove tag"', 'title: "移除"'],
  ['"aria-label": "Increment"', '"aria-label": "加"'],
  ['"aria-label": "Decrement"', '"aria-label": "减"'],
  ["'Date and time must both be entered.'", "'日期和时间都要填写。'"],
  ['title: "Powered by bpmn.io"', 'title: "由 bpmn.io 提供"'],
  ['"Web-based tooling for BPMN, DMN, and forms powered by"', '"BPMN、DMN 与表单工具由以下项目提供："'],
  ["getLocaleDateFormat(locale = 'default')", "getLocaleDateFormat(locale = 'zh-CN')"],
  ['placeholder: getLocaleReadableDateFormat()', "placeholder: '如 2015/05/20'"],
  ["'01/01/1900'", "'1900/1/1'"],
  ["placeholder: use24h ? 'hh:mm' : 'hh:mm --'", "placeholder: '时:分'"],
];
