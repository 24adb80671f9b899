// The kinds of lines in the properties panel. A line writes when it is left or Enter is pressed, so that a word is one step.
/** An example to be typed as it stands. */
export const Code = ({ children }) => <code data-own-words>{children}</code>;

const number = (text) => (text.trim() === '' ? undefined : Number(text));

/** `put` answers false to what it does not take; the line then says again what was there. */
export function Text({ id, label, value, put, hint, lines, code, disabled }) {
  const Box = lines ? 'textarea' : 'input';
  return (
    <div class="entry">
      <label for={id}>{label}</label>
      <Box id={id} class={`form-control form-control-sm${code ? ' font-monospace' : ''}`} rows={lines} value={value ?? ''} disabled={disabled} spellcheck={!code}
        autocomplete="off" data-own-words onChange={({ target }) => {
          if (put(target.value.trim() === '' ? undefined : target.value.trim()) === false) target.value = value ?? '';
        }} />
      {hint && <small>{hint}</small>}
    </div>
  );
}

export function NumberBox({ id, label, value, put, min, hint }) {
  return (
    <div class="entry entry-short">
      <label for={id}>{label}</label>
      <input id={id} type="number" class="form-control form-control-sm" min={min} value={value ?? ''} onChange={(event) => put(number(event.target.value))} />
      {hint && <small>{hint}</small>}
    </div>
  );
}

export function Check({ id, label, value, put, hint }) {
  return (
    <div class="entry">
      <label class="form-check" for={id}>
        <input id={id} type="checkbox" class="form-check-input" checked={Boolean(value)} onChange={(event) => put(event.target.checked)} />
        <span class="form-check-label">{label}</span>
      </label>
      {hint && <small>{hint}</small>}
    </div>
  );
}

/** `options` are [value, words]. */
export function Select({ id, label, value, put, options, hint }) {
  const known = options.some(([each]) => each === (value ?? ''));
  return (
    <div class="entry">
      <label for={id}>{label}</label>
      <select id={id} class="form-select form-select-sm" value={value ?? ''} onChange={(event) => put(event.target.value)}>
        {!known && <option value={value ?? ''} data-own-words>{value || '请选择'}</option>}
        {options.map(([each, words]) => <option key={each} value={each} data-own-words>{words}</option>)}
      </select>
      {hint && <small>{hint}</small>}
    </div>
  );
}

/** Several of `options`, kept in their order. */
export function Ticks({ id, label, value = [], put, options, hint }) {
  const toggle = (each) => put(options.map(([code]) => code).filter((code) => (code === each) !== value.includes(code)));
  return (
    <fieldset class="entry entry-ticks">
      <legend>{label}</legend>
      {options.map(([code, words]) => (
        <label key={code} class="form-check">
          <input id={`${id}-${code}`} type="checkbox" class="form-check-input" checked={value.includes(code)} onChange={() => toggle(code)} />
          <span class="form-check-label" data-own-words>{words}</span>
        </label>
      ))}
      {!options.length && <small>没有可选的字段。</small>}
      {hint && <small>{hint}</small>}
    </fieldset>
  );
}

export function Group({ title, open = true, children }) {
  return (
    <details class="panel-group" open={open}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}
