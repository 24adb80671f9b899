// What is being typed in the panel: taken over after a pause, on leaving the field, and before the file is saved.
import { useEffect, useRef, useState } from 'preact/hooks';

const PAUSE = 500;
const open = new Set();

/** Takes over everything that is still being typed. */
export const flushTyped = () => [...open].forEach((flush) => flush());

/** [text, type(text), leave()] of a field that shows `value` and hands over another text by `commit`. */
export function useTyped(value, commit) {
  const [text, setText] = useState(value);
  const state = useRef({});
  Object.assign(state.current, { value, commit });
  const flush = useRef(() => {
    const { timer, typed, value: known, commit: hand } = state.current;
    clearTimeout(timer);
    open.delete(flush);
    state.current.typed = undefined;
    if (typed !== undefined && typed !== known) hand(typed);
  }).current;
  useEffect(() => {
    if (state.current.typed === undefined) setText(value);
  }, [value]);
  useEffect(() => flush, []);
  const type = (next) => {
    setText(next);
    state.current.typed = next;
    clearTimeout(state.current.timer);
    state.current.timer = setTimeout(flush, PAUSE);
    open.add(flush);
  };
  return [text, type, flush];
}
