"""The demo database: every shipped notice, fictional people, and a clock that stands at 2023-10-09 09:00 (D11)."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli import demo_drafts, schema
from app.config import ROOT
from app.db import Database
from app.domain import demo_experts, demo_people, notices, organisations, packages
from app.domain.committee_files import CommitteeRow
from app.models.notice import Notice
from app.models.people import Organisation
from app.models.process import ClockOffset

STARTS = datetime(2023, 10, 9, 9, 0, tzinfo=clock.SHANGHAI)
NOTE = "随系统提供"


def prepare(database: Database, files: Path) -> bool:
    """Bring the demo database to this version; True if it was empty and has been filled, evidence going to `files`."""
    schema.upgrade(database)
    with database.transaction() as session:
        if session.scalars(select(Notice.id)).first() is not None:
            return False
        set_clock(session, STARTS)
        fill(session)
        demo_drafts.load(session, files)
    return True


def fill(session: Session) -> None:
    """Fictional organisations, accounts and experts, and the notices of this installation."""
    demo_people.load_demo_people(session)
    demo_experts.load(session)
    for package in packages.read_all(ROOT):
        add_convening_organisations(session, package.committees)
        notices.publish(session, package, by=None, note=NOTE)


def add_convening_organisations(session: Session, rows: Iterable[CommitteeRow]) -> None:
    """The bodies that a schedule names and the demo's people do not serve: each with a fictional contact."""
    known = set(session.scalars(select(Organisation.key)))
    missing = {row.convening_key: row.convening_name for row in rows if row.convening_key not in known}
    for number, (key, name) in enumerate(sorted(missing.items())):
        organisations.create(
            session,
            key,
            name,
            "convening_organisation",
            contact_name="职称工作联系人",
            contact_phone=f"023-5555{1000 + number}",
            registered=True,
        )


def set_clock(session: Session, moment: datetime) -> None:
    """Let the database's clock run on from `moment`."""
    session.merge(ClockOffset(id=1, offset_us=0, frozen_us=None))
    session.flush()
    session.info.pop("now", None)
    real = clock.now(session)
    session.merge(ClockOffset(id=1, offset_us=clock.microseconds(moment) - clock.microseconds(real)))
    session.flush()
    session.info.pop("now", None)
