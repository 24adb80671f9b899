// 第 _ / 共 _ 人, or 独著.
import { SOLE } from '../rules/rank.js';
import { Frame, describe, fieldConfig } from './frame.jsx';

export function Rank({ field, value, onChange, onBlur, domId, errors = [], disabled, readonly }) {
  const off = disabled || readonly;
  const sole = value === SOLE;
  const [place = '', total = ''] = sole ? [] : (value || '').split('/');
  const put = (a, b) => onChange({ value: b ? `${a}/${b}` : a });
  const number = (id, shown, label, set) => (
    <input id={id} type="text" inputMode="numeric" maxLength={3} class="fjs-input" aria-label={label} value={shown}
      disabled={off || sole} onInput={(e) => set(e.target.value.replace(/\D/g, ''))} onBlur={onBlur}
      {...describe(field, domId, errors)} />
  );
  return (
    <Frame type="rank" {...{ field, domId, errors }}>
      <div class="rank" role="group" aria-label={field.label}>
        <span>第</span>{number(domId, place, `${field.label}：本人第几`, (v) => put(v, total))}
        <span>/ 共</span>{number(`${domId}-total`, total, `${field.label}：共几人`, (v) => put(place, v))}
        <span>人</span>
        <label class="rank-sole">
          <input type="checkbox" class="form-check-input" checked={sole} disabled={off}
            onChange={(e) => onChange({ value: e.target.checked ? SOLE : '' })} />独著
        </label>
      </div>
    </Frame>
  );
}

Rank.config = fieldConfig('rank', '排名', '', {
  sanitizeValue: ({ value }) => (typeof value === 'string' ? value : ''),
});
