"""One party's way through the running website: every page, every act, and whatever pages lead to.

An act that is granted is tried with an empty form, which is refused for its content (422) or has a small effect that is
undone. What a page shows is followed: no link and no form may lead where the person may not go, and no page, file or
refusal names the applicant to whom the case is no business.
"""

import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.web.doors import DOORS
from tests.web.parties import NOBODY, OFFICERS, PARTIES, WITNESSES, Party
from tests.web.seasons import Season

NAME = "张林"
REFUSED = (403, 404)
OF_A_KIND, OF_A_LIST = 4, 2  # links that are followed: the hundredth thing opens as the first does
ONE_IN = 4  # of the refusals to those who have nothing to do with a door, so many are tried where not all are
ACTED = "/list/scenarios"  # where designers have the people of the demo act their drafts
SENT_AS_JSON = ("task.draft", "task.complete", "task.look", "quotas.file", "entrustments.record")
FILLED = {"values": {}, "token": None}
BRIEFLY = {"Accept": "application/json"}  # a refusal without the frame of a page
# acts that need no form to do much: granted, they are tried where they are tested
TRIED_ELSEWHERE: dict[str, str] = {"clock.next_due": "tests/web/test_clock.py"}
# whose form says what is meant, or which the walk has nothing for: not found, to whom it is granted as well
FOUND_BY_FORM = {
    *("login.demo", "saved_views.save", "saved_views.change", "saved_views.delete", "substitutes.end"),
    "saved_views.open_with",
    *("publicity.open_by_code", "publicity.look_up", "complaints.look_up", "complaints.add", "complaints.reply"),
    *("filing.begin", "expert_applications.begin", "achievements.take_over", "recommendation.close_on"),
    *("checking.together", "checking.plan", "checking.mark", "bulk_returns.plan", "urging.urge"),
    *("batch_actions.plan", "session_desk.attend", "solicitations.begin", "outbox.again"),
    *("studio_parameters.save", "studio_committees.save", "studio_files.create", "studio_files.give_up"),
}
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Line:
    """One line of the table. `answered` is empty where others were asked in this party's place, as `note` says."""

    role: str
    relation: str
    account: str
    season: str
    door: str
    method: str
    expected: str
    answered: int | None
    note: str = ""
    differs: bool = False


@dataclass
class Found:
    """What one party met: the lines of the table, and what pages showed that they should not."""

    lines: list[Line] = field(default_factory=list)
    wrong: list[Any] = field(default_factory=list)

    def faults(self) -> list[Any]:
        return [line for line in self.lines if line.differs] + self.wrong


