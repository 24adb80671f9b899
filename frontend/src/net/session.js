// What happens when the login has expired or the draft moved on elsewhere: a banner, nothing lost.

const EXPIRED = '登录已过期。您填写的内容已保存在本页，请重新登录后继续。';

const loginUrl = () => {
  const url = document.querySelector('meta[name="login-url"]')?.content || '/login';
  return `${url}${url.includes('?') ? '&' : '?'}next=${encodeURIComponent(location.pathname + location.search)}`;
};

/** One banner of each `kind` at the top of the page; `actions` are [label, href | function]. */
export function showBanner(kind, message, actions = []) {
  document.querySelector(`.page-banner[data-kind="${kind}"]`)?.remove();
  const banner = document.createElement('div');
  banner.className = 'page-banner';
  banner.dataset.kind = kind;
  banner.setAttribute('role', 'alert');
  const text = document.createElement('span');
  text.textContent = message;
  banner.append(text);
  for (const [label, action] of actions) banner.append(bannerAction(banner, label, action));
  document.body.prepend(banner);
  return banner;
}

function bannerAction(banner, label, action) {
  const element = document.createElement(typeof action === 'string' ? 'a' : 'button');
  element.className = 'btn btn-sm';
  element.textContent = label;
  if (typeof action === 'string') {
    element.href = action;
  } else {
    element.type = 'button';
    element.addEventListener('click', () => {
      banner.remove();
      action();
    });
  }
  return element;
}

export const showLoginExpired = () => showBanner('login', EXPIRED, [['重新登录', loginUrl()]]);
