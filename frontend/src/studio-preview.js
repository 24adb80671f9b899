// Entry of the page inside the form editor's preview: the real form island, on what the editor sends.
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import './styles/form.css';
import './styles/records.css';
import { speakChinese } from './form/calendar.js';
import { FormIsland } from './form/island.js';
import { keepTyped } from './form/typed.js';
import { postJson } from './net/request.js';
import { collectUntranslated } from './page/untranslated.js';

const SUBMIT = '/submit-preview'; // answered here: nothing is handed in

speakChinese();
keepTyped(document);
collectUntranslated();

const tell = (kind, more = {}) => window.parent.postMessage({ kind, ...more }, location.origin);

window.addEventListener('message', ({ origin, source, data }) => {
  if (origin === location.origin && source === window.parent && data.kind === 'form') show(data);
});
window.addEventListener('hashchange', () => location.hash === '#accepted' && tell('accepted'));
tell('ready');

function json(id, value) {
  const script = document.createElement('script');
  script.type = 'application/json';
  script.id = id;
  script.textContent = JSON.stringify(value);
  document.body.append(script);
  return id;
}

async function show({ schema, values, context, check, content }) {
  answerSubmit(check, content);
  const place = document.querySelector('[data-preview]');
  const element = document.createElement('div');
  Object.assign(element.dataset, {
    island: 'form', title: '预览', schemaId: json('schema', schema), valuesId: json('values', values), contextId: json('context', context), submitUrl: SUBMIT,
  });
  const bar = document.createElement('div');
  bar.dataset.decisionBar = '';
  place.replaceChildren(element, bar);
  const island = new FormIsland(element);
  await island.start();
  const report = () => tell('values', { values: island.form._getSubmitData() });
  island.form.on('field.updated', () => requestAnimationFrame(report));
  report();
}

/** A button pressed is answered as the server would: with its problems, or as accepted without anything being kept. */
function answerSubmit(check, content) {
  const { fetch } = window;
  window.fetch = async (url, options) => {
    if (url !== SUBMIT) return fetch(url, options);
    const { values } = JSON.parse(options.body);
    const { body } = await postJson(check, { content, values });
    const problems = body.problems ?? [];
    const said = problems.length ? { problems } : { location: '#accepted' };
    return new Response(JSON.stringify(said), { status: problems.length ? 422 : 200, headers: { 'Content-Type': 'application/json' } });
  };
}
