// The list of sections beside the form, counting what is missing; on a phone one section is shown at a time.
import { currentProblems } from './validation.js';
import { sectionsOf } from './schema.js';

const contains = (component, key) => component.key === key
  || (component.components ?? []).some((child) => contains(child, key));

/** Words and tone for one section: still missing, optional and empty, or filled in. */
function stateOf(section, problems, data) {
  const missing = problems.filter(({ field }) => contains(section, field.split('.')[0])).length;
  if (missing) return { tone: 'missing', words: `还差 ${missing} 项` };
  if (section.type !== 'records') return { tone: 'done', words: '已填' };
  const rows = data[section.key]?.length ?? 0;
  return rows ? { tone: 'done', words: `${rows} 行` } : { tone: 'optional', words: '选填' };
}

const STEPS = `
  <div class="sections-steps"><button type="button" class="btn">上一部分</button>
    <button type="button" class="btn">下一部分</button></div>`;
const TEMPLATE = `
  <nav class="sections" aria-label="申请书各部分">
    <div class="sections-progress"><strong>填写进度</strong><span></span><progress aria-label="已完成的部分"></progress></div>
    <ol></ol>
  </nav>
  <div class="sections-phone"><select class="form-select" aria-label="转到"></select></div>`;

export class Navigator {
  constructor(form, place) {
    this.form = form;
    this.sections = sectionsOf(form._getState().schema);
    place.insertAdjacentHTML('afterbegin', TEMPLATE);
    this.nav = place.querySelector('.sections');
    this.select = place.querySelector('.sections-phone select');
    place.insertAdjacentHTML('beforeend', STEPS);
    this.steps = place.querySelectorAll('.sections-steps button');
    this.current = this.sections[0].id;
    this.#build();
    let waiting = 0;
    form.on('changed', () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => this.paint(), 200);
    });
    this.paint();
    this.#follow();
  }

  element(section) {
    const domId = `fjs-form-${this.form._id}-${section.id}`;
    if (section.key) return this.#root().querySelector(`[data-field="${CSS.escape(section.key)}"]`);
    return document.getElementById(domId)?.closest('.fjs-form-field-group');
  }

  /** Shows the section that holds field `key` (needed on a phone) and returns nothing. */
  reveal(key) {
    const section = this.sections.find((s) => contains(s, key));
    if (section) this.show(section.id);
  }

  show(id) {
    this.current = id;
    this.#mark();
  }

  paint() {
    const { data, properties } = this.form._getState();
    const problems = properties.readOnly ? [] : currentProblems(this.form);
    const states = this.sections.map((section) => stateOf(section, problems, data));
    this.sections.forEach((section, i) => {
      const link = this.nav.querySelectorAll('a')[i];
      link.lastChild.className = `section-state is-${states[i].tone}`;
      link.lastChild.textContent = properties.readOnly ? '' : states[i].words;
      const words = properties.readOnly ? '' : `（${states[i].words}）`;
      this.select.options[i].text = `${i + 1}/${this.sections.length} ${section.label}${words}`;
    });
    this.#progress(states, properties.readOnly);
    this.#mark();
  }

  #root() {
    return this.form._container;
  }

  #progress(states, readOnly) {
    const counted = states.filter(({ tone }) => tone !== 'optional');
    const done = counted.filter(({ tone }) => tone === 'done').length;
    const bar = this.nav.querySelector('.sections-progress');
    bar.hidden = Boolean(readOnly);
    bar.querySelector('span').textContent = `${done} / ${counted.length}`;
    Object.assign(bar.querySelector('progress'), { max: Math.max(1, counted.length), value: done });
  }

  #build() {
    for (const section of this.sections) {
      const item = document.createElement('li');
      item.innerHTML = '<a href="#"><span></span><span class="section-state"></span></a>';
      item.querySelector('span').textContent = section.label;
      item.firstChild.addEventListener('click', (event) => {
        event.preventDefault();
        this.#go(section);
      });
      this.nav.querySelector('ol').append(item);
      this.select.append(new Option(section.label, section.id));
    }
    [-1, 1].forEach((step, i) => {
      this.steps[i].addEventListener('click', () => this.#go(this.sections[this.#here() + step]));
    });
    this.select.addEventListener('change', () => this.#go(this.sections[this.select.selectedIndex]));
  }

  #here() {
    return this.sections.findIndex(({ id }) => id === this.current);
  }

  #go(section) {
    this.show(section.id);
    const element = this.element(section);
    if (!element) return;
    element.tabIndex = -1;
    element.scrollIntoView({ block: 'start' });
    element.focus({ preventScroll: true });
  }

  /** Data attributes, because the viewer rewrites classes when it draws again. */
  #mark() {
    this.sections.forEach((section, i) => {
      const here = section.id === this.current;
      const element = this.element(section);
      if (element) {
        element.dataset.section = section.id;
        element.toggleAttribute('data-current', here);
      }
      const link = this.nav.querySelectorAll('a')[i];
      if (here) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
      if (here) this.select.selectedIndex = i;
    });
    this.steps[0].disabled = this.#here() === 0;
    this.steps[1].disabled = this.#here() === this.sections.length - 1;
  }

  /** On a desktop the list follows what is being read. */
  #follow() {
    const seen = new IntersectionObserver((entries) => {
      if (matchMedia('(max-width: 768px)').matches) return;
      for (const entry of entries) {
        if (entry.isIntersecting) this.show(entry.target.dataset.section);
      }
    }, { rootMargin: '-10% 0px -75% 0px' });
    for (const section of this.sections) {
      const element = this.element(section);
      if (element) seen.observe(element);
    }
  }
}
