// The options of 决定 are the buttons of the page, each with what it asks for.
import { Options, decisionMore } from './options.jsx';

export function DecisionOptions({ field, edit, fields }) {
  const named = (list) => list.map((each) => [each.path ?? each.key, each.label ?? each.path ?? each.key]);
  const others = fields.filter((each) => each !== field && (each.key ?? each.path) && each.type !== 'group');
  const more = decisionMore(named(others), named(others.filter(({ type }) => type === 'checkpoints')));
  return <Options id="p-values" list={field.values} put={(values) => edit({ values })} stem="decision" words="决定" more={more} />;
}
