// The table itself: a grid walked by arrow keys; one cell at a time is open for writing.
import { useRef } from 'preact/hooks';
import { conditionWords, isAny, resultWords } from './cells.js';
import { CellEditor } from './celleditor.jsx';
import { labelsOf } from './options.js';
import { TYPES } from './model.js';
import { TryRow } from './tryrow.jsx';

const PLAIN = /^[^\s]$/u;
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Columns in the order of the grid; the last one is the note. */
export const columnsOf = (table) => [
  ...table.inputs.map((column, at) => ({ side: 'inputs', at, column })),
  ...table.outputs.map((column, at) => ({ side: 'outputs', at, column })),
  { side: 'note', at: 0, column: { label: '依据', name: '', type: 'string', values: '' } },
];

export const textAt = (table, row, { side, at }) => {
  const rule = table.rules[row];
  return side === 'note' ? rule.note : rule[side === 'inputs' ? 'cells' : 'results'][at].text;
};

export function Grid(props) {
  const { table, readonly, editing, findings, answer, act } = props;
  const columns = columnsOf(table);
  const matched = new Set(answer?.rules ?? []);
  const press = (event) => {
    const cell = event.target.closest('td[data-row]');
    if (!cell || editing || event.target !== cell || event.isComposing) return;
    const [row, at] = [Number(cell.dataset.row), Number(cell.dataset.at)];
    const step = !event.ctrlKey && !event.altKey && !event.metaKey && STEPS[event.key];
    if (step) act.focus(row + step[0], at + step[1]);
    else if (event.key === 'Home' || event.key === 'End') act.focus(row, event.key === 'Home' ? 0 : columns.length - 1);
    else if (readonly) return;
    else if ((event.key === 'Enter' && !event.ctrlKey) || event.key === 'F2') act.edit(row, at);
    else if (['Delete', 'Backspace'].includes(event.key) && !event.ctrlKey) act.write(row, at, '');
    else if (event.key === 'Process') return act.edit(row, at, ''); // an input method begins: it goes on in the box
    else if (PLAIN.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) act.edit(row, at, event.key);
    else return;
    event.preventDefault();
  };
  return (
    <div class="decision-scroll">
      <table class="decision-table" role="grid" aria-label={table.name} aria-readonly={readonly} onKeyDown={press} onCopy={act.copy} onPaste={act.paste}>
        <thead>
          <tr>
            <td class="row-number" />
            <th scope="colgroup" colSpan={table.inputs.length || 1} class="is-input">条件（同一行须全部符合）</th>
            <th scope="colgroup" colSpan={table.outputs.length || 1} class="is-output">结果</th>
            <th scope="col" rowSpan={2}>依据</th>
          </tr>
          <tr>
            <th scope="col" class="row-number">行</th>
            {columns.slice(0, -1).map(({ side, at, column }) => (
              <th key={column.id} scope="col" class={side === 'inputs' ? 'is-input' : 'is-output'}>
                <button type="button" class="column-head" disabled={readonly} onClick={() => act.column(side, at)}>
                  <strong data-own-words>{column.label}</strong>
                  <small><code data-own-words>{column.name}</code> {TYPES[column.type] ?? column.type}</small>
                  {!readonly && <span class="visually-hidden">：列的设置</span>}
                </button>
              </th>
            ))}
          </tr>
          <TryRow {...props} />
        </thead>
        <tbody>
          {table.rules.map((rule, row) => (
            <tr key={rule.id} class={matched.has(rule.id) ? 'is-matched' : ''} aria-selected={props.at[0] === row}>
              <th scope="row" class="row-number">{row + 1}{matched.has(rule.id) ? <span class="visually-hidden">（适用）</span> : null}</th>
              {columns.map((place, at) => (
                <Cell key={place.column.id ?? 'note'} {...{ ...props, place, row, at, rule, finding: findingAt(findings, rule, place.column) }} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const findingAt = (findings, rule, column) => findings.find((each) => each.rule === rule.id && each.column && each.column === column.name);

function Cell({ table, place, row, at, finding, choices, editing, readonly, act, at: own, ...rest }) {
  const { side, column } = place;
  const text = textAt(table, row, place);
  const open = editing && editing.row === row && editing.at === at;
  const current = rest.focused[0] === row && rest.focused[1] === at;
  const names = Object.fromEntries(table.inputs.map(({ name, label }) => [name, label]));
  const labels = labelsOf(column, choices);
  const words = side === 'inputs' ? conditionWords(text, { labels, type: column.type, names }) : side === 'outputs' ? resultWords(text, { labels, names }) : text;
  const kind = side === 'inputs' && isAny(text) ? ' is-any' : words === null ? ' is-raw' : '';
  return (
    <td role="gridcell" data-row={row} data-at={at} tabIndex={current ? 0 : -1} class={`is-${side}${kind}`}
      aria-invalid={Boolean(finding)} title={finding?.message ?? (words === null || words === text ? undefined : text)} aria-readonly={readonly}
      onFocus={() => act.focused(row, at)} onDblClick={() => !readonly && act.edit(row, at)} data-own-words>
      {open ? (
        side === 'note'
          ? <NoteEditor {...{ text, begin: editing.begin }} done={(said, move) => act.write(row, at, said, move)} cancel={act.cancel} />
          : <CellEditor {...{ column, side, text, begin: editing.begin, inputs: table.inputs, choices }} probe={(said) => act.probe(row, place, said)} done={(said, move) => act.write(row, at, said, move)} cancel={act.cancel} />
      ) : <span class="cell-words">{words ?? (text || '未填')}</span>}
    </td>
  );
}

function NoteEditor({ text, begin, done, cancel }) {
  const over = useRef(false);
  const finish = (run) => {
    if (over.current) return;
    over.current = true;
    run();
  };
  const press = (event) => {
    if (event.isComposing) return;
    const move = { Enter: 'down', Tab: event.shiftKey ? 'left' : 'right' }[event.key];
    if (event.key === 'Escape') finish(cancel);
    else if (move) finish(() => done(event.target.value, move));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <textarea class="form-control" rows={3} aria-label="依据" ref={(box) => box && !box.matches(':focus') && box.focus()} defaultValue={begin ?? text}
      onKeyDown={press} onBlur={(event) => finish(() => done(event.target.value))} data-own-words />
  );
}
