// The decision bar: what was saved, and one button for each decision the person may take.
import { ask } from '../page/dialogs.js';

/** Where the schema has no field `decision`, handing in is the one thing to do. */
const ONLY_SUBMIT = (label) => [{ value: null, label }];

export class DecisionBar {
  /** `choose(option)` runs when a button was clicked and, where asked for, confirmed. */
  constructor(element, { decision, submitLabel, choose }) {
    this.element = element;
    element.classList.add('decision-bar');
    this.status = document.createElement('span');
    this.status.className = 'decision-status';
    this.status.setAttribute('role', 'status');
    this.options = decision?.values ?? ONLY_SUBMIT(submitLabel);
    this.buttons = this.options.map((option, index) => this.#button(option, index, choose));
    const group = document.createElement('div');
    group.className = 'decision-buttons';
    group.append(...this.buttons, ...element.children); // what the page offers besides deciding: 退回至…
    element.append(this.status, group);
  }

  say(state, words) {
    this.status.dataset.state = state;
    this.status.textContent = words;
  }

  set busy(busy) {
    for (const button of this.buttons) button.disabled = busy;
  }

  #button(option, index, choose) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `btn ${index === 0 ? 'btn-primary' : 'btn-secondary-action'}${option.danger ? ' is-danger' : ''}`;
    if (option.value !== null) button.dataset.decision = option.value;
    button.textContent = option.label;
    button.setAttribute('aria-keyshortcuts', index === 0 ? 'Control+Enter Alt+1' : `Alt+${index + 1}`);
    button.addEventListener('click', () => choose(option));
    return button;
  }
}

export const confirmed = (option) => !option.confirm || ask(option.confirm, { yes: option.label });

/** Ctrl+Enter hands in by the first decision; a number chooses one and asks before it is taken. */
export function decisionKeys(options, decide) {
  const asking = (option) => ({ ...option, confirm: option.confirm ?? `确定办理“${option.label}”？` });
  const numbers = options.slice(0, 9).map((option, index) => ({
    keys: [`${index + 1}`, `Alt+${index + 1}`],
    words: `${option.label}（先确认）`,
    run: () => decide(asking(option)),
  }));
  const [first] = options;
  return [{ keys: ['Ctrl+Enter'], words: `${first.label}，填写中也可使用`, run: () => decide(first) }, ...numbers];
}
