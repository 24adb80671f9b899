// Evidence: files that upload at once; the value is the list of their ids, names come from the island's map.
import { FormContext } from '@bpmn-io/form-js-viewer';
import { useContext, useRef, useState } from 'preact/hooks';
import { showToast } from '../../page/toast.js';
import { openShots } from '../shots.js';
import { ACCEPT, limitOf, showKinds, showSize, upload } from '../upload.js';
import { Frame, listConfig } from './frame.jsx';
import { Icon } from './icons.jsx';

const TOUCH = matchMedia('(pointer: coarse)');

function Attached({ attachment, id, place, remove }) {
  const { name, size, url, type } = attachment ?? { name: `附件 ${id}` };
  return (
    <li data-own-words>
      <span class="evidence-name">
        <Icon name="clip" />{url ? <a href={url} target="_blank" rel="noopener" data-evidence={id} data-type={type} data-place={place}>{name}</a> : name}
      </span>
      {size ? <span class="evidence-size">{showSize(size)}</span> : null}
      {remove && <button type="button" class="link-button is-danger" aria-label={`移除 ${name}`} onClick={remove}>移除</button>}
    </li>
  );
}

const Sending = ({ name, progress }) => (
  <li aria-busy="true" data-own-words>
    <span class="evidence-name">{name}</span>
    <progress max="1" value={progress} aria-label={`正在上传 ${name}`} />
    <span class="evidence-size">{Math.round(progress * 100)}%</span>
  </li>
);

function useUploads(island, field, value, onChange) {
  const [sending, setSending] = useState({});
  const [problems, setProblems] = useState([]);
  const ids = useRef(value);
  ids.current = value;
  const put = (next) => {
    ids.current = next;
    onChange({ value: next });
  };
  const send = async (file) => {
    const mark = `${file.name}-${file.lastModified}-${file.size}`;
    const progress = (share) => setSending((now) => ({ ...now, [mark]: { name: file.name, progress: share } }));
    progress(0);
    const { attachment, problem, note } = await upload(island, field, file, progress);
    setSending(({ [mark]: _, ...rest }) => rest);
    if (problem) return setProblems((now) => [...now, problem]);
    if (note) showToast(note);
    island.attachments[attachment.id] = attachment;
    return put([...ids.current, attachment.id]);
  };
  const add = (files) => {
    setProblems([]);
    for (const file of files) send(file);
  };
  return { sending: Object.entries(sending), problems, add, remove: (id) => put(ids.current.filter((i) => i !== id)) };
}

export function Evidence({ field, value, onChange, domId, errors = [], disabled, readonly }) {
  const island = useContext(FormContext).getService('island');
  const ids = value ?? [];
  const off = disabled || readonly || !island.uploadUrl;
  const picker = useRef();
  const { accept = ACCEPT } = field;
  const maxSizeMB = limitOf(field, island);
  const { sending, problems, add, remove } = useUploads(island, { ...field, maxSizeMB }, ids, onChange);
  const shoot = ({ currentTarget }) => openShots({
    label: field.label,
    limit: maxSizeMB * 1024 * 1024,
    origin: currentTarget,
    use: (file, words) => { add([file]); showToast(words); },
  });
  const hint = field.description || `${showKinds(accept)}，单个文件不超过 ${maxSizeMB}MB`;
  return (
    <Frame type="evidence" field={{ ...field, description: off ? field.description : hint }} domId={domId}
      errors={[...problems, ...errors]}>
      {!off && (
        <>
          <div class="evidence-add">
            <button type="button" id={domId} class="btn btn-sm" onClick={() => picker.current.click()}
              aria-describedby={`${domId}-description ${domId}-error-message`} data-invalid={errors.length > 0}>
              <Icon name="upload" />上传文件
            </button>
            {accept.includes('.pdf') && (
              <button type="button" class="btn btn-sm" onClick={shoot}>{TOUCH.matches ? '拍照上传' : '图片合成PDF'}</button>
            )}
          </div>
          <input ref={picker} type="file" multiple hidden accept={accept} tabIndex={-1} aria-hidden="true"
            onChange={(e) => { add([...e.target.files]); e.target.value = ''; }} />
        </>
      )}
      {off && !ids.length ? <p class="evidence-none">没有附件</p> : null}
      <ul class="evidence">
        {ids.map((id) => (
          <Attached key={id} id={id} place={field.label} attachment={island.attachments[id]} remove={off ? null : () => remove(id)} />
        ))}
        {sending.map(([mark, file]) => <Sending key={mark} {...file} />)}
      </ul>
    </Frame>
  );
}

Evidence.config = listConfig('evidence', '佐证材料');
