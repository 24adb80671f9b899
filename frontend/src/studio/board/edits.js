// One change of the panel = one step that can be undone.
import { withBody, withProperty } from './dialect.js';

export class Edits {
  /** Of one element on the board; `bo` is what its properties are read from (the process of a pool). */
  constructor(modeler, element, bo) {
    Object.assign(this, { element, bo });
    this.modeling = modeler.get('modeling', false); // a viewer has none, and its panel edits nothing
    this.moddle = modeler.get('moddle');
    this.drawn = () => modeler.get('elementRegistry').get(element.id) === element; // what is typed may come after it went
    this.definitions = modeler.getDefinitions();
  }

  property(name, value) {
    this.attributes({ extensionElements: withProperty(this.moddle, this.bo, name, value) });
  }

  body(name, value) {
    this.attributes({ extensionElements: withBody(this.moddle, this.bo, name, value) });
  }

  /** Attributes and children of the element itself. */
  attributes(values) {
    if (!this.drawn()) return;
    if (this.bo === this.element.businessObject) this.modeling.updateProperties(this.element, values);
    else this.modeling.updateModdleProperties(this.element, this.bo, values);
  }

  /** Attributes of something inside it, such as its event definition. */
  inner(part, values) {
    if (this.drawn()) this.modeling.updateModdleProperties(this.element, part, values);
  }

  /** An expression to be put somewhere inside; undefined for an empty text. */
  expression(text, parent = this.bo) {
    if (!text) return undefined;
    const expression = this.moddle.create('bpmn:FormalExpression', { body: text });
    expression.$parent = parent;
    return expression;
  }

  documentation(text) {
    const made = text ? [this.moddle.create('bpmn:Documentation', { text })] : [];
    made.forEach((each) => { each.$parent = this.bo; });
    this.attributes({ documentation: made });
  }

  /** Where nothing else applies, the gateway's way is this flow. */
  defaultOf(source, flow) {
    this.modeling.updateModdleProperties(this.element, source, { default: flow });
  }

  /** The variable that takes what a message brings. */
  variable(definition, name) {
    this.inner(definition, { extensionElements: withBody(this.moddle, definition, 'MessageVariable', name) });
  }

  /** Done for several: {isSequential}; null for once. */
  repeats(kind) {
    const before = this.bo.loopCharacteristics;
    if (kind && before) return this.inner(before, kind);
    const loop = kind ? this.moddle.create('bpmn:MultiInstanceLoopCharacteristics', kind) : undefined;
    if (loop) loop.$parent = this.bo;
    return this.attributes({ loopCharacteristics: loop });
  }

  /** A list or an item of a repeated activity, known by its name alone. */
  loopName(loop, part, id) {
    const made = id ? this.moddle.create(part.startsWith('output') ? 'bpmn:DataOutput' : 'bpmn:DataInput', { id }) : undefined;
    if (made) made.$parent = loop;
    this.inner(loop, { [part]: made });
  }

  /** What errors or messages the file declares: `kind` is Error or Message. */
  declared(kind) {
    return (this.definitions.rootElements ?? []).filter(({ $type }) => $type === `bpmn:${kind}`);
  }

  /** The event of the element speaks of the declared `kind` with that id; a new one is declared where there is none. */
  refer(kind, id, values) {
    const definition = this.bo.eventDefinitions[0];
    const key = `${kind.toLowerCase()}Ref`;
    let target = this.declared(kind).find((each) => each.id === id);
    if (!target && id) {
      target = this.moddle.create(`bpmn:${kind}`, { id, ...values });
      target.$parent = this.definitions;
      // the declaration stays when the choice is undone: it means nothing until something speaks of it
      this.definitions.get('rootElements').splice(this.#place(kind), 0, target);
    }
    this.inner(definition, { [key]: target });
  }

  /** Declarations stand behind the last of their kind, or behind the process. */
  #place(kind) {
    const roots = this.definitions.get('rootElements');
    const last = roots.findLastIndex(({ $type }) => $type === `bpmn:${kind}`);
    return last >= 0 ? last + 1 : roots.findLastIndex(({ $type }) => $type === 'bpmn:Process') + 1;
  }
}
