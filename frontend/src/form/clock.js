// Times as the interface writes them, by the application's clock: the demonstration's may be elsewhere than the machine's.
let ahead = 0; // milliseconds

/** `iso`: the server's time as the page was made. */
export const setClock = (iso) => { if (iso) ahead = Date.parse(iso) - Date.now(); };

/** The present of the application. */
export const now = () => new Date(Date.now() + ahead);

const IN_CHINA = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai', month: 'numeric', day: 'numeric', hour: 'numeric', minute: '2-digit', hourCycle: 'h23',
});

function parts(date) {
  return Object.fromEntries(IN_CHINA.formatToParts(date).map(({ type, value }) => [type, value]));
}

/** `9:05`, on the wall clock that the notices mean. */
export function timeOfDay(date = now()) {
  const { hour, minute } = parts(date);
  return `${Number(hour)}:${minute}`;
}

/** `10月9日 9:05` */
export function dayAndTime(date = now()) {
  const { month, day } = parts(date);
  return `${month}月${day}日 ${timeOfDay(date)}`;
}
