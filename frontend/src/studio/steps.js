// What can be taken back: the states of one thing, in order. Changes to the same spot in a row are one step.

const MOST = 200;

export class Steps {
  constructor(state) {
    this.states = [state];
    this.at = 0;
  }

  get state() {
    return this.states[this.at];
  }

  /** `spot` names what was changed, so that typing on in one cell is one step; undefined is always a step. */
  add(state, spot) {
    if (state === this.state) return;
    const goesOn = spot !== undefined && spot === this.spot && this.at === this.states.length - 1 && this.at > 0;
    const kept = this.states.slice(Math.max(0, this.at + 1 - MOST), goesOn ? this.at : this.at + 1);
    this.states = [...kept, state];
    this.at = this.states.length - 1;
    this.spot = spot;
  }

  undo() {
    this.at = Math.max(0, this.at - 1);
    this.spot = undefined;
    return this.state;
  }

  redo() {
    this.at = Math.min(this.states.length - 1, this.at + 1);
    this.spot = undefined;
    return this.state;
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }
}
