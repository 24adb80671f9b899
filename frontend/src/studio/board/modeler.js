// The modeller with our dialect, our menus, Chinese words, simulation and minimap.
import Modeler from 'bpmn-js/lib/Modeler';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import outline from 'bpmn-js/lib/features/outline';
import search from 'bpmn-js/lib/features/search';
import simulation from 'bpmn-js-token-simulation';
import simulationToLookAt from 'bpmn-js-token-simulation/lib/viewer';
import minimap from 'diagram-js-minimap';
import { dialect } from './description.js';
import { menus } from './menus.js';
import { keepListNames, keepSpelling } from './source.js';
import { chinese } from './texts.js';

/** The shapes stay in the order of the file; the modeller would sort them anew at every save. */
const AS_READ = { bpmnDiOrdering: ['value', null] };

/** With `readonly` a viewer: everything but editing. */
export function createModeler(container, readonly) {
  const shared = { container, moddleExtensions: { spiffworkflow: dialect }, minimap: { open: false } };
  const modeler = readonly
    ? new NavigatedViewer({ ...shared, additionalModules: [chinese, outline, search, simulationToLookAt, minimap] })
    : new Modeler({ ...shared, additionalModules: [menus, chinese, simulation, minimap, AS_READ] });
  searchByName(modeler, container);
  modeler.on('import.parse.complete', ({ references }) => keepListNames(modeler.get('moddle'), references ?? []));
  return modeler;
}

/**
 * Elements are found by what is written on them; their numbers, which the modeller shows as well, mean nothing to a reader.
 * The modeller listens to keys, which Chinese input does not send for what it puts in.
 */
function searchByName(modeler, container) {
  const found = modeler.get('bpmnSearch');
  const named = (pattern) => found.find(pattern).filter(({ primaryTokens }) => primaryTokens.length);
  modeler.get('searchPad').registerProvider({ find: (pattern) => named(pattern).map((each) => ({ ...each, secondaryTokens: [] })) });
  container.addEventListener('input', ({ target }) => {
    if (target.closest('.djs-search-container')) target.dispatchEvent(new KeyboardEvent('keyup', { key: 'Unidentified', bubbles: true }));
  });
}

/** The file's content, every unedited line as in one of the `sources` that were on the board. */
export async function contentOf(modeler, sources) {
  const { xml } = await modeler.saveXML({ format: true });
  return keepSpelling(sources.join('\n'), xml);
}

/** The process behind an element: what a pool stands for, or what is drawn without a pool. */
export const subjectOf = (element) => element.businessObject.processRef ?? element.businessObject;

/** The element whose properties are shown when nothing is chosen: the pool, or the drawing as a whole. */
export function wholeOf(modeler) {
  const root = modeler.get('canvas').getRootElement();
  return root.children?.find(({ type }) => type === 'bpmn:Participant') ?? root;
}
