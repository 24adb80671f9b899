// What the server's linter says of the content as it stands, asked a moment after each change; the last question counts.
import { postJson } from '../net/request.js';

const PAUSE = 700;

export class Findings {
  /** `read()` gives the content, a promise; `show(findings)` gets [{level, code, element, line, message, remedy}], errors first. */
  constructor({ url, path, read, show }) {
    Object.assign(this, { url, path, read, show });
    this.asked = 0;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const number = ++this.asked;
    const content = await this.read().catch(() => null); // the editor's own state tells that it cannot be written
    if (content === null) return;
    const { status, body } = await postJson(this.url, { path: this.path, content });
    if (status === 200 && number === this.asked) this.show(errorsFirst(body.findings ?? []));
  }
}

const errorsFirst = (findings) => [...findings].sort((one, other) => (one.level === 'error' ? 0 : 1) - (other.level === 'error' ? 0 : 1));
