// The modeller with our dialect, our menus, Chinese words, simulation and minimap.
import Modeler from 'bpmn-js/lib/Modeler';
import simulation from 'bpmn-js-token-simulation';
import minimap from 'diagram-js-minimap';
import { dialect } from './description.js';
import { menus } from './menus.js';
import { keepListNames, keepSpelling } from './source.js';
import { chinese } from './texts.js';

export function createModeler(container) {
  const modeler = new Modeler({
    container,
    moddleExtensions: { spiffworkflow: dialect },
    additionalModules: [menus, chinese, simulation, minimap],
    minimap: { open: false },
  });
  modeler.on('import.parse.complete', ({ references }) => keepListNames(modeler.get('moddle'), references ?? []));
  return modeler;
}

/** The file's content, every unedited line as in `original`. */
export async function contentOf(modeler, original) {
  const { xml } = await modeler.saveXML({ format: true });
  return keepSpelling(original, xml);
}

/** The process behind an element: what a pool stands for, or what is drawn without a pool. */
export const subjectOf = (element) => element.businessObject.processRef ?? element.businessObject;

/** The element whose properties are shown when nothing is chosen: the pool, or the drawing as a whole. */
export function wholeOf(modeler) {
  const root = modeler.get('canvas').getRootElement();
  return root.children?.find(({ type }) => type === 'bpmn:Participant') ?? root;
}
