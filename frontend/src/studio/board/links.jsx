// Ways from the panel to the draft's other files, in a tab of their own: the drawing stays where it is.

/** `root` is the address of the draft. */
export function linksOf(root) {
  const to = (path, words) => <a class="board-link" href={`${root}${path}`} target="_blank" rel="noopener">{words}</a>;
  return {
    form: (key) => to(`/files/forms/${key}.json`, '打开表单'),
    process: (id) => to(`/files/diagrams/${id}.bpmn`, '打开流程图'),
    decision: (id) => to(`/files/decisions/${id}.dmn`, '打开决策表'),
    parameter: (key) => to(`/files/parameters.yaml#${key}`, '打开参数'),
  };
}
