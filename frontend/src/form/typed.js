// The viewer takes typed text over a moment later. When something else makes it draw again meanwhile, it would put the
// older text back into the box; this keeps what was typed.
import { TYPING_DELAY } from './settle.js';

const BOXES = '.fjs-form-field-textfield input, .fjs-form-field-textarea textarea';
const PENDING = TYPING_DELAY + 50; // the viewer's own timer may be late
const typedAt = new WeakMap();

/** From now on nothing but the keyboard changes `box` within the delay after a key. */
function guard(box) {
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), 'value');
  Object.defineProperty(box, 'value', {
    configurable: true,
    get() { return own.get.call(box); },
    set(text) { if (performance.now() - typedAt.get(box) > PENDING) own.set.call(box, text); },
  });
}

export function keepTyped(place) {
  place.addEventListener('input', ({ target }) => {
    if (!target.matches?.(BOXES)) return;
    if (!typedAt.has(target)) guard(target);
    typedAt.set(target, performance.now());
  }, true);
}
