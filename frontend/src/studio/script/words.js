// The draft's vocabulary as the editors use it: every list there, every entry an object.

const listed = (values, key) => (values ?? []).map((value) => (typeof value === 'string' ? { [key]: value } : value));

/** `deadlines`: the parameters that hold a deadline rule. */
export function wordsOf(vocabulary) {
  const given = vocabulary ?? {};
  const parameters = listed(given.parameters, 'key');
  const keys = listed(given.deadline_keys, 'key').map(({ key }) => key);
  const deadlines = parameters.filter(({ key, type }) => type === 'deadline' || keys.includes(key));
  return {
    functions: listed(given.functions, 'name').map((each) => ({ ...each, text: (each.text ?? '').split('\n')[0] })),
    parameters,
    deadlines: [...deadlines, ...keys.filter((key) => !deadlines.some((each) => each.key === key)).map((key) => ({ key }))],
    forms: listed(given.forms, 'key'),
    roles: listed(given.roles, 'code'),
    lanes: listed(given.lanes, 'label'),
    levels: listed(given.levels, 'code'),
    processes: listed(given.processes, 'id'),
    decisions: listed(given.decisions, 'id'),
    clauses: listed(given.clauses, 'id'),
    variables: listed(given.variables, 'name'),
  };
}
