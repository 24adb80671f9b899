// The viewer takes typed text over a moment after the key. When something else makes it draw again before that, it puts
// the older text back into the box; here a box in which somebody is typing changes by the keyboard only.
const BOXES = '.fjs-form-field-textfield input, .fjs-form-field-textarea textarea';
const guarded = new WeakSet();

function guard(box) {
  guarded.add(box);
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), 'value');
  Object.defineProperty(box, 'value', {
    configurable: true,
    get() { return own.get.call(box); },
    set(text) { if (document.activeElement !== box) own.set.call(box, text); },
  });
}

export function keepTyped(place) {
  place.addEventListener('focusin', ({ target }) => {
    if (target.matches?.(BOXES) && !guarded.has(target)) guard(target);
  });
}
