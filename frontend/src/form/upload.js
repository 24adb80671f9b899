// Sends one chosen file after checking what can be checked here; the server checks the content again.
import { postFile } from '../net/request.js';
import { showLoginExpired } from '../net/session.js';
import { shrunk } from './pictures.js';

export const ACCEPT = '.pdf,.jpg,.png';
export const MAX_MB = 20;
const MB = 1024 * 1024;

export const showSize = (bytes) => (bytes >= MB ? `${(bytes / MB).toFixed(1)}MB` : `${Math.max(1, Math.round(bytes / 1024))}KB`);

const sameKind = (ending) => ending.trim().toLowerCase().replace('.jpeg', '.jpg');

const extension = (name) => (name.includes('.') ? sameKind(name.slice(name.lastIndexOf('.'))) : '');

const kinds = (accept) => [...new Set(accept.split(',').map(sameKind))].filter(Boolean);

export const showKinds = (accept) => kinds(accept).map((kind) => kind.replace('.', '').toUpperCase()).join('、');

/** What is wrong with a file in the words of the interface, or null. `file`: {name, size}. */
export function fileProblem({ name, size }, { accept = ACCEPT, maxSizeMB = MAX_MB }) {
  const kind = extension(name);
  if (kinds(accept).includes(kind) && size <= maxSizeMB * MB) return null;
  const type = kind.replace('.', '').toUpperCase() || '未知类型';
  return `“${name}”为${type}、${showSize(size)}，要求${showKinds(accept)}、不超过${maxSizeMB}MB。原有内容未受影响。`;
}

const REFUSED = {
  0: '网络没有响应，文件没有上传，请再试一次。',
  413: '文件超过系统允许的大小，请压缩后再上传。',
};

/** What a field takes, in MB: its own limit, but never more than the server does. */
export const limitOf = ({ maxSizeMB = MAX_MB }, { limitMB = MAX_MB }) => Math.min(maxSizeMB, limitMB);

/** {attachment} with {id, name, size, url?}, and `note` where a picture was made smaller first; or {problem}. */
export async function upload(island, field, chosen, onProgress) {
  const file = await shrunk(chosen, field.maxSizeMB);
  const note = file === chosen ? '' : `“${chosen.name}”较大，已由 ${showSize(chosen.size)} 压缩为 ${showSize(file.size)} 后上传。`;
  const problem = fileProblem(file, field);
  if (problem) return { problem };
  island.uploading += 1;
  const { status, body } = await postFile(island.uploadUrl, file, { field: field.key }, onProgress);
  island.uploading -= 1;
  if (status === 401) showLoginExpired();
  if ((status === 200 || status === 201) && body.id != null) {
    return { attachment: { name: file.name, size: file.size, ...body }, note };
  }
  return { problem: body.problems?.[0]?.message ?? body.message ?? REFUSED[status] ?? '文件没有上传，请再试一次。' };
}
