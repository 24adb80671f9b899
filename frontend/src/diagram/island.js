// One running process as a diagram: state colours, zoom, and a line of details for the chosen step.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { islandReady } from '../page/islands.js';
import { showDetails } from './details.js';
import { countWords, paintState, stateOf, wordsOf } from './state.js';
import { chinese } from './texts.js';

const STEP = 1.25;

const textOf = (id) => document.getElementById(id)?.textContent ?? '';

export class DiagramIsland {
  constructor(element) {
    this.element = element;
    this.state = JSON.parse(textOf(element.dataset.stateId) || '{}');
    this.xml = textOf(element.dataset.xmlId).trim();
  }

  async start() {
    this.#layout();
    this.viewer = new NavigatedViewer({ container: this.canvasPlace, additionalModules: [chinese] });
    try {
      await this.viewer.importXML(this.xml);
    } catch {
      this.#onlyTable();
      return;
    }
    this.canvas = this.viewer.get('canvas');
    paintState(this.viewer, this.state);
    this.#makeReachable();
    this.viewer.on('element.click', ({ element }) => this.#choose(element));
    new ResizeObserver(() => this.fit()).observe(this.canvasPlace);
    this.fit();
    islandReady(this.element);
  }

  /** A diagram without a drawing: its table tells the same. */
  #onlyTable() {
    const table = document.getElementById(this.element.dataset.tableId);
    if (table) table.hidden = false;
    this.element.textContent = '此流程没有图形，办理情况见表格。';
    this.element.classList.add('diagram-details');
  }

  /** Fits the whole diagram; a hidden or empty place has no size to fit into, and zooming there would fail. */
  fit() {
    this.canvas.resized();
    const { outer, inner } = this.canvas.viewbox();
    if (!(outer.width > 0 && outer.height > 0 && inner.width > 0 && inner.height > 0)) return;
    this.canvas.zoom('fit-viewport', 'auto');
  }

  #zoom(factor) {
    this.canvas.zoom(Math.min(4, Math.max(0.2, this.canvas.zoom() * factor)));
  }

  #layout() {
    this.element.classList.add('diagram-island');
    this.canvasPlace = document.createElement('div');
    this.canvasPlace.className = 'diagram-canvas';
    this.canvasPlace.setAttribute('role', 'group');
    this.canvasPlace.setAttribute('aria-label', this.element.dataset.title ?? '办理过程图');
    this.details = document.createElement('div');
    this.details.className = 'diagram-details';
    this.details.setAttribute('role', 'status');
    this.details.textContent = this.state.hint ?? '点选图中的一步，可查看办理人、时间和依据。';
    this.element.append(this.#toolbar(), this.canvasPlace, this.details);
  }

  #toolbar() {
    const bar = document.createElement('div');
    bar.className = 'diagram-tools';
    const tools = [['放大', () => this.#zoom(STEP)], ['缩小', () => this.#zoom(1 / STEP)], ['显示全图', () => this.fit()]];
    if (this.element.dataset.tableId) tools.push(['改看表格', (button) => this.#toggleTable(button)]);
    for (const [words, run] of tools) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'btn btn-sm';
      button.textContent = words;
      button.addEventListener('click', () => run(button));
      bar.append(button);
    }
    return bar;
  }

  #toggleTable(button) {
    const table = document.getElementById(this.element.dataset.tableId);
    const showTable = !this.canvasPlace.hidden;
    table.hidden = !showTable;
    this.canvasPlace.hidden = showTable;
    this.details.hidden = showTable;
    button.textContent = showTable ? '改看流程图' : '改看表格';
    if (!showTable) this.fit();
  }

  /** Every named step can be reached by Tab and opened by Enter. */
  #makeReachable() {
    this.viewer.get('elementRegistry').forEach((element, graphics) => {
      if (element.waypoints || element.labelTarget || !element.parent || !element.businessObject.name) return;
      graphics.setAttribute('tabindex', '0');
      graphics.setAttribute('role', 'button');
      const state = wordsOf(stateOf(this.state, element.id)) || countWords(this.state.counts?.[element.id]);
      graphics.setAttribute('aria-label', `${element.businessObject.name}${state ? `，${state}` : ''}`);
      graphics.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        this.#choose(element);
      });
    });
  }

  #choose({ id, businessObject, labelTarget }) {
    const chosen = labelTarget?.id ?? id;
    const name = businessObject.name;
    if (!name && !this.state.details?.[chosen]) return;
    if (this.chosen) this.canvas.removeMarker(this.chosen, 'is-chosen');
    this.chosen = chosen;
    this.canvas.addMarker(chosen, 'is-chosen');
    showDetails(this.details, this.state.details?.[chosen], name);
    this.element.dispatchEvent(new CustomEvent('diagram:choose', { bubbles: true, detail: { id: chosen, name } }));
  }
}
