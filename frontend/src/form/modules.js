// What is added to the form viewer: our fields, our validator, and the island they belong to.
import { Checkpoints } from './fields/checkpoints.jsx';
import { Choice } from './fields/choice.jsx';
import { Evidence } from './fields/evidence.jsx';
import { IdCard } from './fields/idcard.jsx';
import { Organisation } from './fields/organisation.jsx';
import { Rank } from './fields/rank.jsx';
import { YearMonth } from './fields/yearmonth.jsx';
import { Records } from './records/table.jsx';
import { Validator } from './validation.js';

class Fields {
  static $inject = ['formFields'];

  constructor(formFields) {
    for (const field of [Checkpoints, Choice, Evidence, IdCard, Organisation, Rank, Records, YearMonth]) {
      formFields.register(field.config.type, field);
    }
  }
}

/** Viewer modules bound to one island; the side panel uses the same. */
export const modulesFor = (island) => [{
  __init__: ['ownFields'],
  ownFields: ['type', Fields],
  validator: ['type', Validator],
  island: ['value', island],
}];
