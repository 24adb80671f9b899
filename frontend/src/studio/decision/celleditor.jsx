// The editor of one cell: what is written, what it means, and where the column has values, boxes to tick.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { conditionWords, fromTicks, resultWords, ticked, tidyCondition, tidyResult } from './cells.js';
import { labelsOf, named, optionsOf } from './options.js';

const HINTS = {
  integer: '如 60、? >= 60、12 <= ? < 36', double: '如 0.5、? < 0.75', date: '如 2023-10-31、? <= "2023-10-31"',
  string: '如 硕士、? in ["a", "b"]', boolean: '是 或 否',
};

const PAUSE = 250; // milliseconds after the last key, until the server is asked

export function CellEditor({ column, side, text, begin, inputs, choices, probe, done, cancel }) {
  const asked = side === 'inputs';
  const [written, setWritten] = useState(begin ?? text);
  const [active, setActive] = useState(null);
  const box = useRef();
  const place = useRef();
  const over = useRef(false); // what goes out of the page loses the focus once more
  const labels = labelsOf(column, choices);
  const options = optionsOf(column, choices);
  const names = Object.fromEntries(inputs.filter((each) => each !== column).map(({ name, label }) => [name, label]));
  const tidy = () => (asked ? tidyCondition : tidyResult)(written, column.type, Object.keys(names));
  useLayoutEffect(() => { // at once: the next key is meant for the box already
    box.current.focus();
    if (begin === undefined) box.current.select();
    place.current.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, []);
  const [fault, setFault] = useState(null);
  useEffect(() => {
    let wanted = true;
    const waiting = setTimeout(async () => {
      const message = await probe(tidy());
      if (wanted) setFault(message);
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(waiting);
    };
  }, [written]);
  const finish = (run) => {
    if (over.current) return;
    over.current = true;
    run();
  };
  const commit = (move) => finish(() => done(tidy(), move));
  const press = (event) => {
    if (event.isComposing) return;
    const move = { Enter: event.ctrlKey ? undefined : 'down', Tab: event.shiftKey ? 'left' : 'right' }[event.key];
    if (event.key === 'Escape') finish(cancel);
    else if (move && !(event.key === 'Enter' && event.shiftKey)) commit(move);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const stay = (event) => !event.target.matches('input, textarea, button') && event.preventDefault(); // words beside a box are not elsewhere
  const leave = (event) => !over.current && !place.current?.contains(event.relatedTarget) && commit();
  const means = asked ? conditionWords(tidy(), { labels, type: column.type, names }) : resultWords(tidy(), { labels, names });
  return (
    <div class="cell-editor" ref={place} role="dialog" aria-label={`${column.label}：填写`} onKeyDown={press} onFocusOut={leave} onMouseDown={stay}>
      <textarea ref={box} class="form-control" value={written} spellcheck={false} autocomplete="off" rows={written.length > 28 ? 3 : 1} data-own-words
        aria-label={asked ? '条件' : '结果'} aria-invalid={Boolean(fault)} aria-describedby="cell-fault" placeholder={asked ? '空白即任意' : ''} onInput={(e) => setWritten(e.target.value)} />
      <p id="cell-fault" class="cell-fault" role="status" data-own-words>{fault}</p>
      <p class="cell-means">{means ? `即：${means}` : HINTS[column.type] ?? HINTS.string}</p>
      {options.length > 0 && (
        <Ticks {...{ options: named(options, labels), asked, text: tidy(), active, setActive, all: options }} set={setWritten} pick={(value) => finish(() => done(value, 'stay'))} />
      )}
    </div>
  );
}

function Ticks({ options, asked, text, all, set, pick }) {
  if (!asked) {
    return (
      <ul class="cell-ticks">
        {options.map(([literal, words]) => (
          <li key={literal}><button type="button" class="link-button" aria-pressed={literal === text} onClick={() => pick(literal)} data-own-words>{words}</button></li>
        ))}
      </ul>
    );
  }
  const { chosen, except } = ticked(text) ?? { chosen: [], except: false };
  const toggle = (literal) => {
    const next = chosen.includes(literal) ? chosen.filter((each) => each !== literal) : all.filter((each) => each === literal || chosen.includes(each));
    set(fromTicks(next, except, all));
  };
  return (
    <div class="cell-ticks" role="group" aria-label="可选值">
      {options.map(([literal, words]) => (
        <label key={literal} class="form-check">
          <input type="checkbox" class="form-check-input" checked={chosen.includes(literal)} onChange={() => toggle(literal)} />
          <span class="form-check-label" data-own-words>{words}</span>
        </label>
      ))}
      <label class="form-check cell-except">
        <input type="checkbox" class="form-check-input" checked={except} disabled={!chosen.length} onChange={() => set(fromTicks(chosen, !except, all))} />
        <span class="form-check-label">除所选以外</span>
      </label>
    </div>
  );
}
