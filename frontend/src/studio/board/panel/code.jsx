// A condition or script with completion, an instant check, and the list of everything that may be written.
import { useRef, useState } from 'preact/hooks';
import { problemsOf } from '../../script/check.js';
import { completions } from '../../script/complete.js';
import { Field } from './fields.jsx';
import { useNumber, useTyped } from './typed.js';

const WIDTH = 36; // characters of a line
const CLOSED = { from: 0, to: 0, options: [] };

/** As many as the text takes in the panel, which is narrow. */
const linesOf = (text, mode) => {
  const taken = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / WIDTH)), 0);
  return Math.min(16, Math.max(mode === 'script' ? 3 : 1, taken));
};

/** `mode` is condition or script. */
export function Code({ label, hint, value, set, mode = 'condition', words, readonly, placeholder }) {
  const id = useNumber();
  const area = useRef(null);
  const [text, type, leave] = useTyped(value, set);
  const [menu, setMenu] = useState(CLOSED);
  const [at, setAt] = useState(0);
  const problems = problemsOf(text, mode, words);

  const look = (source, caret, all = false) => {
    setMenu(completions(source, caret, mode, words, all));
    setAt(0);
  };
  const take = ({ insert, caret }) => {
    const next = text.slice(0, menu.from) + insert + text.slice(menu.to);
    const place = menu.from + caret;
    type(next);
    setMenu(CLOSED);
    requestAnimationFrame(() => {
      area.current.focus();
      area.current.setSelectionRange(place, place);
      if (caret < insert.length) look(next, place);
    });
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === ' ' && event.ctrlKey) look(text, area.current.selectionStart, true);
    else if (!menu.options.length) return;
    else if (event.key === 'ArrowDown') setAt((at + 1) % menu.options.length);
    else if (event.key === 'ArrowUp') setAt((at + menu.options.length - 1) % menu.options.length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(menu.options[at]);
    else if (event.key === 'Escape') setMenu(CLOSED);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Field id={id} label={label} hint={hint}>
      <div class="board-code">
        <textarea id={id} ref={area} class={`form-control form-control-sm${problems.length ? ' is-wrong' : ''}`} value={text} readOnly={readonly}
          rows={linesOf(text, mode)} spellcheck={false} autocapitalize="off"
          placeholder={placeholder} aria-describedby={`${id}-problems`} aria-autocomplete="list" data-own-words
          onInput={({ target }) => { type(target.value); look(target.value, target.selectionStart); }}
          onKeyDown={onKeyDown} onBlur={() => { setMenu(CLOSED); leave(); }} />
        {!readonly && (
          <button type="button" class="btn btn-sm board-insert" title="插入函数、变量"
            onMouseDown={(event) => { event.preventDefault(); area.current.focus(); look(text, area.current.selectionStart, true); }}>插入</button>
        )}
        {menu.options.length > 0 && (
          <ul class="board-list" role="listbox" tabIndex={0} aria-label="可以写的内容" onMouseDown={(event) => event.preventDefault()} ref={(list) => list?.scrollIntoView({ block: 'nearest' })}>
            {menu.options.map((option, index) => (
              <li key={option.name} role="option" aria-selected={index === at} class={index === at ? 'is-at' : ''}
                ref={index === at ? (line) => line?.scrollIntoView({ block: 'nearest' }) : undefined}
                onMouseDown={(event) => { event.preventDefault(); take(option); }}>
                <code data-own-words>{option.name}</code> <span data-own-words>{option.text}</span>
                {index === at && option.detail && <small data-own-words><code>{option.detail}</code></small>}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div class="board-problems" id={`${id}-problems`} role="status" data-own-words>
        {problems.slice(0, 3).map((problem) => <div key={problem}>{problem}</div>)}
      </div>
    </Field>
  );
}
