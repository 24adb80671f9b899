// The words of a condition or script: enough to complete, to check at once and to read deadline("…") back.

const TOKEN = /(?<space>\s+)|(?<comment>#.*)|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<open>["'][^\n]*)|(?<number>\d[\d._]*)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<op>==|!=|<=|>=|\+=|-=|\*=|\/\/|&&|\|\||[-+*/%<>=!.,:()[\]{}])|(?<other>.)/gsu;

/** [{kind, text, from, to}] without spaces; kind: name, number, string, op, comment, open (a string never closed), other. */
export function tokens(source) {
  const found = [];
  for (const match of source.matchAll(TOKEN)) {
    const [kind, text] = Object.entries(match.groups).find(([, part]) => part !== undefined);
    if (kind !== 'space') found.push({ kind, text, from: match.index, to: match.index + text.length });
  }
  return found;
}

/** The text inside a string token. */
export const unquoted = (text) => text.slice(1, text.length > 1 && text.at(-1) === text[0] ? -1 : undefined);

/** [{name, text}] of a call's arguments as written, `name` for `name=…`; null where the source is not that one call. */
export function callOf(source, name) {
  const all = tokens(source);
  if (all[0]?.text !== name || all[1]?.text !== '(' || all.at(-1)?.text !== ')') return null;
  const parts = [[]];
  let depth = 0;
  for (const token of all.slice(2, -1)) {
    if ('([{'.includes(token.text)) depth += 1;
    if (')]}'.includes(token.text)) depth -= 1;
    if (depth < 0) return null; // `f(1) + g(2)`
    if (token.text === ',' && depth === 0) parts.push([]);
    else parts.at(-1).push(token);
  }
  return depth === 0 ? parts.filter((part) => part.length).map((part) => argument(source, part)) : null;
}

function argument(source, part) {
  const named = part[0].kind === 'name' && part[1]?.text === '=';
  const value = named ? part.slice(2) : part;
  return { name: named ? part[0].text : '', text: value.length ? source.slice(value[0].from, value.at(-1).to) : '' };
}
