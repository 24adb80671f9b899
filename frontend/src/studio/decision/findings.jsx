// What is wrong with the table, in words, each with the way to where it is and, where a row is missing, that row.
import { asLiteral, conditionWords, literalWords } from './cells.js';
import { labelsOf } from './options.js';

const CODES = { gap: '缺少', overlap: '重叠', unreachable: '用不到' };

export function Findings({ table, findings, options, choices, readonly, go, addRow, addOptions, tryWith }) {
  const number = (id) => table.rules.findIndex((rule) => rule.id === id);
  const jump = (id, column) => {
    const row = number(id);
    if (row < 0) return null;
    return <button key={id} type="button" class="btn btn-sm" onClick={() => go(row, column)}>看第{row + 1}行</button>;
  };
  if (!findings.length && !options.length) return <p class="findings-none">没有发现问题：每种情形都有且只有规定的行适用。</p>;
  return (
    <ul class="findings">
      {findings.map((each, index) => (
        <li key={index} class={each.level === 'warning' ? 'is-warning' : 'is-error'}>
          <span class="mark mark-overdue">{CODES[each.code] ?? '有误'}</span>
          <span class="finding-words" data-own-words>
            {wordsFor(table, each, choices)}
            <small>{each.remedy}</small>
          </span>
          <span class="finding-acts">
            {each.row?.length > 0 && !readonly && <button type="button" class="btn btn-sm btn-primary" onClick={() => addRow(each.row)}>补上这一行</button>}
            {each.example?.length > 0 && <button type="button" class="btn btn-sm" onClick={() => tryWith(each.example)}>试这一例</button>}
            {each.other && jump(each.other)}
            {each.rule && jump(each.rule, each.column)}
          </span>
        </li>
      ))}
      {options.map(({ column, missing, words }) => (
        <li key={column.id} class="is-warning">
          <span class="mark mark-due">未列入</span>
          <span class="finding-words" data-own-words>申报表的“{column.label}”有这些选项，本表没有一行适用：{words.join('、')}
            <small>选了它们的人将无法继续。列入可选值后，再补上缺少的行。</small></span>
          {!readonly && <span class="finding-acts"><button type="button" class="btn btn-sm" onClick={() => addOptions(column, missing)}>列入可选值</button></span>}
        </li>
      ))}
    </ul>
  );
}

/** The server tells an example by its codes; here it is told in the words of the forms. */
function wordsFor(table, { code, message, row, example }, choices) {
  if (code === 'gap' && row.length) return gapWords(table, row, choices);
  if (!example?.length) return message;
  const shown = table.inputs.map((column, at) => `${column.label}＝${literalWords(asLiteral(example[at]), labelsOf(column, choices))}`);
  return `${message.split('，例如')[0]}，例如${shown.join('，')}`;
}

function gapWords(table, row, choices) {
  const parts = row.flatMap((text, at) => {
    const column = table.inputs[at];
    if (!column || text === '-') return [];
    return [`${column.label}：${conditionWords(text, { labels: labelsOf(column, choices), type: column.type }) ?? text}`];
  });
  return `没有一行适用于 ${parts.join('；') || '任何情形'}`;
}
