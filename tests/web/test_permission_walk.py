"""Every page with every role: what is not granted answers 403 or 404 (or the login), changes nothing, is in no list.

Who may pass is written down in `doors.py`. Each person tries every door of a season in which 张林's declaration is
publicised and objected to, and of one in which it is sent back for correction. Then he follows every link that the
pages show him: none may lead where he may not go, and no page names 张林 to whom the case is no business.
"""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from app.config import ROOT, Settings
from app.db import Database
from app.domain import attachments
from app.models.attachment import Attachment
from app.web import session as web_session
from tests.support.walk import CLOSE, PUBLICISE, play
from tests.support.website import enter, site
from tests.web import things
from tests.web.doors import DOORS

APPLICANT, NAME = "zhang.lin", "张林"
STRANGERS = ("li.yue", "zhou.wen")
DEMO = yaml.safe_load((ROOT / "app/domain/demo/people.yaml").read_text(encoding="utf-8"))
ROLES = {each["account"]: {role for role, _ in each["roles"]} for each in DEMO["officers"]}
NOBODY = ""  # no login at all


def _two_of_each_role() -> list[str]:
    """Of every role its first two accounts: for the roles of the case that is its own office and a stranger's."""
    of_role: dict[str, list[str]] = {}
    for account, roles in ROLES.items():
        for role in roles:
            of_role.setdefault(role, []).append(account)
    return list(dict.fromkeys(account for accounts in of_role.values() for account in accounts[:2]))


EVERYBODY = (NOBODY, APPLICANT, *STRANGERS, *_two_of_each_role())
UNIT = {"clerk.institute", "head.institute"}
MANAGERS = {"manager", "admin"}
REFUSED = (403, 404)
OF_A_KIND = 4  # links that are followed: the hundredth clause opens as the first does
ACTED = "/list/scenarios"  # where designers have the people of the demo act their drafts
SENT_AS_JSON = ("task.draft", "task.complete", "task.look", "quotas.file", "entrustments.record")
FILLED = {"values": {}, "token": None}

SESSION_STAFF = {"committee", "minutes", "teller.supervise", "teller.count", "chair"}
MEETING = {
    "session": SESSION_STAFF | MANAGERS,
    "roster": SESSION_STAFF,
    "session_office": {"committee"},
    "session_decides": {"committee", "chair"},
    "teller": {"teller.supervise", "teller.count"},
}

Steps = Sequence[Mapping[str, Any]]
OBJECTED: Steps = [*PUBLICISE, {"at": "2023-10-11 09:00"}, {"object": {"text": "业绩系他人完成"}}]
SIGNED_PAGES = {"unit_opinion": "同意推荐", "head_name": "贺兰山", "signed_on": "2023-10-17"}
CORRECTED: Steps = [
    *CLOSE,
    {"complete": "unit_sign", "with": {**SIGNED_PAGES, "signed_pages": ["file:签字盖章页.pdf"]}},
    {"complete": "unit_submit", "with": {"confirmed_count": 1, "confirmed": True}},
    {"complete": "dept_check", "with": {"decision": "pass"}},
    {"at": "2023-11-06 10:00"},
    {
        "complete": "committee_accept",
        "with": {
            "decision": "correct",
            "correction_days": 5,
            "correction_items": [{"target": "学历证书", "text": "学历证书扫描件不清晰，请重新上传"}],
        },
    },
]
SEASONS: dict[str, tuple[Steps, dict[str, set[str]]]] = {
    "publicised": (
        OBJECTED,
        {
            "applicant": {APPLICANT},
            "writer": set(),
            "case": {APPLICANT, *UNIT, *MANAGERS},
            "overseer": MANAGERS,
            "task": {*UNIT, *MANAGERS},
            "diagram": {*UNIT, *MANAGERS},
            "holder": {"clerk.institute"},
            "unit": UNIT,
            "runner": {"clerk.institute"},
            "batch": {*UNIT, *MANAGERS},
            "closer": {"clerk.institute"},
            **MEETING,
            "cashier": {"finance"},
            "keeper": {"dept.city", "admin"},
            "proof": {*UNIT, *MANAGERS},
            "board": {APPLICANT, *UNIT},
            "superior": {"dept.city", "admin"},
            "pool": {"committee", "municipal.tro", *MANAGERS},
            "approver": {"municipal.tro", "admin"},
            "registrar": {"committee", "municipal.tro"},
        },
    ),
    "corrected": (
        CORRECTED,
        {
            "applicant": {APPLICANT},
            "writer": {APPLICANT},
            "case": {APPLICANT, *UNIT, *MANAGERS, "dept.city", "committee"},
            "overseer": {*MANAGERS, "committee"},
            "task": {APPLICANT, *MANAGERS},
            "diagram": MANAGERS,
            "holder": {APPLICANT},
            "unit": UNIT,
            "runner": {"clerk.institute"},
            "batch": {*UNIT, *MANAGERS},
            "cashier": {"finance"},
            "keeper": {"dept.city", "admin"},
            "proof": {*UNIT, *MANAGERS, "dept.city", "committee"},
            "board": set(),
            "superior": {"dept.city", "admin"},
            **MEETING,
            "pool": {"committee", "municipal.tro", *MANAGERS},
            "approver": {"municipal.tro", "admin"},
            "registrar": {"committee", "municipal.tro"},
        },
    ),
}


