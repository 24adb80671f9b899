"""The two seasons that the walk of permissions goes through, and who stands in which relation to their one case.

In one 张林's declaration is publicised and objected to, in the other it is sent back to him for correction.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.config import Settings
from app.db import Database
from app.domain import attachments
from app.models.attachment import Attachment
from app.web import session as web_session
from tests.support.walk import CLOSE, PUBLICISE, play
from tests.support.website import browser, enter, site
from tests.web import parties, things
from tests.web.doors import DOORS
from tests.web.parties import APPLICANT, NOBODY, ROLES

UNIT = {"clerk.institute", "head.institute"}
MANAGERS = {"manager", "admin"}
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
            "officer": {"clerk.institute"},
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

    name: str
    site: Flask
    file: Path
    arguments: dict[str, Any]
    relations: dict[str, set[str]]
    logins: dict[str, str]
    addresses: dict[str, str] = field(default_factory=dict)

    def lets(self, account: str, endpoint: str) -> bool:
        """Whether the account may pass the door, as `doors.py` has it."""
        door = DOORS[endpoint]
        himself = door.personal and account not in ROLES
        if door.anybody or (account != NOBODY and (door.members or himself)):
            return True
        return bool(ROLES.get(account, set()) & door.roles) or account in self.relations.get(door.relation, ())

    def knows_the_case(self, account: str) -> bool:
        return any(account in self.relations[each] for each in ("case", "overseer", "board"))

    def enter(self, account: str) -> FlaskClient:
        return browser(self.site, self.logins[account]) if account else self.site.test_client()

    def doors(self, method: str) -> list[Rule]:
        found = (rule for rule in self.site.url_map.iter_rules() if method in (rule.methods or ()))
        return [rule for rule in found if rule.endpoint != "static"]

    def address(self, rule: Rule) -> str:
        """The door's address, filled with things of the case."""
        if (key := rule.endpoint + rule.rule) not in self.addresses:
            self.addresses[key] = self._address(rule)
        return self.addresses[key]

    def _address(self, rule: Rule) -> str:
        said = {name: self.arguments[name] for name in rule.arguments} | things.PARTICULAR.get(rule.endpoint, {})
        with self.site.test_request_context():
            built = urlsplit(self.site.url_map.bind("localhost").build(rule.endpoint, said))
        return built._replace(scheme="", netloc="").geturl()

    def restore(self) -> None:
        """Undo all that was done since the season was built."""
        with (
            closing(sqlite3.connect(self.file.with_suffix(".kept"))) as kept,
            closing(sqlite3.connect(self.file)) as it,
        ):
            kept.backup(it)


# all walk through the first season; through the second those whom its case concerns and a stranger, for who sees all
# finds there what he has found before
CONCERNED = (
    {APPLICANT, parties.STRANGER} | {who for found in SEASONS["corrected"][1].values() for who in found}
) - MANAGERS
WALKS = [
    (name, party) for name in SEASONS for party in parties.PARTIES if name == "publicised" or party.account in CONCERNED
]


@contextmanager
def built(name: str, filled: Path, folder: Path) -> Iterator[Season]:
    """The season played in a copy of `filled`, a SQLite database with the demo's people and notices.

    On SQLite: the walk is about the doors, and the predicates behind them are tested on both databases.
    """
    file = folder / "season.db"
    shutil.copy(filled, file)
    database = Database(f"sqlite:///{file}")
    steps, relations = SEASONS[name]
    declaration = play(database, steps)
    with database.transaction() as session:
        arguments = things.arguments(session, declaration)
        _store_files(session, folder / "attachments")
        parties.add(session)
    things.rehearse(folder, arguments["draft_id"])
    app = site(Settings("demo", f"sqlite:///{file}", folder, b"t" * 32), database)
    logins = {each.account: _login(app, each.account) for each in parties.PARTIES if each.account != NOBODY}
    copy(file, file.with_suffix(".kept"))
    web_session.limiter.enabled = False
    yield Season(name, app, file, arguments, relations, logins)
    web_session.limiter.enabled = True
    database.dispose()


def copy(source: Path, target: Path) -> None:
    """What one database holds, into another that may be open."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def _login(app: Flask, account: str) -> str:
    with enter(app, account).session_transaction() as cookie:
        return str(cookie["_user_id"])


def _store_files(session: Session, folder: Path) -> None:
    """A scenario's files are rows without content: give them some."""
    for attachment in session.scalars(select(Attachment)):
        path = attachments.path_of(folder, attachment)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.4 ...")
