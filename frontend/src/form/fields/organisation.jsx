// An organisation chosen by typing part of its name, from the page's own list or the server's search.
import { FormContext } from '@bpmn-io/form-js-viewer';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { getJson } from '../../net/request.js';
import { Frame, describe, fieldConfig } from './frame.jsx';

const SHOWN = 50;

const fits = (field, { kind }) => !field.kinds?.length || field.kinds.includes(kind);

async function search(island, field, words) {
  if (!island.organisationUrl) {
    return island.organisations.filter((o) => fits(field, o) && o.name.includes(words)).slice(0, SHOWN);
  }
  const query = new URLSearchParams({ q: words, field: field.key });
  for (const kind of field.kinds ?? []) query.append('kind', kind);
  const { body } = await getJson(`${island.organisationUrl}?${query}`);
  return Array.isArray(body) ? body : body.organisations ?? [];
}

function useFound(island, field, words, open) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    if (!open) return undefined;
    let wanted = true;
    const waiting = setTimeout(async () => {
      const list = await search(island, field, words.trim());
      if (wanted) setFound(list);
    }, island.organisationUrl ? 250 : 0);
    return () => {
      wanted = false;
      clearTimeout(waiting);
    };
  }, [words, open]);
  return found;
}

function Found({ id, found, words, active, choose }) {
  if (!found) return <div class="found-none">正在查找…</div>;
  if (!found.length) return <div class="found-none">未找到“{words}”。请联系该机构先行注册。</div>;
  return (
    <ul id={id} role="listbox" data-own-words>
      {found.map((organisation, index) => (
        <li key={organisation.id} id={`${id}-${index}`} role="option" aria-selected={index === active}
          onMouseDown={(e) => { e.preventDefault(); choose(organisation); }}>{organisation.name}</li>
      ))}
    </ul>
  );
}

export function Organisation({ field, value, onChange, onBlur, domId, errors = [], disabled, readonly }) {
  const island = useContext(FormContext).getService('island');
  const edited = useRef(false); // opening the list empties the box, which must not empty the value
  const [typed, setTyped] = useState(null);
  const [active, setActive] = useState(0);
  const open = typed !== null;
  const found = useFound(island, field, typed ?? '', open);
  const name = island.organisations.find((o) => String(o.id) === String(value))?.name ?? value ?? '';
  const choose = (organisation) => {
    if (!island.organisations.some((o) => o.id === organisation.id)) island.organisations.push(organisation);
    onChange({ value: organisation.id });
    setTyped(null);
  };
  const leave = () => {
    if (edited.current && typed === '') onChange({ value: null });
    edited.current = false;
    setTyped(null);
    onBlur?.();
  };
  const type = (event) => {
    edited.current = true;
    setTyped(event.target.value);
    setActive(0);
  };
  const keys = {
    ArrowDown: () => (open ? setActive(Math.min(active + 1, (found?.length ?? 1) - 1)) : setTyped('')),
    ArrowUp: () => setActive(Math.max(active - 1, 0)),
    Enter: () => found?.[active] && choose(found[active]),
    Escape: () => setTyped(null),
  };
  const press = (event) => {
    if (!keys[event.key] || (!open && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };
  const listId = `${domId}-list`;
  return (
    <Frame type="organisation" {...{ field, domId, errors }}>
      <div class="found-anchor">
        <input id={domId} type="text" class="fjs-input" role="combobox" autocomplete="off"
          placeholder={open ? '输入名称查找' : '请选择'} value={typed ?? name} disabled={disabled} readOnly={readonly}
          aria-expanded={open} aria-controls={listId} aria-activedescendant={open ? `${listId}-${active}` : undefined}
          onInput={type} onMouseDown={() => !readonly && !open && setTyped('')}
          onKeyDown={press} onBlur={leave} {...describe(field, domId, errors)} />
        {open && <div class="found"><Found id={listId} {...{ found, words: typed, active, choose }} /></div>}
      </div>
    </Frame>
  );
}

Organisation.config = fieldConfig('organisation', '单位', null, { sanitizeValue: ({ value }) => value ?? null });
