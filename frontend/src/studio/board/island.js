// The diagram editor of a draft's file: drawing, panel, findings, simulation, saving.
import { postFile } from '../../net/request.js';
import { islandReady } from '../../page/islands.js';
import { Findings } from '../findings.js';
import { keepFile } from '../keeping.js';
import { wordsOf } from '../script/words.js';
import { Edits } from './edits.js';
import { askForDiagram, chooseProcess, download, downloadPng, downloadSvg } from './files.js';
import { ImportedList } from './imported.js';
import { linksOf } from './links.jsx';
import { listFindings, markFindings, naming } from './marks.js';
import { contentOf, createModeler, subjectOf, wholeOf } from './modeler.js';
import { drawPanel } from './panel/panel.jsx';
import { flushTyped } from './panel/typed.js';
import { preview } from './preview.js';
import { toolbar } from './toolbar.js';

const MARGIN = 24; // around a drawing that is shown whole, in pixels
const LEFT = 130; // where the palette stands
const RIGHT = 70; // where the buttons of what is chosen stand
const READABLE = 0.75; // the scale at which the simulation begins

export class BoardIsland {
  constructor(element) {
    this.element = element;
    this.page = JSON.parse(document.getElementById(element.dataset.stateId).textContent);
    this.words = wordsOf(this.page.vocabulary);
    this.links = linksOf(location.pathname.replace(/\/files\/.*$/, ''));
    this.name = this.page.path.replace(/^.*\//, '').replace(/\.bpmn$/, '');
    this.sources = [this.page.content];
    this.found = [];
    this.imported = new ImportedList(this.page.draft, this.page.path);
  }

  async start() {
    this.#layout();
    this.modeler = createModeler(this.canvasPlace, this.page.readonly);
    this.findings = new Findings({ url: this.page.urls.lint, path: this.page.path, read: () => this.content(), show: (found) => this.#show(found) });
    await this.modeler.importXML(this.page.content);
    this.#watch();
    this.#fit();
    this.#draw();
    this.findings.ask();
    islandReady(this.element);
  }

  /** The file as it stands; what is being typed comes in when the field is left, or when the designer saves. */
  content() {
    return contentOf(this.modeler, this.sources);
  }

  get readonly() {
    return this.page.readonly || this.simulating;
  }

  #layout() {
    this.element.classList.add('board');
    const { bar, state, button } = toolbar(this.#tools());
    this.button = button;
    this.canvasPlace = document.createElement('div');
    this.canvasPlace.className = 'board-canvas';
    this.panelPlace = document.createElement('aside');
    this.panelPlace.className = 'board-panel';
    this.panelPlace.setAttribute('aria-label', '属性');
    this.listPlace = document.createElement('details');
    this.listPlace.className = 'board-findings';
    this.listPlace.innerHTML = '<summary>正在检查…</summary>';
    this.element.append(bar, this.canvasPlace, this.panelPlace, this.listPlace);
    this.statePlace = state;
  }

  #tools() {
    const service = (name) => this.modeler.get(name);
    return [
      [{ words: '保存', run: () => this.save(), primary: true }],
      [{ words: '撤销', run: () => service('commandStack').undo() }, { words: '重做', run: () => service('commandStack').redo() }],
      [{ words: '放大', run: () => service('zoomScroll').stepZoom(1) }, { words: '缩小', run: () => service('zoomScroll').stepZoom(-1) },
        { words: '全图', run: () => this.#fit() }, { words: '缩略图', run: () => service('minimap').toggle() },
        { words: '全屏', run: () => (document.fullscreenElement ? document.exitFullscreen() : this.element.requestFullscreen()) },
        { words: '查找', run: () => setTimeout(() => service('searchPad').toggle()) }],
      [{ words: '走一遍', run: () => service('toggleMode').toggleMode(), title: '在图上模拟流程怎样走' }],
      [{ words: '导入', run: () => askForDiagram((file) => this.#takeOver(file)) }, { words: '撤回导入', run: () => this.#takeBack() },
        { words: '导出文件', run: () => this.#export() },
        { words: '导出矢量图', title: 'SVG', run: () => downloadSvg(this.modeler, this.name) },
        { words: '导出图片', title: 'PNG', run: () => downloadPng(this.modeler, this.name) }],
    ];
  }

  #watch() {
    new ResizeObserver(() => this.modeler.get('canvas').resized()).observe(this.canvasPlace);
    this.modeler.on('commandStack.changed', ({ trigger }) => trigger !== 'clear' && this.#edited());
    this.modeler.on(['selection.changed', 'import.done', 'element.changed'], () => this.#draw());
    this.modeler.on('tokenSimulation.toggleMode', ({ active }) => this.#simulate(active));
    this.file = keepFile(this.page, {
      read: () => this.content(),
      use: (content) => this.replace(content, false),
      show: (content, place) => preview(content, place),
      state: this.statePlace,
    });
    addEventListener('beforeunload', flushTyped, { capture: true });
    this.element.addEventListener('keydown', ({ key, ctrlKey, metaKey }) => key === 's' && (ctrlKey || metaKey) && flushTyped(), { capture: true });
    this.button('撤回导入').hidden = true;
    for (const key of ['保存', '撤销', '重做', '导入']) this.button(key).hidden = this.page.readonly;
  }

  async save() {
    flushTyped();
    await this.file.save();
  }

  async #export() {
    flushTyped();
    download(`${this.name}.bpmn`, await this.content(), 'application/xml');
  }

  /** A file of whatever system: ours is taken as it is, another's as the server puts it, with what has to be seen to. */
  async #takeOver(file, process = '') {
    const { status, body } = await postFile(this.page.urls.take_over, file, { process }, () => {});
    if (status !== 200) throw new Error(body.problems?.[0]?.message ?? '服务器没有回答，请稍后再试。');
    const other = !process && body.others.length ? await chooseProcess(body.others) : '';
    if (other) return this.#takeOver(file, other);
    const ours = body.dialect === '职评';
    await this.replace(ours ? await file.text() : body.content);
    const dropped = ours ? [] : body.dropped;
    this.imported.keep(dropped.map(({ code, element, what, instead }) => ({ level: 'import', code, element, message: what, remedy: instead })));
    return dropped.length;
  }

  /** Another content on the board; the one before is kept until the next edit is undone by hand. */
  async replace(xml, mine = true) {
    const before = await this.content();
    try {
      await this.modeler.importXML(xml);
    } catch (error) {
      await this.modeler.importXML(before);
      throw error;
    }
    this.sources.push(xml);
    this.before = mine ? before : null;
    if (mine) this.imported.keep([]);
    this.button('撤回导入').hidden = !this.before;
    if (mine) this.file.changed();
    this.#fit();
    this.#draw();
    this.findings.soon();
  }

  async #takeBack() {
    await this.replace(this.before);
    this.before = null;
    this.button('撤回导入').hidden = true;
  }

  #edited() {
    this.file.changed();
    this.findings.soon();
    this.#draw();
  }

  #simulate(active) {
    this.simulating = active;
    this.element.classList.toggle('is-simulating', active);
    this.button('走一遍').textContent = active ? '结束模拟' : '走一遍';
    for (const key of ['导入', '查找']) this.button(key).disabled = active;
    if (active && this.modeler.get('canvas').zoom() < READABLE) this.#showStart();
    this.#draw();
  }

  #fit() {
    const canvas = this.modeler.get('canvas');
    canvas.resized();
    const { outer, inner } = canvas.viewbox();
    if (!(outer.width > 0 && outer.height > 0 && inner.width > 0 && inner.height > 0)) return;
    const scale = Math.min(1, (outer.width - LEFT - RIGHT) / inner.width, (outer.height - 2 * MARGIN) / inner.height);
    const [width, height] = [outer.width / scale, outer.height / scale];
    canvas.viewbox({ x: inner.x - LEFT / scale, y: inner.y - (height - inner.height) / 2, width, height });
  }

  /** The simulation's buttons are shown only where they can be told apart: large enough, beginning at the start. */
  #showStart() {
    const canvas = this.modeler.get('canvas');
    canvas.zoom(READABLE);
    const start = this.modeler.get('elementRegistry').find(({ type, labelTarget }) => type === 'bpmn:StartEvent' && !labelTarget);
    if (start) canvas.scrollToElement(start, { top: 100, left: LEFT, bottom: 100, right: 100 });
  }

  /** The panel, once for all that changes in one turn. */
  #draw() {
    if (this.drawing) return;
    this.drawing = true;
    queueMicrotask(() => {
      this.drawing = false;
      const selected = this.modeler.get('selection').get();
      const chosen = selected.length === 1 ? selected[0].labelTarget ?? selected[0] : wholeOf(this.modeler);
      const edits = new Edits(this.modeler, chosen, subjectOf(chosen));
      const findings = this.found.filter(({ element }) => element === edits.bo.id);
      const stack = this.modeler.get('commandStack', false);
      this.button('撤销').disabled = this.readonly || !stack.canUndo();
      this.button('重做').disabled = this.readonly || !stack.canRedo();
      drawPanel(this.panelPlace, { edits, findings, words: this.words, readonly: this.readonly, links: this.links, board: this, several: selected.length > 1 && selected.length });
    });
  }

