// Which components a form of ours may have, how they are called, and how each begins. What the server cannot carry is not
// offered (app/domain/forms/schema.py); a file that holds it nevertheless is shown, and the check names it.
import { iconsByType } from '@bpmn-io/form-js-viewer';
import { Checkpoints } from '../../form/fields/checkpoints.jsx';
import { Evidence } from '../../form/fields/evidence.jsx';
import { IdCard } from '../../form/fields/idcard.jsx';
import { Organisation } from '../../form/fields/organisation.jsx';
import { Rank } from '../../form/fields/rank.jsx';
import { YearMonth } from '../../form/fields/yearmonth.jsx';

const OPTIONS = [{ label: '选项一', value: 'option_1' }, { label: '选项二', value: 'option_2' }];
const WHOLE = { columns: 16 };

/** type → {name, group, icon: whose picture, begins: what a new one has}; in the order of the palette. */
export const COMPONENTS = {
  textfield: { name: '单行文字', group: 'basic-input', begins: { validate: { maxLength: 100 } } },
  textarea: { name: '多行文字', group: 'basic-input', begins: { validate: { maxLength: 2000 } } },
  number: { name: '数字', group: 'basic-input', begins: { decimalDigits: 0 } },
  datetime: { name: '日期时间', group: 'basic-input', begins: { subtype: 'date', dateLabel: '日期' } },
  yearmonth: { name: '年月', group: 'basic-input', icon: 'datetime' },
  idcard: { name: '证件号码', group: 'basic-input', icon: 'textfield', begins: { mask: 'id', typeKey: 'id_type' } },
  organisation: { name: '单位（机构）', group: 'basic-input', icon: 'select', begins: { kinds: [] } },
  evidence: { name: '佐证材料', group: 'basic-input', icon: 'filepicker', begins: { accept: '.pdf,.jpg,.png', maxSizeMB: 20 } },
  rank: { name: '排名', group: 'basic-input', icon: 'number' },
  expression: { name: '计算得出', group: 'basic-input', begins: { expression: '=', computeOn: 'change' } },
  radio: { name: '单选', group: 'selection', begins: { values: OPTIONS } },
  select: { name: '下拉选择', group: 'selection', begins: { values: OPTIONS } },
  checkbox: { name: '勾选', group: 'selection' },
  checklist: { name: '多选', group: 'selection', begins: { values: OPTIONS } },
  taglist: { name: '多选（可查找）', group: 'selection', begins: { values: OPTIONS } },
  checkpoints: { name: '审核要点', group: 'selection', icon: 'checklist', begins: { points: [{ label: '要点一', value: 'point_1' }], layout: WHOLE } },
  group: { name: '分节', group: 'container', begins: { showOutline: true, components: [] } },
  dynamiclist: {
    name: '明细表', group: 'container',
    begins: { view: 'table', isRepeating: true, allowAddRemove: true, defaultRepetitions: 0, showOutline: true, components: [] },
  },
  text: { name: '说明文字', group: 'presentation', begins: { text: '说明文字' } },
  separator: { name: '分隔线', group: 'presentation' },
};

const OWN = { checkpoints: Checkpoints, evidence: Evidence, idcard: IdCard, organisation: Organisation, rank: Rank, yearmonth: YearMonth };

/** The class around the component's own drawing with our words; old files keep what they have. */
function ours(type, component, { name, group, icon = type, begins = {} }) {
  const Drawn = (props) => component(props);
  const create = (attributes, isNew = true) => {
    const found = component.config.create?.(attributes, isNew) ?? { ...attributes };
    if (!isNew) return found;
    const worded = component.config.keyed || ['group', 'dynamiclist'].includes(type) ? { label: name } : {};
    return { ...found, ...worded, ...structuredClone(begins), ...attributes, ...(begins.layout && attributes.layout ? { layout: { ...attributes.layout, ...begins.layout } } : {}) };
  };
  Drawn.config = { ...component.config, name, label: undefined, group, icon: iconsByType(icon), create };
  return Drawn;
}

class Palette {
  static $inject = ['formFields'];

  constructor(formFields) {
    const stock = formFields._formFields;
    const known = { ...stock, ...OWN };
    const offered = Object.entries(COMPONENTS).map(([type, about]) => [type, ours(type, known[type], about)]);
    formFields._formFields = { default: stock.default, ...Object.fromEntries(offered) };
    formFields.get = (type) => formFields._formFields[type] ?? stock[type]; // the rest is drawn, but not offered
  }
}

/** Modules of the editor: our palette in its place, and what our fields ask of the page. */
export const paletteModule = {
  __init__: ['ownPalette'],
  ownPalette: ['type', Palette],
  island: ['value', { organisations: [], attachments: {} }],
  propertiesPanel: ['value', { attachTo() {}, detach() {} }], // ours stands beside the editor
};
