// A picker with search: what is chosen is shown in words, its code beside it in small letters.
import { useRef, useState } from 'preact/hooks';
import { Field } from './fields.jsx';
import { useNumber } from './typed.js';

const SHOWN = 60;

const fits = (option, typed) => [option.label, option.value, option.note].some((text) => text?.toLowerCase().includes(typed.toLowerCase()));

/** The code, where the words do not say it already. */
const Code = ({ option }) => option.value && option.value !== option.label && !option.hidden && <code data-own-words>{option.value}</code>;

/** `options`: [{value, label, note?, hidden?}]; `empty` the words for nothing chosen. A value of no option is shown as it is. */
export function Pick({ label, hint, value, options, set, readonly, empty = '（未选择）', link }) {
  const id = useNumber();
  const [typed, setTyped] = useState(null); // null: closed
  const [at, setAt] = useState(0);
  const input = useRef(null);
  const chosen = options.find((option) => option.value === value) ?? (value ? { value, label: value, strange: true } : null);
  const offered = [{ value: '', label: empty, hidden: true }, ...options].filter((option) => !typed || fits(option, typed)).slice(0, SHOWN);

  const close = () => { setTyped(null); setAt(0); };
  const choose = (option) => { close(); if (option.value !== value) set(option.value); };
  const open = () => {
    if (readonly || typed !== null) return;
    setTyped('');
    setAt(Math.max(0, [{ value: '' }, ...options].slice(0, SHOWN).findIndex((option) => option.value === value)));
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      open();
      setAt((now) => Math.min(Math.max(now + (typed === null ? 0 : step), 0), offered.length - 1));
    } else if (event.key === 'Enter' && typed !== null) offered[at] && choose(offered[at]);
    else if (event.key === 'Escape' && typed !== null) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Field id={id} label={label} hint={hint}>
      <div class="board-combo">
        <input id={id} ref={input} class="form-control form-control-sm" role="combobox" autocomplete="off" spellcheck={false}
          aria-expanded={typed !== null} aria-controls={`${id}-list`} aria-activedescendant={typed !== null ? `${id}-${at}` : undefined}
          readOnly={readonly} value={typed ?? chosen?.label ?? ''} placeholder={typed === null ? empty : '输入文字查找'} data-own-words
          onFocus={open} onClick={open} onBlur={close} onKeyDown={onKeyDown}
          onInput={({ target }) => { setTyped(target.value); setAt(0); }} />
        {chosen && typed === null && <div class="board-chosen"><Code option={chosen} />{link?.(value)}</div>}
        {typed !== null && (
          <ul id={`${id}-list`} class="board-list" role="listbox" aria-label={label} ref={(list) => list?.scrollIntoView({ block: 'nearest' })}>
            {offered.map((option, index) => (
              <li key={option.value} id={`${id}-${index}`} role="option" aria-selected={option.value === value} class={index === at ? 'is-at' : ''}
                ref={index === at ? (line) => line?.scrollIntoView({ block: 'nearest' }) : undefined}
                onMouseDown={(event) => { event.preventDefault(); choose(option); }}>
                <span data-own-words={option.label === option.value || undefined}>{option.label}</span> <Code option={option} />
                {option.note && <small>{option.note}</small>}
              </li>
            ))}
            {!offered.length && <li class="board-none">没有符合的选项</li>}
          </ul>
        )}
      </div>
    </Field>
  );
}