  #show(found) {
    const readable = naming(this.modeler.get('elementRegistry'));
    this.found = [...found, ...this.imported.entries].map((each) => ({ ...each, message: readable(each.message) }));
    markFindings(this.modeler, this.found, (id) => this.choose(id));
    listFindings(this.listPlace, this.found, (id) => this.choose(id), () => this.#seenTo(found));
    this.#draw();
  }

  /** The designer has seen to what the import left out: it is listed no more. */
  #seenTo(found) {
    this.imported.keep([]);
    this.#show(found);
  }

  /** Shows the element with that id in the middle and chooses it. */
  choose(id) {
    const element = this.modeler.get('elementRegistry').get(id);
    const selection = this.modeler.get('selection');
    if (!element?.parent) {
      selection.select([]);
      return;
    }
    const canvas = this.modeler.get('canvas');
    canvas.setRootElement(canvas.findRoot(element));
    canvas.scrollToElement(element, 120);
    selection.select(element);
  }

  editsOf(id) {
    const element = this.modeler.get('elementRegistry').get(id);
    return new Edits(this.modeler, element, element.businessObject);
  }

  taken(id) {
    return Boolean(this.modeler.get('elementRegistry').get(id));
  }

  /** A pool and the process it stands for are called alike. */
  rename(element, bo, name) {
    const modeling = this.modeler.get('modeling');
    modeling.updateProperties(element, { name: name || undefined });
    if (element.businessObject !== bo) modeling.updateModdleProperties(element, bo, { name: name || undefined });
  }
}
