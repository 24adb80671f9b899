// The points an office checks: each 符合 or 不符合, with a note where it does not.
import { Frame, fieldConfig } from './frame.jsx';

export function Checkpoints({ field, value, onChange, onBlur, domId, errors = [], disabled, readonly }) {
  const answers = value ?? {};
  const off = disabled || readonly;
  const answerTo = (point) => answers[point] ?? { ok: null, note: '' };
  const put = (point, change) => onChange({ value: { ...answers, [point]: { ...answerTo(point), ...change } } });
  const allOk = () => onChange({
    value: Object.fromEntries(field.points.map(({ value: point }) => [point, { ...answerTo(point), ok: true }])),
  });
  return (
    <Frame type="checkpoints" labelFor={`${domId}-0-yes`} {...{ field, domId, errors }}>
      {!off && <button type="button" class="btn btn-sm checkpoints-all" onClick={allOk}>全部符合</button>}
      <ol class="checkpoints">
        {(field.points ?? []).map(({ value: point, label }, index) => {
          const { ok, note } = answerTo(point);
          const id = `${domId}-${index}`;
          return (
            <li key={point} class={ok === false ? 'is-unmet' : ''}>
              <span id={`${id}-label`} class="checkpoint-label">{label}</span>
              <span class="checkpoint-choice" role="radiogroup" aria-labelledby={`${id}-label`}>
                {[['yes', true, '符合'], ['no', false, '不符合']].map(([suffix, answer, words]) => (
                  <label key={suffix}>
                    <input type="radio" class="form-check-input" id={`${id}-${suffix}`} name={id} checked={ok === answer}
                      disabled={off} onChange={() => put(point, { ok: answer })} onBlur={onBlur} />{words}
                  </label>
                ))}
              </span>
              {(ok === false || note) && (
                <textarea class="fjs-input checkpoint-note" rows={2} aria-label={`${label}：情况说明`}
                  placeholder="请写明情况" value={note} readOnly={off} data-own-words
                  onInput={(e) => put(point, { note: e.target.value })} onBlur={onBlur} />
              )}
            </li>
          );
        })}
      </ol>
    </Frame>
  );
}

Checkpoints.config = fieldConfig('checkpoints', '审核要点', null, {
  sanitizeValue: ({ value }) => (value && typeof value === 'object' && !Array.isArray(value) ? value : null),
});
