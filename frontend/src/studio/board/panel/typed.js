// What is being typed in the panel: taken over after a pause, on leaving the field, and before the file is saved.
import { useEffect, useRef, useState } from 'preact/hooks';

const PAUSE = 500;
const PRESS = 250; // a press that leaves the field reaches its button before the drawing changes under it
const open = new Set();

/** Takes over everything that is still being typed. */
export const flushTyped = () => [...open].forEach((flush) => flush());

let fields = 0;

/** An id for the parts of one field; preact's own gives the same one to fields that come later. */
export const useNumber = () => useState(() => `board-field-${++fields}`)[0];

/**
 * [text, type(text), leave(), enter()] of a field that shows `value` and hands over another text by `commit`; with `whole`
 * only when the field is left, for a text that means nothing before its end.
 */
export function useTyped(value, commit, whole = false) {
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
    if (!whole) later(PAUSE);
    open.add(flush);
  };
  const later = (delay) => {
    clearTimeout(state.current.timer);
    state.current.timer = setTimeout(flush, delay);
  };
  return [text, type, () => later(PRESS), flush];
}
