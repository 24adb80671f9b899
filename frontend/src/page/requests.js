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
  document.addEventListener('htmx:error', ({ target }) => showToast(WORDS[0], 'error', () => repeat(target)));
  showProgress();
  keepFocus();
  // The server may send `HX-Trigger: {"toast": {"message": "…", "kind": "ok" | "error"}}`.
  document.addEventListener('toast', ({ detail }) => showToast(detail.message ?? detail.value, detail.kind ?? 'ok'));
}

/** 重试: the same press once more. */
function repeat(element) {
  if (element.matches?.('form')) element.requestSubmit();
  else element.click?.();
}

/** A line at the top of the page while an answer is waited for. */
function showProgress() {
  let open = 0;
  const count = (by) => {
    open = Math.max(0, open + by);
    document.documentElement.toggleAttribute('data-waiting', open > 0);
  };
  document.addEventListener('htmx:before:request', () => count(1));
  document.addEventListener('htmx:finally:request', () => count(-1));
}

/** Where the swap took the focused element away, the focus goes to what came in its place. */
function keepFocus() {
  let focused = null;
  document.addEventListener('htmx:before:swap', () => { focused = document.activeElement; });
  document.addEventListener('htmx:after:swap', ({ target }) => {
    if (!focused || focused.isConnected || !(target instanceof Element)) return;
    const same = focused.id && document.getElementById(focused.id);
    const next = same || target.querySelector('[autofocus], a, button, input, select') || target;
    if (next === target) target.tabIndex = -1;
    next.focus();
  });
}
