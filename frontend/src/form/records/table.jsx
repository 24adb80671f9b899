// A table of records: a table on a desktop, cards on a phone; a row is filled in in the side panel.
import { Errors, FormContext } from '@bpmn-io/form-js-viewer';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../fields/icons.jsx';
import { listConfig } from '../fields/frame.jsx';
import { missingWords } from '../rules/check.js';
import { isRowSummary, rowFaults } from '../validation.js';
import { openPanel } from './panel.js';
import { pickFromLibrary } from './library.js';
import { showValue } from './show.js';

const FIRST_ROWS = 20;

/** The server's sentences begin with the table and the row, which the reader sees here anyway. */
const withoutPlace = (message) => message.replace(/^“[^”]*”第\d+行：?/, '');

function faultWords(columns, faults) {
  return Object.entries(faults).map(([key, [message]]) => {
    const column = columns.find((c) => c.key === key);
    return message === missingWords(column) ? `${column.label}未填` : `${column.label}：${withoutPlace(message)}`;
  }).join('；');
}

function Cell({ column, value, faulty, island }) {
  const text = showValue(column, value, island);
  const files = column.type === 'evidence' ? (value ?? []).map((id) => island.attachments[id]?.name) : [];
  const names = files.filter(Boolean).join('、') || undefined;
  return (
    <td role="cell" data-label={column.label} data-own-words title={names}
      class={`cell-${column.type}${faulty ? ' is-faulty' : ''}${text ? '' : ' is-empty'}`}>
      {text || (faulty ? '缺' : '—')}
    </td>
  );
}

function Row({ field, columns, row, index, faults, island, actions }) {
  const faulty = Object.keys(faults).length > 0;
  return (
    <>
      <tr role="row" class={faulty ? 'is-faulty' : ''} data-row={row._id}>
        <td role="cell" class="record-number">{index + 1}</td>
        {columns.map((c) => <Cell key={c.key} column={c} value={row[c.key]} faulty={faults[c.key]} island={island} />)}
        <td role="cell" class="record-actions">
          {actions.map(([label, run, danger]) => (
            <button type="button" class={`link-button${danger ? ' is-danger' : ''}`} key={label}
              aria-label={`${label}${field.label}第 ${index + 1} 行`} onClick={(e) => run(index, e.currentTarget)}>{label}</button>
          ))}
        </td>
      </tr>
      {faulty && (
        <tr role="row" class="record-faults">
          <td role="cell" colSpan={columns.length + 2}>第 {index + 1} 行：{faultWords(field.columns, faults)}</td>
        </tr>
      )}
    </>
  );
}

function Table({ field, rows, faults, labelId, island, actions }) {
  const [all, setAll] = useState(false);
  const columns = field.columns.filter((c) => c.key && c.inTable !== false);
  // A fault must never hide behind 显示其余.
  const shown = all || faults.slice(FIRST_ROWS).some((f) => Object.keys(f).length) ? rows : rows.slice(0, FIRST_ROWS);
  return (
    <>
      <div class="record-scroll">
        <table class="table record-table" aria-labelledby={labelId} role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader" class="record-number">序号</th>
              {columns.map((c) => <th key={c.key} scope="col" role="columnheader" class={`cell-${c.type}`}>{c.label}</th>)}
              <th scope="col" role="columnheader" class="record-actions">操作</th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {shown.map((row, index) => (
              <Row key={row._id ?? index} faults={faults[index]} {...{ field, columns, row, index, island, actions }} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < rows.length && (
        <button type="button" class="btn btn-link" onClick={() => setAll(true)}>显示其余 {rows.length - shown.length} 行</button>
      )}
    </>
  );
}

function useRows(field, value, onChange, services, readonly) {
  const [removed, setRemoved] = useState(null);
  const rows = useRef(value);
  rows.current = value;
  const put = (next) => {
    rows.current = next;
    onChange({ value: next });
  };
  const keep = (index) => (row) => {
    const next = rows.current.slice();
    next.splice(index ?? next.length, index === undefined ? 0 : 1, row);
    put(next);
    setRemoved(null);
  };
  const open = (index, origin) => openPanel({
    field,
    origin,
    readonly,
    row: index === undefined ? null : rows.current[index],
    number: (index ?? 0) + 1,
    data: services.form._getState().data,
    modules: services.island.modules,
    suggestions: services.island.suggestions,
    save: keep(index),
    again: () => open(undefined, origin),
  });
  const remove = (index) => {
    setRemoved({ row: rows.current[index], index });
    put(rows.current.filter((_, i) => i !== index));
  };
  const undo = () => {
    const next = rows.current.slice();
    next.splice(removed.index, 0, removed.row);
    put(next);
    setRemoved(null);
  };
  const pick = () => pickFromLibrary({ field, rows: rows.current, island: services.island, add: (found) => put([...rows.current, ...found]) });
  return { open, remove, undo, removed, pick };
}

export function Records({ field, value, onChange, domId, errors = [], disabled, readonly }) {
  const { getService } = useContext(FormContext);
  const services = { form: getService('form'), island: getService('island') };
  const off = disabled || readonly;
  const rows = value ?? [];
  const { open, remove, undo, removed, pick } = useRows(field, rows, onChange, services, off);
  const undoButton = useRef();
  useEffect(() => { if (removed) undoButton.current?.focus(); }, [removed]);
  const context = { ...services.island, data: services.form._getState().data ?? {} };
  const faults = rows.map((row, index) => (off ? {} : rowFaults(field, row, index, context)));
  const fixed = field.allowAddRemove === false; // rows come prefilled, none may be added or removed
  const actions = [[off ? '查看' : '编辑', open], ...(off || fixed ? [] : [['删除', remove, true]])];
  const labelId = `${domId}-label`;
  const countMessages = errors.filter((message) => !isRowSummary(message));
  return (
    <section class={`records fjs-form-field${errors.length ? ' fjs-has-errors' : ''}`} data-field={field.key} aria-labelledby={labelId}>
      <div class="record-head">
        <h2 id={labelId}>{field.label}{field.minRows ? <span class="fjs-asterix" aria-hidden="true">*</span> : null}</h2>
        <span class="record-count">{rows.length} 行</span>
        {!off && !fixed && field.library && services.island.libraryUrl && (
          <button type="button" class="btn btn-sm record-pick" aria-label={`从业绩库选择：${field.label}`} onClick={pick}>从业绩库选择</button>
        )}
        {!off && !fixed && (
          <button type="button" class="btn btn-sm btn-outline-primary record-add" id={domId} aria-label={`新增一行：${field.label}`}
            data-invalid={countMessages.length > 0} onClick={(e) => open(undefined, e.currentTarget)}><Icon name="plus" />新增一行</button>
        )}
      </div>
      {(field.help ?? field.description) && <p class="record-hint">{field.help ?? field.description}</p>}
      {rows.length > 0
        ? <Table island={services.island} {...{ field, rows, faults, labelId, actions }} />
        : <div class="record-none">{off ? '没有填写' : `暂无记录${field.minRows ? `，至少填写 ${field.minRows} 行` : '，没有可不填'}`}</div>}
      {removed && (
        <div class="record-undo" role="status">已删除第 {removed.index + 1} 行
          <button type="button" class="link-button" ref={undoButton} onClick={undo}>撤销</button></div>
      )}
      <Errors errors={countMessages} id={`${domId}-error-message`} />
    </section>
  );
}

Records.config = listConfig('records', '明细表');
