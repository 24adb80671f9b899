// Two states of a diagram one above the other, moved and zoomed together; what differs is coloured in both.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { chinese } from '../diagram/texts.js';
import { islandReady } from '../page/islands.js';

export class DifferenceIsland {
  constructor(element) {
    this.element = element;
    this.state = JSON.parse(document.getElementById(element.dataset.stateId).textContent);
  }

  async start() {
    this.viewers = await Promise.all(['old', 'new'].map((side) => this.#view(side)));
    this.#together();
    document.addEventListener('click', ({ target }) => this.#find(target.closest('[data-diff-element]')?.dataset.diffElement));
    islandReady(this.element);
  }

  async #view(side) {
    const figure = document.createElement('figure');
    figure.className = 'diff-side';
    const caption = document.createElement('figcaption');
    caption.textContent = this.element.dataset[side];
    const place = document.createElement('div');
    place.className = 'diff-canvas';
    figure.append(caption, place);
    this.element.append(figure);
    const viewer = new NavigatedViewer({ container: place, additionalModules: [chinese] });
    await viewer.importXML(this.state[side]);
    const canvas = viewer.get('canvas');
    const registry = viewer.get('elementRegistry');
    for (const { kind, element } of this.state.changes) {
      if (registry.get(element)) canvas.addMarker(element, `diff-mark-${kind}`);
    }
    canvas.zoom('fit-viewport', 'auto');
    return viewer;
  }

  #together() {
    let leading = null;
    for (const viewer of this.viewers) {
      viewer.on('canvas.viewbox.changed', ({ viewbox: { x, y, width, height } }) => {
        if (leading) return;
        leading = viewer;
        for (const other of this.viewers) if (other !== viewer) other.get('canvas').viewbox({ x, y, width, height });
        leading = null;
      });
    }
  }

  /** Brings an element into the middle, in the state that has it. */
  #find(id) {
    const viewer = id && [...this.viewers].reverse().find((each) => each.get('elementRegistry').get(id));
    if (!viewer) return;
    viewer.get('canvas').scrollToElement(id, 80);
    this.element.scrollIntoView({ block: 'start' });
  }
}