@dataclass(frozen=True)
class Season:
    """A website, what its addresses are filled with, and who stands in which relation to the case."""

    site: Flask
    file: Path
    arguments: dict[str, Any]
    relations: dict[str, set[str]]

    def lets(self, account: str, endpoint: str) -> bool:
        door = DOORS[endpoint]
        himself = door.personal and account not in ROLES
        if door.anybody or (account != NOBODY and (door.members or himself)):
            return True
        return bool(ROLES.get(account, set()) & door.roles) or account in self.relations.get(door.relation, ())

    def knows_the_case(self, account: str) -> bool:
        return any(account in self.relations[each] for each in ("case", "overseer", "board"))

    def enter(self, account: str) -> FlaskClient:
        return enter(self.site, account) if account else self.site.test_client()


# the first season is walked by everybody, the second by those whom its case concerns and by a stranger; who sees all
# finds there what he has found before
_CONCERNED = sorted(
    {APPLICANT, STRANGERS[0], *(who for found in SEASONS["corrected"][1].values() for who in found)} - MANAGERS
)
WALKS = [("publicised", who) for who in EVERYBODY] + [("corrected", who) for who in _CONCERNED]
walked = pytest.mark.parametrize(
    ("season", "account"), WALKS, indirect=["season"], ids=[f"{name}-{who or 'nobody'}" for name, who in WALKS]
)


@pytest.fixture(scope="module")
def season(
    request: pytest.FixtureRequest, sqlite_season: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Season]:
    """On SQLite: the walk is about the doors, and the predicates behind them are tested on both databases."""
    folder = tmp_path_factory.mktemp("walk")
    file = folder / "season.db"
    shutil.copy(sqlite_season, file)
    database = Database(f"sqlite:///{file}")
    steps, relations = SEASONS[request.param]
    declaration = play(database, steps)
    with database.transaction() as session:
        arguments = things.arguments(session, declaration)
        _store_files(session, folder / "attachments")
    things.rehearse(folder, arguments["draft_id"])
    app = site(Settings("demo", f"sqlite:///{file}", folder, b"t" * 32), database)
    web_session.limiter.enabled = False
    yield Season(app, file, arguments, relations)
    web_session.limiter.enabled = True
    database.dispose()


def _store_files(session: Session, folder: Path) -> None:
    """A scenario's files are rows without content: give them some."""
    for attachment in session.scalars(select(Attachment)):
        path = attachments.path_of(folder, attachment)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.4 ...")


def _doors(site: Flask, method: str) -> list[Rule]:
    return [rule for rule in site.url_map.iter_rules() if method in (rule.methods or ())]


