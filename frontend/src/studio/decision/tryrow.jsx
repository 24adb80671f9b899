// The row to try the table with: values put in here, the server's answer beside them and in the rows that apply.
import { resultWords } from './cells.js';
import { labelsOf, named, optionsOf } from './options.js';

export function TryRow({ table, choices, asking, tried, answer, act }) {
  return (
    <tr class="try-row">
      <th scope="row" class="row-number">试</th>
      {table.inputs.map((column) => (
        <td key={column.id} class="is-input"><Value {...{ column, choices }} more={asking.missing(column)} value={tried[column.name] ?? ''} put={(value) => act.try(column.name, value)} /></td>
      ))}
      {!table.inputs.length && <td />}
      {answer?.problem ? (
        <td colSpan={table.outputs.length + 1} class="try-answer is-refused" role="status" data-own-words>{answer.problem}</td>
      ) : (
        <>
          {table.outputs.map((column) => (
            <td key={column.id} class="try-answer" role="status" data-own-words>{(answer?.outputs ?? []).map((given) => given[column.name]).map((value, at) => (
              <span key={at} class="d-block">{shown(value, labelsOf(column, choices))}</span>
            ))}</td>
          ))}
          <td class="try-answer">{answerWords(table, answer)}</td>
        </>
      )}
    </tr>
  );
}

function answerWords(table, answer) {
  if (!answer) return '';
  const numbers = answer.rules.map((id) => table.rules.findIndex((rule) => rule.id === id) + 1);
  return numbers.length ? `第${numbers.join('、')}行适用` : '没有一行适用';
}

function shown(value, labels) {
  if (Array.isArray(value)) return value.map((each) => labels[each] ?? each).join('、') || '无';
  if (value === true || value === false) return value ? '是' : '否';
  return value === null || value === '' ? '（空白）' : labels[value] ?? resultWords(String(value)) ?? String(value);
}

function Value({ column, choices, more, value, put }) {
  const labels = labelsOf(column, choices);
  const options = [...optionsOf(column, choices), ...more];
  const label = `试一试：${column.label}`;
  if (options.length) {
    return (
      <select class="form-select form-select-sm" aria-label={label} value={value} onChange={(e) => put(e.target.value)} data-own-words>
        <option value="">没有填写</option>
        {named(options, labels).map(([literal, words]) => <option key={literal} value={literal}>{words}</option>)}
      </select>
    );
  }
  const numeric = ['integer', 'double', 'number', 'long'].includes(column.type);
  return (
    <input class="form-control form-control-sm" aria-label={label} value={value} inputMode={numeric ? 'decimal' : 'text'} spellcheck={false}
      placeholder={column.type === 'date' ? '如 2023-10-31' : ''} onInput={(e) => put(e.target.value.trim())} data-own-words />
  );
}
