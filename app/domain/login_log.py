"""登录记录: every attempt to come in, by whom, from where and with what result; added to, never changed.

On the real time, as logins are. Kept as long as the deployment says, never shorter than the database lets go of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from app import clock
from app.domain.accounts import SHORTEST
from app.domain.deadline_rules import midnight_after, opening
from app.domain.devices import Origin
from app.domain.said import day
from app.models.access import LoginRecord
from app.models.people import LoginSession, Person

OUTCOMES = {
    "entered": "登录成功",
    "wrong": "密码有误",
    "unknown": "没有这一账号",
    "locked": "暂停登录期间",
    "disabled": "账号已停用",
}
PAGE = 50
MOST = 20_000  # rows of an export
LONGEST = 80


@dataclass(frozen=True)
class Filters:
    """What the address says; a day that is none narrows nothing."""

    account: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Filters":
        return cls(**{name: said.get(name, "").strip() for name in ("account", "outcome", "since", "until")})

    @property
    def kept(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Line:
    """One attempt, and whose account it was."""

    record: LoginRecord
    name: str

    @property
    def id(self) -> int:
        return self.record.id

    @property
    def outcome(self) -> str:
        return OUTCOMES.get(self.record.outcome, self.record.outcome)


@dataclass(frozen=True)
class Listing:
    """One page, the latest first; `newer` and `older` say whether there are pages on that side."""

    rows: list[Line]
    newer: bool
    older: bool


def note(session: Session, account: str, person_id: int | None, outcome: str, origin: Origin | None) -> None:
    """Put an attempt on record.

    An account that nobody has may be a password typed in the wrong place: what is long enough to be one is cut short.
    """
    said = account.strip()[:LONGEST]
    if person_id is None and len(said) >= SHORTEST:
        said = f"{said[: SHORTEST // 2]}…"
    where = {"address": origin.address, "device": origin.device} if origin else {"address": "", "device": ""}
    at = clock.real(session)
    session.add(LoginRecord(at=at, account=said, person_id=person_id, outcome=outcome, **where))
    session.flush()


def listing(session: Session, filters: Filters, before: int = 0, after: int = 0) -> Listing:
    """A page below the record `before` or above `after`; neither: the top. One statement."""
    wanted, key = _rows(filters), LoginRecord.id
    if after:
        found = session.execute(wanted.where(key > after).order_by(key).limit(PAGE + 1)).all()
        return Listing([Line(*row) for row in found[:PAGE]][::-1], len(found) > PAGE, older=True)
    below = wanted.where(key < before) if before else wanted
    found = session.execute(below.order_by(key.desc()).limit(PAGE + 1)).all()
    return Listing([Line(*row) for row in found[:PAGE]], bool(before), len(found) > PAGE)


def exported(session: Session, filters: Filters) -> tuple[list[Line], bool]:
    """The latest MOST that the filters let through, and whether there are more."""
    found = session.execute(_rows(filters).order_by(LoginRecord.id.desc()).limit(MOST + 1)).all()
    return [Line(*row) for row in found[:MOST]], len(found) > MOST


def of_person(session: Session, person_id: int, most: int = 10) -> list[LoginRecord]:
    own = select(LoginRecord).where(LoginRecord.person_id == person_id)
    return list(session.scalars(own.order_by(LoginRecord.id.desc()).limit(most)))


def forget(session: Session, days: int) -> int:
    """Take out what is older than `days`, and logins that ended as long ago; returns how many attempts went."""
    until = clock.real(session) - timedelta(days=days)
    over = (LoginSession.expires_at < until) & (LoginSession.created_at < until)
    session.execute(delete(LoginSession).where(over).execution_options(synchronize_session=False))
    gone = session.execute(
        delete(LoginRecord).where(LoginRecord.at < until).execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def any_old(session: Session, days: int) -> bool:
    """Whether there is anything to forget: a look must not take the writer's turn."""
    until = clock.real(session) - timedelta(days=days)
    return session.scalar(select(LoginRecord.id).where(LoginRecord.at < until).limit(1)) is not None


def _rows(filters: Filters) -> Select[LoginRecord, str]:
    wanted = select(LoginRecord, Person.name).outerjoin(Person, Person.id == LoginRecord.person_id)
    return wanted.where(*_conditions(filters))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.account:
        found.append(LoginRecord.account.istartswith(filters.account, autoescape=True))
    if filters.outcome in OUTCOMES:
        found.append(LoginRecord.outcome == filters.outcome)
    if (since := day(filters.since)) is not None:
        found.append(LoginRecord.at >= opening(since))
    if (until := day(filters.until)) is not None:
        found.append(LoginRecord.at < midnight_after(until))
    return found
