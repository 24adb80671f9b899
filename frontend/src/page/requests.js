// htmx set up for this product: CSRF header, our own confirmation, errors as toasts, nothing evaluated.
import htmx from 'htmx.org';
import { csrfToken, parseJson } from '../net/request.js';
import { showLoginExpired } from '../net/session.js';
import { ask } from './dialogs.js';
import { showToast } from './toast.js';

const WORDS = {
  0: '网络没有响应，请检查网络后再试。',
  403: '此事项不由您当前的身份办理。如需办理，请切换身份或联系办理机构。',
  404: '没有找到您要办理的事项，可能已经办结或者链接有误。',
  409: '此事项刚刚已由他人办理，您填写的内容已保留在草稿中，可查看最新情况。',
  413: '文件超过系统允许的大小，请压缩后再上传。',
  429: '操作过于频繁，请稍后再试。',
};
const GENERAL = '办理未完成，请稍后再试。';

const wordsFor = ({ status }, text) => parseJson(text ?? '').message || WORDS[status] || GENERAL;

export function startRequests() {
  // 422 carries the form with its messages and is swapped in; other errors leave the page as it is.
  htmx.config.noSwap = [204, 304, '400', '401', '403', '404', '409', '413', '429', '5xx'];
  htmx.config.history = 'reload'; // no copies of personal data in the browser's storage
  document.addEventListener('htmx:config:request', ({ detail }) => {
    detail.ctx.request.headers['X-CSRFToken'] = csrfToken();
  });
  document.addEventListener('htmx:confirm', (event) => {
    event.preventDefault();
    ask(event.detail.ctx.confirm).then((yes) => (yes ? event.detail.issueRequest() : event.detail.dropRequest()));
  });
  document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
    if (ctx.response.status === 401) showLoginExpired();
    else if (ctx.response.status !== 422) showToast(wordsFor(ctx.response, ctx.text), 'error');
  });
  document.addEventListener('htmx:error', () => showToast(WORDS[0], 'error'));
  // The server may send `HX-Trigger: {"toast": {"message": "…", "kind": "ok" | "error"}}`.
  document.addEventListener('toast', ({ detail }) => showToast(detail.message ?? detail.value, detail.kind ?? 'ok'));
}
