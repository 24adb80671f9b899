// Palette, context pad and “change element” menu, cut down to what the engine carries out.
import { DRAWABLE, FOLLOWING, usableChanges, usablePad, usableToggles } from './usable.js';

const LAST = 200; // a priority below the modeller's own providers: what they offer can be taken away

class Palette {
  static $inject = ['palette', 'create', 'elementFactory', 'handTool', 'lassoTool', 'spaceTool', 'globalConnect', 'translate'];

  constructor(palette, create, elementFactory, handTool, lassoTool, spaceTool, globalConnect, translate) {
    Object.assign(this, { create, elementFactory, handTool, lassoTool, spaceTool, globalConnect, translate });
    palette.registerProvider(this);
  }

  getPaletteEntries() {
    const tool = (icon, title, run) => ({ group: 'tools', className: `bpmn-icon-${icon}`, title: this.translate(title), action: { click: run } });
    const entries = {
      hand: tool('hand-tool', 'Activate hand tool', (event) => this.handTool.activateHand(event)),
      lasso: tool('lasso-tool', 'Activate lasso tool', (event) => this.lassoTool.activateSelection(event)),
      space: tool('space-tool', 'Activate create/remove space tool', (event) => this.spaceTool.activateSelection(event)),
      connect: tool('connection-multi', 'Activate global connect tool', (event) => this.globalConnect.start(event)),
      separator: { group: 'tools', separator: true },
    };
    for (const [key, type, icon, title, group, options] of DRAWABLE) {
      const draw = (event) => this.create.start(event, this.elementFactory.createShape({ type, ...options }));
      entries[`create.${key}`] = { group, className: `bpmn-icon-${icon}`, title, action: { dragstart: draw, click: draw } };
    }
    const inner = (event) => this.#subProcess(event);
    entries['create.subprocess'] = {
      group: 'activity', className: 'bpmn-icon-subprocess-expanded', title: '子流程（画在里面）', action: { dragstart: inner, click: inner },
    };
    return entries;
  }

  #subProcess(event) {
    const outer = this.elementFactory.createShape({ type: 'bpmn:SubProcess', x: 0, y: 0, isExpanded: true });
    const start = this.elementFactory.createShape({ type: 'bpmn:StartEvent', x: 40, y: 82, parent: outer });
    this.create.start(event, [outer, start], { hints: { autoSelect: [outer] } });
  }
}

class Pad {
  static $inject = ['contextPad', 'autoPlace', 'create', 'elementFactory', 'appendPreview'];

  constructor(contextPad, autoPlace, create, elementFactory, appendPreview) {
    Object.assign(this, { autoPlace, create, elementFactory, appendPreview });
    contextPad.registerProvider(LAST, this);
  }

  getContextPadEntries({ businessObject: bo, type }) {
    return (entries) => {
      const rest = usablePad(entries);
      const mayFollow = type !== 'label' && bo.$instanceOf('bpmn:FlowNode') && !bo.$instanceOf('bpmn:EndEvent')
        && !bo.$instanceOf('bpmn:EventBasedGateway');
      return mayFollow ? { ...this.#following(), ...rest } : rest;
    };
  }

  #following() {
    const drawn = DRAWABLE.filter(([key]) => FOLLOWING.includes(key));
    return Object.fromEntries(drawn.map(([key, type, icon, title, , options]) => {
      const shape = () => this.elementFactory.createShape({ type, ...options });
      return [`append.${key}`, {
        group: 'model',
        className: `bpmn-icon-${icon}`,
        title: `接${title}`,
        action: {
          click: (_event, element) => this.autoPlace.append(element, shape()),
          dragstart: (event, element) => this.create.start(event, shape(), { source: element }),
          hover: (_event, element) => {
            this.appendPreview.create(element, type, options);
            return () => this.appendPreview.cleanUp();
          },
        },
      }];
    }));
  }
}

class Changes {
  static $inject = ['popupMenu'];

  constructor(popupMenu) {
    popupMenu.registerProvider('bpmn-replace', LAST, this);
  }

  getPopupMenuEntries() {
    return usableChanges;
  }

  getPopupMenuHeaderEntries({ businessObject }) {
    return (entries) => usableToggles(entries, businessObject);
  }
}

export const menus = {
  __init__: ['paletteProvider', 'usablePad', 'usableChanges'],
  paletteProvider: ['type', Palette],
  usablePad: ['type', Pad],
  usableChanges: ['type', Changes],
};
