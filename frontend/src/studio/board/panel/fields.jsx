// The panel's plain fields: a label, what is filled in, a hint below.
import { useNumber, useTyped } from './typed.js';

export function Group({ title, children, open = true }) {
  return (
    <details class="board-group" open={open}>
      <summary>{title}</summary>
      <div class="board-fields">{children}</div>
    </details>
  );
}

export function Field({ id, label, hint, children }) {
  return (
    <div class="board-field">
      <label class="form-label" for={id}>{label}</label>
      {children}
      {hint && <div class="form-hint">{hint}</div>}
    </div>
  );
}

/** `whole`: a text that is taken over only when the field is left, or by Enter. */
export function Text({ label, hint, value, set, lines = 1, readonly, whole, placeholder }) {
  const id = useNumber();
  const [text, type, leave, enter] = useTyped(value, set, whole);
  const shared = {
    id, value: text, readOnly: readonly, placeholder, class: 'form-control form-control-sm', spellcheck: false,
    onInput: ({ target }) => type(target.value), onBlur: leave, 'data-own-words': true,
  };
  const submit = (event) => event.key === 'Enter' && !event.isComposing && enter();
  return (
    <Field id={id} label={label} hint={hint}>
      {lines > 1 ? <textarea {...shared} rows={lines} /> : <input {...shared} onKeyDown={submit} />}
    </Field>
  );
}

export function Check({ label, hint, value, set, readonly }) {
  const id = useNumber();
  return (
    <div class="board-field">
      <label class="form-check mb-0" for={id}>
        <input id={id} type="checkbox" class="form-check-input" checked={value} disabled={readonly} onChange={({ target }) => set(target.checked)} />
        <span class="form-check-label">{label}</span>
      </label>
      {hint && <div class="form-hint">{hint}</div>}
    </div>
  );
}

/** A few choices, all seen: [{value, label}]. */
export function Choice({ label, value, options, set, readonly }) {
  const name = useNumber();
  return (
    <fieldset class="board-field board-choice" disabled={readonly}>
      <legend class="form-label">{label}</legend>
      <div class="btn-group w-100">
        {options.map((option) => (
          <label class={`btn btn-sm${option.value === value ? ' active' : ''}`} key={option.value}>
            <input type="radio" class="visually-hidden" name={name} checked={option.value === value} onChange={() => set(option.value)} />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
