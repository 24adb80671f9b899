// How a value of a record looks in its table cell.
import { showMonths } from '../rules/months.js';

const labelOf = (column, value) => column.values?.find((option) => option.value === value)?.label ?? String(value);

const SHOW = {
  yearmonth: (column, value) => showMonths(value),
  datetime: (column, value) => String(value).replaceAll('-', '.'),
  evidence: (column, value) => (value.length ? `${value.length} 份` : ''),
  checkbox: (column, value) => (value ? '是' : '否'),
  organisation: (column, value, { organisations }) => (
    organisations.find((o) => String(o.id) === String(value))?.name ?? String(value)
  ),
};

/** Text of the cell; '' where nothing was filled in. */
export function showValue(column, value, island) {
  if (value === undefined || value === null || value === '') return '';
  if (SHOW[column.type]) return SHOW[column.type](column, value, island);
  return [value].flat().map((one) => labelOf(column, one)).join('、');
}
