// Lists of a field: options to choose from, points an office checks; of a decision also what each button asks for.
import { Check, Text, Ticks } from './entries.jsx';

const without = (list, at) => list.filter((_, index) => index !== at);

/** A value no option has; those of decisions are letters only. */
function free(list, stem) {
  let count = list.length;
  const value = () => `${stem}_${stem === 'decision' ? 'abcdefghijklmnopqrstuvwxyz'[count] ?? `z${'z'.repeat(count - 25)}` : count + 1}`;
  while (list.some((each) => each.value === value())) count += 1;
  return value();
}

export function Options({ id, list = [], put, stem, words, more }) {
  const change = (at, part) => put(list.map((each, index) => (index === at ? tidy({ ...each, ...part }) : each)));
  const move = (at) => put([...list.slice(0, at - 1), list[at], list[at - 1], ...list.slice(at + 1)]);
  return (
    <div class="entry">
      <ol class="options">
        {list.map((each, at) => (
          <li key={at}>
            <div class="option-line">
              <input class="form-control form-control-sm" aria-label={`第${at + 1}项：文字`} value={each.label ?? ''} data-own-words
                onChange={(event) => change(at, { label: event.target.value.trim() })} />
              <input class="form-control form-control-sm font-monospace" aria-label={`第${at + 1}项：值`} value={each.value ?? ''} spellcheck={false} data-own-words
                onChange={(event) => change(at, { value: event.target.value.trim() })} />
              <button type="button" class="link-button" disabled={at === 0} aria-label={`第${at + 1}项上移`} onClick={() => move(at)}>↑</button>
              <button type="button" class="link-button is-danger" aria-label={`删除第${at + 1}项`} onClick={() => put(without(list, at))}>✕</button>
            </div>
            {more?.(each, (part) => change(at, part), `${id}-${at}`)}
          </li>
        ))}
      </ol>
      <button type="button" class="btn btn-sm" onClick={() => put([...list, { label: `${words}${list.length + 1}`, value: free(list, stem) }])}>加一项</button>
      <small>左为显示的文字，右为流程、决策表使用的值（字母、数字、下划线）。</small>
    </div>
  );
}

const tidy = (option) => Object.fromEntries(Object.entries(option).filter(([, value]) => value !== undefined));

/** What pressing this button asks for. */
export const decisionMore = (fields, checklists) => (option, change, id) => (
  <details class="option-more">
    <summary>办理要求</summary>
    <Ticks id={`${id}-requires`} label="须填写" value={option.requires ?? []} options={fields} put={(requires) => change({ requires: requires.length ? requires : undefined })} />
    {checklists.length > 0 && (
      <Ticks id={`${id}-ok`} label="审核要点须全部符合" value={option.allOk ?? []} options={checklists} put={(allOk) => change({ allOk: allOk.length ? allOk : undefined })} />
    )}
    <Text id={`${id}-confirm`} label="按下时先问" value={option.confirm} put={(confirm) => change({ confirm })} />
    <Check id={`${id}-danger`} label="红色按钮" value={option.danger} put={(danger) => change({ danger: danger || undefined })} />
    <Check id={`${id}-loose`} label="未填完也可以按" value={option.validate === false} put={(loose) => change({ validate: loose ? false : undefined })} />
  </details>
);

export const pointMore = (point, change, id) => (
  <Check id={`${id}-collective`} label="对整批而不是逐人审核" value={point.collective} put={(collective) => change({ collective: collective || undefined })} />
);