class Walk:
    """One party's way through a season; each address is asked for once."""

    def __init__(self, season: Season, party: Party, *, whole: bool) -> None:
        self.season, self.party, self.account = season, party, party.account
        self.client = season.enter(party.account)
        self.answers: dict[str, TestResponse] = {}
        self.found, self.whole = Found(), whole
        self.opened: list[str] = []

    def all(self) -> Found:
        self.pages()
        self.links()
        self.acts()
        return self.found

    def pages(self) -> None:
        """Every page by its address: open to whom it is granted, closed to all others."""
        for number, rule in enumerate(self.season.doors("GET")):
            if self._left_out(rule.endpoint, number) or self._as_others(rule.endpoint, "GET"):
                continue
            address, granted = self.season.address(rule), self.season.lets(self.account, rule.endpoint)
            answer = self._look(address) if granted else self.client.get(address, headers=BRIEFLY)
            if granted:
                self.opened.append(address)
            self._note(rule.endpoint, "GET", answer, open_when=answer.status_code < 400)

    def links(self) -> None:
        """Every kind of page that links lead to from the entrance and from the pages of `pages`."""
        followed, shown_on, waiting = Counter[Any](), dict.fromkeys(["/", *self.opened], ""), ["/", *self.opened]
        while waiting:
            address = waiting.pop(0)
            kind = self._kind(address)
            followed[kind] += 1
            if address not in self.answers and (self._open_to_all(kind[0]) or followed[kind] > _so_many(kind[0])):
                continue
            answer = self._look(address)
            if answer.status_code >= 400:
                self.found.wrong.append((self.account, address, answer.status_code, f"shown on {shown_on[address]}"))
            for link in self._shown(address, answer):
                if link not in shown_on:
                    shown_on[link] = address
                    waiting.append(link)

    def acts(self) -> None:
        """Every act with an empty form: who may not is refused and changes nothing; who may is not refused."""
        with closing(sqlite3.connect(self.season.file)) as watch:
            for number, rule in enumerate(self.season.doors("POST")):
                if self._left_out(rule.endpoint, number) or self._as_others(rule.endpoint, "POST"):
                    continue
                granted = self.season.lets(self.account, rule.endpoint)
                body = {"json": FILLED} if rule.endpoint in SENT_AS_JSON else {"data": {}}
                before = watch.execute("PRAGMA data_version").fetchone()
                answer = self.client.post(self.season.address(rule), headers=BRIEFLY, **body)
                changed = watch.execute("PRAGMA data_version").fetchone() != before
                lost = answer.status_code == 404 and rule.endpoint not in FOUND_BY_FORM
                answered_well = answer.status_code < 500 and answer.status_code not in (401, 403) and not lost
                self._note(rule.endpoint, "POST", answer, open_when=answered_well, changed=changed)
                if changed:
                    self.season.restore()
                if changed or granted:
                    self.client = self.season.enter(self.account)

    def _left_out(self, endpoint: str, number: int) -> bool:
        """Whether this refusal is left to the table: nobody of this role may pass, and it is not its turn."""
        if self.whole or self.party.account in WITNESSES or self.season.lets(self.account, endpoint):
            return False
        near = any(self.season.lets(each.account, endpoint) for each in OFFICERS if each.role == self.party.role)
        return not near and (number + PARTIES.index(self.party)) % ONE_IN != 0

    def _as_others(self, endpoint: str, method: str) -> bool:
        """Whether the door is left to others to try, which the table says."""
        door, note = DOORS[endpoint], ""
        if (door.anybody or door.members) and self.account not in WITNESSES:
            note = "open to all who are logged in: tried by the applicants, a clerk and a visitor"
        if method == "POST" and endpoint in TRIED_ELSEWHERE and self.season.lets(self.account, endpoint):
            note = f"tried in {TRIED_ELSEWHERE[endpoint]}"
        if note:
            self.found.lines.append(self._line(endpoint, method, None, note=note))
        return bool(note)

    def _note(
        self, endpoint: str, method: str, answer: TestResponse, *, open_when: bool, changed: bool = False
    ) -> None:
        to_login = answer.status_code == 302 and urlsplit(answer.location or "").path == "/login"
        if self.season.lets(self.account, endpoint):
            well = open_when and (not to_login or self.account == NOBODY or endpoint == "login.leave")
        else:
            refused = to_login or answer.status_code in (401, *REFUSED) if self.account == NOBODY else False
            well = (refused or answer.status_code in REFUSED) and not changed
            if self._is_stranger() and NAME in answer.text:
                self.found.wrong.append((self.account, endpoint, "the refusal names the applicant"))
        note = "something changed, and was undone" if changed else ""
        self.found.lines.append(self._line(endpoint, method, answer.status_code, note=note, differs=not well))

    def _line(self, endpoint: str, method: str, answered: int | None, **more: Any) -> Line:
        expected = "open" if self.season.lets(self.account, endpoint) else "refused"
        told = (self.party.role, self.party.relation, self.account, self.season.name)
        return Line(*told, endpoint, method, expected, answered, **more)

    def _look(self, address: str) -> TestResponse:
        if address not in self.answers:
            self.answers[address] = self.client.get(address)
        return self.answers[address]

    def _shown(self, address: str, answer: TestResponse) -> Iterator[str]:
        """Where the page leads; notes what it should not show."""
        if answer.status_code in (301, 302, 303):
            yield from self._ours([answer.location])
            return
        page = html.fromstring(answer.text) if answer.mimetype == "text/html" and answer.text else None
        if self._is_stranger() and not address.endswith(ACTED) and NAME in _said(answer, page):
            self.found.wrong.append((self.account, address, "names the applicant"))
        if page is None:
            return
        for action in self._ours(page.xpath("//form[@method='post']/@action | //@hx-post | //@formaction")):
            if self._closed(action, "POST"):
                self.found.wrong.append((self.account, address, f"offers {action}"))
        for link in self._ours(page.xpath("//a/@href | //@hx-get")):
            if self._closed(link, "GET"):
                self.found.wrong.append((self.account, address, f"leads to {link}"))
            yield link

    def _ours(self, found: Iterable[str]) -> list[str]:
        parts = {urlsplit(each)._replace(fragment="") for each in found}
        ours = {each.geturl() for each in parts if not each.scheme and not each.netloc and each.path.startswith("/")}
        return sorted(each for each in ours if not each.startswith("/static/"))

    def _closed(self, address: str, method: str) -> bool:
        """Whether the rules close a door that hangs on no relation to a thing; a visitor is asked to log in."""
        if self.account == NOBODY:
            return False
        endpoint = self._endpoint(address, method)
        return endpoint in DOORS and not DOORS[endpoint].relation and not self.season.lets(self.account, endpoint)

    def _kind(self, address: str) -> tuple[str, str]:
        """The door, and the form in which its content is taken along."""
        endpoint = self._endpoint(address, "GET")
        return endpoint, parse_qs(urlsplit(address).query).get("format", [""])[0]

    def _endpoint(self, address: str, method: str) -> str:
        try:
            return str(self.season.site.url_map.bind("localhost").match(urlsplit(address).path, method)[0])
        except HTTPException:  # a redirect, or a link that leads nowhere
            return address

    def _open_to_all(self, endpoint: str) -> bool:
        return endpoint in DOORS and DOORS[endpoint].anybody and self.account not in WITNESSES

    def _is_stranger(self) -> bool:
        return not self.season.knows_the_case(self.account) and self.account != NOBODY


def _so_many(endpoint: str) -> int:
    """Of links to things, which may be another's, more are followed than of those to lists."""
    return OF_A_KIND if endpoint not in DOORS or DOORS[endpoint].relation else OF_A_LIST


def _said(answer: TestResponse, page: html.HtmlElement | None) -> str:
    """What the page or file says; the banner of the demo's clock tells everybody what falls due next."""
    if answer.mimetype == SHEET:
        with zipfile.ZipFile(BytesIO(answer.data)) as sheet:
            return "".join(sheet.read(name).decode() for name in sheet.namelist() if name.endswith(".xml"))
    if page is None:
        return answer.text if answer.mimetype.startswith("text/") else ""
    if NAME not in answer.text:
        return ""
    return "".join(each.text_content() for each in page.xpath("//body//*[@id='content' or self::nav]"))


def walk(season: Season, party: Party, *, whole: bool) -> Found:
    """`whole`: try every refusal, and not only one in ONE_IN of those that nobody would expect to fail."""
    return Walk(season, party, whole=whole).all()