def _address(season: Season, rule: Rule) -> str:
    said = {name: season.arguments[name] for name in rule.arguments} | things.PARTICULAR.get(rule.endpoint, {})
    with season.site.test_request_context():
        built = urlsplit(season.site.url_map.bind("localhost").build(rule.endpoint, said))
    return built._replace(scheme="", netloc="").geturl()


@pytest.mark.parametrize("season", ["publicised"], indirect=True)
def test_every_door_has_a_keeper(season: Season) -> None:
    doors = {rule.endpoint for rule in season.site.url_map.iter_rules()}
    assert doors - set(DOORS) == set(), "say in tests/web/doors.py who may pass"
    assert set(DOORS) - doors == set(), "these doors are gone: take them out of tests/web/doors.py"


@walked
def test_pages_open_to_whom_they_are_granted(season: Season, account: str) -> None:
    client, wrong = season.enter(account), []
    for rule in _doors(season.site, "GET"):
        if rule.endpoint == "static":
            continue
        answer = client.get(_address(season, rule))
        if not _as_it_must(season, account, rule.endpoint, answer.status_code, answer.location):
            wrong.append((rule.endpoint, answer.status_code, answer.location))
    assert wrong == [], wrong


@walked
def test_nothing_is_done_by_whom_it_is_not_granted(season: Season, account: str) -> None:
    client, wrong = season.enter(account), []
    with sqlite3.connect(season.file) as watch:
        for rule in _doors(season.site, "POST"):
            if season.lets(account, rule.endpoint):
                continue
            before = watch.execute("PRAGMA data_version").fetchone()
            body = {"json": FILLED} if rule.endpoint in SENT_AS_JSON else {"data": {}}
            answer = client.post(_address(season, rule), **body)
            changed = watch.execute("PRAGMA data_version").fetchone() != before
            refused = _as_it_must(season, account, rule.endpoint, answer.status_code, answer.location)
            if changed or not refused:
                wrong.append((rule.endpoint, answer.status_code, answer.location, changed))
    assert wrong == [], wrong


def _as_it_must(season: Season, account: str, endpoint: str, status: int, location: str | None) -> bool:
    to_login = status == 302 and urlsplit(location or "").path == "/login"
    if season.lets(account, endpoint):
        return status < 400 and (not to_login or account == NOBODY)
    return to_login or status in (401, *REFUSED) if account == NOBODY else status in REFUSED


@walked
def test_lists_show_only_what_may_be_opened(season: Season, account: str) -> None:
    """Every kind of page that links lead to from the entrance; each link opens, and strangers never read the name."""
    client, followed = season.enter(account), Counter[str]()
    shown_on, waiting, wrong = {"/": ""}, ["/"], []
    while waiting:
        address = waiting.pop()
        kind = _kind(season, address)
        followed[kind] += 1
        if followed[kind] > OF_A_KIND:
            continue
        answer = client.get(address, follow_redirects=True)
        if answer.status_code >= 400:
            wrong.append((address, answer.status_code, f"shown on {shown_on[address]}"))
        if answer.mimetype != "text/html":
            continue
        page = html.fromstring(answer.text)
        stranger = not season.knows_the_case(account) and account != NOBODY
        if stranger and NAME in _said(page) and not address.endswith(ACTED):
            wrong.append((address, "names the applicant"))
        found = {urlsplit(link)._replace(fragment="") for link in page.xpath("//a/@href")}
        ours = {each.geturl() for each in found if not each.scheme and not each.netloc and each.path.startswith("/")}
        new = sorted(each for each in ours - set(shown_on) if not each.startswith("/static/"))
        waiting += new
        shown_on |= dict.fromkeys(new, address)
    assert wrong == [], wrong
    assert len(shown_on) > 3


def _kind(season: Season, address: str) -> str:
    """The rule that the address follows, which is where it leads when it is redirected."""
    try:
        return str(season.site.url_map.bind("localhost").match(urlsplit(address).path)[0])
    except HTTPException:  # a redirect, or a link that leads nowhere
        return address


def _said(page: html.HtmlElement) -> str:
    """What the page says; the banner of the demo's clock tells everybody what falls due next."""
    return "".join(each.text_content() for each in page.xpath("//body//*[@id='content' or self::nav]"))
