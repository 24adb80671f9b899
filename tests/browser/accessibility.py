"""WCAG 2.1 A and AA by axe-core, put into the page from outside: the page's own rules let no foreign script in."""

from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
SCRIPT = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# the mark of the diagram viewer belongs to its licence and the browser's own PDF viewer to the browser; a
# watermark is there not to be read
OUTSIDE = [".bjs-powered-by", ".fjs-powered-by-link", ".viewer-body iframe", ".room-watermark"]
RUN = """async ([rules, outside]) => {
  const exclude = outside.filter((each) => document.querySelector(each)).map((each) => [each]);
  const found = await axe.run({ include: [['body']], exclude }, { runOnly: rules, resultTypes: ['violations'] });
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => (
    `${id}: ${html.slice(0, 160)} — ${failureSummary.split('\\n').slice(1, 2).join(' ').trim()}`)));
}"""


def expected(page: Page) -> None:
    """Every page that follows in this tab brings axe along, cheaper than put into one after the other."""
    page.add_init_script(SCRIPT)


def violations(page: Page) -> list[str]:
    """What axe finds on the page in front, a line each."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(SCRIPT)
    return list(page.evaluate(RUN, [RULES, OUTSIDE]))
