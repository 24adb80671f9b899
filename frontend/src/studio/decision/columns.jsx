// One column's settings in a dialog: words, name, kind, predefined values, place.
import { useEffect, useRef, useState } from 'preact/hooks';
import { TYPES } from './model.js';
import { labelsOf, valueLines, valuesFrom } from './options.js';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

export function ColumnDialog({ column, side, taken, choices, names, save, move, remove, close }) {
  const dialog = useRef();
  const [said, say] = useState({ label: column.label ?? '', name: column.name ?? '', type: column.type ?? 'string', lines: column.id ? valueLines(column) : '' });
  const put = (key) => (event) => say({ ...said, [key]: event.target.value });
  useEffect(() => {
    dialog.current.showModal();
    dialog.current.addEventListener('close', close);
  }, []);
  const fault = (!said.label.trim() && '请填写名称。')
    || (!NAME.test(said.name) && '变量名以英文字母开头，由字母、数字和下划线组成。')
    || (taken.includes(said.name) && `“${said.name}”已有一列。`);
  const known = { ...column, ...said };
  const fromForm = Object.keys(labelsOf(known, choices));
  const submit = (event) => {
    event.preventDefault();
    if (fault) return;
    save({ label: said.label.trim(), name: said.name, type: said.type, values: valuesFrom(said.lines, said.type) });
    dialog.current.close();
  };
  const act = (run) => () => {
    run();
    dialog.current.close();
  };
  const field = (key, words, props = {}) => (
    <label class="mb-2 d-block">{words}<input class="form-control" value={said[key]} onInput={put(key)} {...props} /></label>
  );
  return (
    <dialog ref={dialog} class="ask column-dialog" aria-label={column.id ? '列的设置' : '新的一列'}>
      <form onSubmit={submit}>
        <h2>{column.id ? '列的设置' : side === 'inputs' ? '新的条件列' : '新的结果列'}</h2>
        {field('label', '名称', { 'data-own-words': '', autofocus: true })}
        {field('name', side === 'inputs' ? '变量名（流程或表单中的名称）' : '变量名（脚本由它取结果）', { list: 'column-names', spellcheck: false, 'data-own-words': '' })}
        <datalist id="column-names">{names.map((name) => <option key={name} value={name} />)}</datalist>
        <label class="mb-2 d-block">类型
          <select class="form-select" value={said.type} onChange={put('type')}>
            {Object.entries(TYPES).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
            {!TYPES[said.type] && <option value={said.type} data-own-words>{said.type}</option>}
          </select>
        </label>
        {said.type !== 'boolean' && (
          <label class="mb-2 d-block">可选值（每行一个，可不填{side === 'inputs' ? '；数值范围写成 0 <= ? <= 600' : ''}）
            <textarea class="form-control" rows={5} value={said.lines} onInput={put('lines')} spellcheck={false} data-own-words />
          </label>
        )}
        {fromForm.length > 0 && said.type === 'string' && (
          <button type="button" class="btn btn-sm mb-2" onClick={() => say({ ...said, lines: [...new Set([...said.lines.split('\n').filter(Boolean), ...fromForm])].join('\n') })}>取表单中的选项</button>
        )}
        {fault && <p class="text-danger" role="alert">{fault}</p>}
        <div class="ask-buttons">
          {column.id && (
            <span class="me-auto">
              <button type="button" class="btn btn-sm" onClick={act(() => move(-1))}>左移</button>{' '}
              <button type="button" class="btn btn-sm" onClick={act(() => move(1))}>右移</button>{' '}
              <button type="button" class="btn btn-sm btn-outline-danger" onClick={act(remove)}>删除此列</button>
            </span>
          )}
          <button type="button" class="btn" onClick={() => dialog.current.close()}>取消</button>
          <button class="btn btn-primary">确定</button>
        </div>
      </form>
    </dialog>
  );
}
