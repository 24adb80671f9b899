// The form editor has no translation of its own: each English text of the parts we use and what takes its place. The
// last entry leaves out its properties panel, in whose place stands ours (src/studio/form/panel).
// The source must contain every `find` to the letter (form-js-editor 1.23.0), or the build stops.
export const editorTexts = [
  ['title: `Create ${getIndefiniteArticle(type)} ${label} element`', 'title: `添加${label}`'],
  ["label: 'Input',\n  id: 'basic-input'", "label: '填写',\n  id: 'basic-input'"],
  ["label: 'Selection',\n  id: 'selection'", "label: '选择',\n  id: 'selection'"],
  ["label: 'Presentation',\n  id: 'presentation'", "label: '说明',\n  id: 'presentation'"],
  ["label: 'Containers',\n  id: 'container'", "label: '分节与明细表',\n  id: 'container'"],
  ["label: 'Action',\n  id: 'action'", "label: '办理',\n  id: 'action'"],
  ['title: "Components",\n      children: "Components"', 'title: "组件",\n      children: "组件"'],
  ['placeholder: "Search components"', 'placeholder: "查找组件", "aria-label": "查找组件"'],
  ['title: "Clear content"', 'title: "清除"'],
  ['children: "No components found."', 'children: "没有符合的组件。"'],
  ["return 'Remove form field';", "return '删除';"],
  ['return `Remove ${entry.label}`;', 'return `删除${entry.label}`;'],
  ['children: "Drag and drop components here."', 'children: "把组件拖到这里。"'],
  ['children: "Build your form"', 'children: "开始设计表单"'],
  ['children: "Drag and drop components here to start designing."', 'children: "从左侧把组件拖到这里；也可以选中组件后按回车，添加到末尾。"'],
  ['children: "Use the preview window to test your form."', 'children: "点“预览”查看填写人看到的样子。"'],
  ['children: "Repeatable"', 'children: "可填写多行"'],
  ["let placeholderContent = 'Expression is empty';", "let placeholderContent = '尚未写计算式';"],
  ["placeholderContent = `Expression for '${key}'`;", "placeholderContent = `计算得出：${field.label || '结果'}`;"],
  ['EditorExpressionLanguageModule, MarkdownRendererModule, PropertiesPanelModule,', 'EditorExpressionLanguageModule, MarkdownRendererModule,'],
];
