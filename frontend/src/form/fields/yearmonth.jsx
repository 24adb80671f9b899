// Year and month, single or from–to with 至今: typed the way people write it, or picked from twelve months.
import { useRef, useState } from 'preact/hooks';
import { UNTIL_NOW, readMonth } from '../rules/months.js';
import { Frame, describe, fieldConfig } from './frame.jsx';
import { Icon } from './icons.jsx';

const MONTHS = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'));
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -4, ArrowDown: 4 };

function moveInGrid(event) {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const next = buttons.indexOf(document.activeElement) + step;
  buttons[Math.max(0, Math.min(11, next))].focus();
}

function placePopover(popover, anchor) {
  const { right, top, bottom } = anchor.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  popover.style.left = `${Math.max(8, Math.min(right - width, innerWidth - width - 8))}px`;
  popover.style.top = `${bottom + height + 8 > innerHeight ? Math.max(8, top - height - 4) : bottom + 4}px`;
}

function Picker({ popover, value, withNow, year, setYear, pick }) {
  return (
    <div ref={popover} popover="auto" class="months" role="dialog" aria-label="选择年月">
      <div class="months-year">
        <button type="button" aria-label="上一年" onClick={() => setYear(year - 1)}>‹</button>
        <input type="number" aria-label="年" value={year}
          onInput={(e) => e.target.value.length === 4 && setYear(Number(e.target.value))} />
        <span>年</span>
        <button type="button" aria-label="下一年" onClick={() => setYear(year + 1)}>›</button>
      </div>
      <div class="months-grid" onKeyDown={moveInGrid}>
        {MONTHS.map((month) => (
          <button type="button" key={month} aria-pressed={`${year}-${month}` === value}
            onClick={() => pick(`${year}-${month}`)}>{Number(month)}月</button>
        ))}
      </div>
      {withNow && <button type="button" class="months-now" onClick={() => pick(UNTIL_NOW)}>{UNTIL_NOW}</button>}
    </div>
  );
}

function MonthInput({ id, value, onInput, onBlur, label, disabled, withNow, ...rest }) {
  const [typed, setTyped] = useState(null);
  const [year, setYear] = useState(new Date().getFullYear());
  const popover = useRef();
  const button = useRef();
  const open = () => {
    if (!popover.current.showPopover) return; // an older browser: typing remains
    setYear(Number((value || '').slice(0, 4)) || new Date().getFullYear());
    popover.current.showPopover();
    placePopover(popover.current, button.current);
    requestAnimationFrame(() => {
      const grid = popover.current.querySelector('.months-grid');
      (grid.querySelector('[aria-pressed=true]') ?? grid.firstElementChild).focus();
    });
  };
  const pick = (month) => {
    popover.current.hidePopover();
    onInput(month);
    button.current.focus();
  };
  const leave = (event) => {
    const read = readMonth(event.target.value);
    setTyped(null);
    if (read !== (value || '')) onInput(read);
    onBlur?.();
  };
  return (
    <span class="month-input">
      <input id={id} type="text" class="fjs-input" autocomplete="off" placeholder="如 2014.05" aria-label={label}
        disabled={disabled} value={typed ?? (value || '').replace('-', '.')} onInput={(e) => setTyped(e.target.value)}
        onBlur={leave} {...rest} />
      <button type="button" ref={button} class="month-button" aria-label={`选择年月：${label}`} disabled={disabled}
        onClick={open}><Icon name="calendar" /></button>
      <Picker {...{ popover, value, withNow, year, setYear, pick }} />
    </span>
  );
}

export function YearMonth({ field, value, onChange, onBlur, domId, errors = [], disabled, readonly }) {
  const off = disabled || readonly;
  const [from = '', to = ''] = (value || '').split('/');
  const put = (a, b) => onChange({ value: a || b ? `${a}/${b}` : '' });
  const aria = describe(field, domId, errors);
  return (
    <Frame type="yearmonth" {...{ field, domId, errors }}>
      {field.period ? (
        <div class="month-period" role="group" aria-label={field.label}>
          <MonthInput id={domId} value={from} label={`${field.label}（起）`} disabled={off} onBlur={onBlur}
            onInput={(v) => put(v, to)} {...aria} />
          <span>至</span>
          <MonthInput id={`${domId}-to`} value={to} withNow label={`${field.label}（止）`} disabled={off} onBlur={onBlur}
            onInput={(v) => put(from, v)} {...aria} />
        </div>
      ) : (
        <MonthInput id={domId} value={value} label={field.label} disabled={off} onBlur={onBlur}
          onInput={(v) => onChange({ value: v })} {...aria} />
      )}
    </Frame>
  );
}

YearMonth.config = fieldConfig('yearmonth', '年月', '', {
  sanitizeValue: ({ value }) => (typeof value === 'string' ? value : ''),
});
