// A value that is mostly picked and sometimes an expression: role, organisation, deadline.
import { useState } from 'preact/hooks';
import { Code } from './code.jsx';
import { Pick } from './combo.jsx';

const WRITTEN = '\u0000'; // no value is ever this

/** `options` as of Pick; what is none of them is shown as an expression. */
export function PickOrWrite({ label, hint, value, options, set, words, readonly, empty, link, below }) {
  const picked = !value || options.some((option) => option.value === value) || /^[a-z][a-z0-9_]*$/.test(value);
  const [writing, setWriting] = useState(!picked);
  const all = [...options, { value: WRITTEN, label: '另写表达式…', hidden: true }];
  const choose = (next) => {
    setWriting(next === WRITTEN);
    if (next !== WRITTEN) set(next);
  };
  return (
    <>
      <Pick label={label} hint={writing ? '' : hint} value={writing ? WRITTEN : value} options={all} set={choose} readonly={readonly} empty={empty} link={link} />
      {writing && <Code label={`${label}的表达式`} value={value} set={set} words={words} readonly={readonly} />}
      {below}
    </>
  );
}
