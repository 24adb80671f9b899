// One form on a page: drawn from its schema, saved by itself, handed in by a decision.
import { Form } from '@bpmn-io/form-js-viewer';
import { newId, postJson } from '../net/request.js';
import { showBanner, showLoginExpired } from '../net/session.js';
import { islandReady } from '../page/islands.js';
import { addShortcuts } from '../page/shortcuts.js';
import { showToast } from '../page/toast.js';
import { Autosave, offerCopy } from './autosave.js';
import { setClock } from './clock.js';
import { DecisionBar, confirmed, decisionKeys } from './decision.js';
import { modulesFor } from './modules.js';
import { Navigator } from './navigator.js';
import { showProblems } from './problems.js';
import { followReplies } from './replies.js';
import { fillingKeys } from './keys.js';
import { findField, prepareSchema, sectionsOf, valueKeys } from './schema.js';
import { TYPING_DELAY, settle } from './settle.js';
import { readSetup } from './setup.js';
import { Answers, currentProblems, keepErrorsCurrent } from './validation.js';

/** What a decision may ask for beyond the schema. */
const ORDINARY = { requires: [], allOk: [] };
const SECTIONS_FOR_NAVIGATOR = 3;
const WORDS = {
  0: '网络没有响应，尚未提交。您填写的内容没有丢失，请再试一次。',
  403: '此事项不由您当前的身份办理。如需办理，请切换身份或联系办理机构。',
  409: '此事项刚刚已由他人办理，您填写的内容已保留在草稿中，可查看最新情况。',
};
const GENERAL = '尚未提交，请稍后再试。您填写的内容没有丢失。';

export class FormIsland {
  constructor(element) {
    this.element = element;
    this.setup = readSetup(element);
    setClock(this.setup.now);
    const { schema, decision } = prepareSchema(this.setup.schema);
    Object.assign(this, { schema, decision, key: newId() });
    this.shared = {
      ...this.setup.context,
      uploadUrl: this.setup.readOnly ? undefined : this.setup.uploadUrl,
      organisationUrl: this.setup.organisationUrl,
      today: this.setup.today,
      answers: new Answers(),
      option: ORDINARY,
      uploading: 0,
      limitMB: this.setup.uploadLimit ? Number(this.setup.uploadLimit) / 1024 / 1024 : undefined,
    };
    this.shared.modules = modulesFor(this.shared);
  }

