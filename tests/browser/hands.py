"""What a person's hands do in the browser, counted by the pages themselves: pressed buttons and typed letters.

The count is taken from trusted events only: a press of the mouse, a key that types nothing (Enter, Tab …), and each
letter that arrives in a field. It survives the way from page to page.
"""

from pathlib import Path

from playwright.sync_api import Locator

from tests.browser.visitor import Visitor

# one press or key = 1, each typed letter = 1; a typing key is counted by its letter, which Chinese input has none of
COUNTING = """
(() => {
  const add = (what, n) => sessionStorage.setItem(what, Number(sessionStorage.getItem(what) || 0) + n);
  addEventListener('pointerdown', (event) => event.isTrusted && add('presses', 1), true);
  addEventListener('keydown', (event) => event.isTrusted && event.key.length > 1 && add('keys', 1), true);
  addEventListener('input', (event) => event.isTrusted && event.data && add('letters', event.data.length), true);
})();
"""
CHOOSING = 2  # presses that choosing a file costs in the system's own window, which no page sees


class Hands:
    """A visitor whose every press and letter counts; `presses` are clicks, `total` adds keys and letters."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.page.add_init_script(COUNTING)
        self.page.reload()
        self._choosing = 0

    def count(self) -> tuple[int, int]:
        """(clicks, clicks and keys and letters) so far."""
        said = self.page.evaluate("['presses', 'keys', 'letters'].map((what) => Number(sessionStorage.getItem(what)))")
        return said[0] + self._choosing, sum(said) + self._choosing

    def click(self, what: Locator | str) -> None:
        if isinstance(what, str):
            what = self.page.get_by_role("link", name=what).or_(self.page.get_by_role("button", name=what)).first
        what.click()

    def go(self, what: Locator | str) -> None:
        """Click and come to another page."""
        here = self.page.url
        self.click(what)
        self.page.wait_for_url(lambda url: url != here)

    def type(self, field: Locator, text: str) -> None:
        """Into the field, over what stands in it."""
        field.click()
        if field.input_value():
            self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def key(self, key: str) -> None:
        """A key that leads to another page, where the page's own focus stands."""
        self.visitor.focused()
        here = self.page.url
        self.page.keyboard.press(key)
        self.page.wait_for_url(lambda url: url != here)

    def moment(self, label: str, day: str, time: str = "") -> None:
        field = self.visitor.field(label)
        self.type(field, day)
        field.press("Enter")
        if time:
            clock = self.visitor.form().locator('.fjs-form-field-datetime input[id$="-time"]')
            self.type(clock, time)
            clock.press("Enter")

    def upload(self, label: str, path: Path) -> None:
        self.visitor.upload(label, path)
        self._choosing += CHOOSING

    def decide(self, words: str) -> None:
        self.go(self.page.locator("[data-decision-bar]").get_by_role("button", name=words, exact=True))
