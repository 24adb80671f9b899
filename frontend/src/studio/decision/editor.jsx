// The decision editor as a whole, drawn anew from its island after every change.
import { named, labelsOf } from './options.js';
import { ColumnDialog } from './columns.jsx';
import { Findings } from './findings.jsx';
import { Grid } from './grid.jsx';
import { POLICIES } from './model.js';

export function Editor({ island, preview }) {
  const { table, given, choices, asking, at, editing, dialog } = island;
  const { tried, answer, told: findings } = asking;
  const { readonly } = given;
  const options = preview ? [] : table.inputs.flatMap((column) => {
    const missing = asking.missing(column);
    return missing.length ? [{ column, missing, words: named(missing, labelsOf(column, choices)).map(([, words]) => words) }] : [];
  });
  const act = {
    focus: (row, column) => island.focus(row, column),
    focused: (row, column) => { if (!preview) { island.at = [row, column]; island.draw(); } },
    edit: (row, column, begin) => island.edit(row, column, begin),
    write: (row, column, text, move) => island.write(row, column, text, move),
    cancel: () => island.cancel(),
    probe: (row, place, text) => island.probe(row, place, text),
    column: (side, column) => island.openColumn(side, column),
    try: (name, value) => island.tryWith(name, value),
    copy: (event) => !preview && island.copy(event),
    paste: (event) => !preview && island.paste(event),
  };
  const grid = <Grid {...{ table, choices, asking, tried, answer, at, focused: at, editing, readonly, findings, act }} />;
  if (preview) return grid;
  return (
    <div class="decision">
      <Bar island={island} />
      {grid}
      <section class="decision-findings" aria-label="检查结果" aria-live="polite">
        <h3>检查结果{findings.length ? `（${findings.length} 项）` : ''}</h3>
        <Findings {...{ table, findings, options, choices, readonly }} go={(row, column) => island.goTo(row, column)}
          addRow={(row) => island.addRow(row)} addOptions={(column, missing) => island.addOptions(column, missing)}
          tryWith={(example) => island.tryExample(example)} />
      </section>
      {dialog && (
        <ColumnDialog key={`${dialog.side}${dialog.at}`} {...dialog} choices={choices} names={namesFor(island, dialog.side)}
          taken={table[dialog.side].filter((each) => each !== dialog.column).map(({ name }) => name)} save={(part) => island.saveColumn(part)}
          move={(step) => island.moveColumn(step)} remove={() => island.removeColumn()} close={() => island.closeColumn()} />
      )}
    </div>
  );
}

const namesFor = ({ given, choices }, side) => (
  side === 'inputs' ? [...new Set([...Object.keys(choices), ...(given.vocabulary?.variables ?? []).map(({ name }) => name)])].sort() : []
);

function Bar({ island }) {
  const { table, steps, given, file } = island;
  const { readonly } = given;
  const button = (words, run, { off = false, kind = '' } = {}) => (
    <button type="button" class={`btn btn-sm ${kind}`} disabled={readonly || off} onClick={run}>{words}</button>
  );
  const rows = table.rules.length;
  return (
    <div class="decision-tools">
      <div class="decision-head">
        <input class="form-control" aria-label="决策表名称" value={table.name} readOnly={readonly} onInput={(e) => island.rename(e.target.value)} data-own-words />
        <select class="form-select" aria-label="命中策略" value={table.policy} disabled={readonly} onChange={(e) => island.setPolicy(e.target.value)}>
          {Object.entries(POLICIES).map(([value, words]) => <option key={value} value={value} data-own-words>{words}</option>)}
          {!POLICIES[table.policy] && <option value={table.policy} data-own-words>{table.policy}（不可用）</option>}
        </select>
        <span class="decision-state" role="status" />
        {button('保存', () => file.save(), { kind: 'btn-primary ms-auto' })}
      </div>
      <div class="decision-acts" role="toolbar" aria-label="编辑决策表">
        {button('撤销', () => island.undo(), { off: !steps.canUndo })}
        {button('重做', () => island.redo(), { off: !steps.canRedo })}
        {button('加一行', () => island.insert(1))}
        {button('复制本行', () => island.insert(1, table.rules[island.at[0]]), { off: !rows })}
        {button('本行上移', () => island.move(-1), { off: island.at[0] === 0 || !rows })}
        {button('本行下移', () => island.move(1), { off: island.at[0] >= rows - 1 })}
        {button('删除本行', () => island.remove(), { off: !rows })}
        {button('加条件列', () => island.openColumn('inputs', null))}
        {button('加结果列', () => island.openColumn('outputs', null))}
        {rows ? <span class="decision-at">第 {island.at[0] + 1} 行，共 {rows} 行</span> : null}
      </div>
    </div>
  );
}