  async start() {
    this.#layout();
    this.form = new Form({
      container: this.main,
      debounce: TYPING_DELAY,
      additionalModules: this.shared.modules,
      properties: { readOnly: this.setup.readOnly, ariaLabel: this.setup.title },
    });
    // Enter in a text box must not hand the form in.
    this.main.addEventListener('submit', (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
    await this.form.importSchema(this.schema, this.setup.values);
    await new Promise(requestAnimationFrame); // the fields register themselves while they are drawn
    if (sectionsOf(this.schema).length >= SECTIONS_FOR_NAVIGATOR) this.navigator = new Navigator(this.form, this.element);
    if (!this.setup.readOnly) this.#makeEditable();
    if (this.setup.problems.length) this.#answer(this.setup.problems);
    islandReady(this.element);
  }

  #layout() {
    this.element.classList.add('form-island');
    this.top = document.createElement('div');
    this.top.className = 'problems';
    this.top.tabIndex = -1;
    this.top.hidden = true;
    this.top.setAttribute('role', 'region');
    this.top.setAttribute('aria-label', '需要更正的内容');
    this.main = document.createElement('div');
    this.main.className = 'form-main';
    this.element.append(this.main);
    this.main.append(this.top);
  }

  #makeEditable() {
    keepErrorsCurrent(this.form);
    const place = document.querySelector('[data-decision-bar]') ?? this.element.appendChild(document.createElement('div'));
    this.bar = new DecisionBar(place, { ...this.setup, decision: this.decision, choose: (option) => this.#decide(option) });
    followReplies(this.form, { knows: (key) => this.#knows(key), go: (path) => this.#goTo(path) });
    addShortcuts('填写', fillingKeys(this.main));
    addShortcuts('办理', decisionKeys(this.bar.options, (option) => this.#decide(option)));
    const { draftUrl } = this.setup;
    if (!draftUrl) return;
    let touched = false; // fields tidy their values when first drawn; that is nobody's change
    for (const event of ['pointerdown', 'keydown', 'input']) {
      document.addEventListener(event, ({ isTrusted }) => { touched ||= isTrusted; }, { capture: true });
    }
    this.autosave = new Autosave({
      draftUrl,
      token: this.setup.draftToken,
      collect: () => this.#collect(),
      show: (state, words) => this.bar.say(state, words),
    });
    this.#saveBeforeLeaving();
    this.form.on('field.updated', () => touched && this.autosave.changed());
    const restore = (values) => this.#restore(values);
    if (!this.autosave.takeUp(restore)) offerCopy(draftUrl, this.#collect(), restore);
  }

  /** 保存，下一件: what was typed is saved before the link is followed. */
  #saveBeforeLeaving() {
    document.addEventListener('click', (event) => {
      const link = event.target.closest('a[data-save-first]');
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      settle().then(() => this.autosave.flush()).then((saved) => saved && location.assign(link.href)); // else it says why
    });
  }

  /** Everything filled in, parts hidden at the moment included: a draft forgets nothing. */
  #collect() {
    const { data } = this.form._getState();
    return Object.fromEntries(valueKeys(this.schema.components).map((key) => [key, data[key]]));
  }

  async #restore(values) {
    await this.form.importSchema(this.schema, { ...this.setup.values, ...values });
    this.autosave.changed();
  }

  /** The server's findings: at their fields until those are changed, and in the list on top. */
  #answer(problems) {
    this.shared.answers.add(problems, this.form._getState().data);
    this.form.validate();
    this.navigator?.paint();
    this.#list(problems);
  }

  #list(problems) {
    showProblems(this.top, problems, { knows: (path) => this.#knows(path), field: (path) => this.#goTo(path) });
  }

  #knows(path) {
    return Boolean(findField(this.schema.components, path.split('.')[0]));
  }

  #goTo(path) {
    const [key, row] = path.split('.');
    this.navigator?.reveal(key);
    const field = findField(this.schema.components, key);
    const own = this.element.querySelector(`[data-field="${CSS.escape(key)}"]`);
    const area = own ?? document.getElementById(`fjs-form-${this.form._id}-${field.id}`)?.closest('.fjs-form-field');
    const line = row === undefined ? null : area?.querySelectorAll('tr[data-row]')[row];
    const target = (line ?? area)?.querySelector('input:not([hidden], :disabled), select, textarea, button') ?? area;
    (line ?? area)?.scrollIntoView({ block: 'center' });
    target?.focus({ preventScroll: true });
  }

  async #decide(option) {
    await settle();
    if (this.shared.uploading) {
      showToast('文件正在上传，请稍候再提交。', 'error');
      return;
    }
    this.shared.answers.clear();
    this.shared.option = { ...ORDINARY, ...option };
    await this.#show(option.value);
    this.form.validate();
    const problems = option.validate === false ? [] : currentProblems(this.form);
    this.navigator?.paint();
    this.#list(problems);
    if (problems.length) return;
    if (await confirmed(option)) await this.#handIn(option);
  }

  /** Parts that belong to one decision appear when it is taken: conditions of the schema read `decision`. */
  async #show(decision) {
    const { data } = this.form._getState();
    if (decision === null || data.decision === decision) return;
    this.form._setState({ data: { ...data, decision } });
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame); // drawn, and known to the form's registry of drawn fields
  }

  async #handIn(option) {
    this.bar.busy = true;
    this.bar.say('saving', '正在提交…');
    await this.autosave?.pause();
    const values = this.form._getSubmitData();
    if (option.value !== null) values.decision = option.value;
    const payload = { values, token: this.autosave?.token ?? null, idempotency_key: this.key };
    const answer = await postJson(this.setup.submitUrl, payload, { 'Idempotency-Key': this.key });
    if (answer.status === 200 && answer.body.location) {
      this.autosave?.finish();
      location.assign(answer.body.location);
      return;
    }
    this.bar.busy = false;
    this.bar.say('failed', '尚未提交');
    this.#refused(answer, option);
  }

  #refused({ status, body }, option) {
    if (status === 422) {
      this.key = newId(); // the next attempt is another one; after silence it must stay the same
      this.#answer(body.problems ?? [{ message: body.message ?? GENERAL }]);
      this.autosave?.resume();
    } else if (status === 401) {
      this.autosave?.keep();
      showLoginExpired();
    } else if (status === 409) {
      this.autosave?.keep();
      showBanner('conflict', body.message ?? body.problems?.[0]?.message ?? WORDS[409], [['查看最新情况', location.href]]);
    } else {
      this.autosave?.resume();
      if (body.incident) showBanner('fault', `${body.message} 故障编号：${body.incident}`);
      else showToast(body.message ?? WORDS[status] ?? GENERAL, 'error', status === 403 ? null : () => this.#handIn(option));
    }
  }
}
