"""What this deployment set for itself, by name: the version that holds, those before it, and writing a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock, kept
from app.errors import Conflict
from app.models.house import HouseSetting
from app.models.people import Person


@dataclass(frozen=True)
class Version:
    """One version of one setting, and who made it."""

    row: HouseSetting
    by: str


@dataclass(frozen=True)
class Standing:
    """What holds now: the number is 0 and the value empty where nobody set anything."""

    number: int = 0
    value: Mapping[str, Any] | None = None


def value(session: Session, name: str) -> Mapping[str, Any] | None:
    """The value that holds; empty where the product's own does. Mostly without a statement."""
    return standing(session).get(name, Standing()).value


def standing(session: Session) -> Mapping[str, Standing]:
    """Everything that was ever set, by name."""
    return kept.derived(session, "house_settings", lambda: _read(session))


def versions(session: Session, name: str) -> list[Version]:
    """All versions of one setting, the newest first."""
    wanted = select(HouseSetting, Person.name).join(Person, Person.id == HouseSetting.person_id)
    rows = session.execute(wanted.where(HouseSetting.name == name).order_by(HouseSetting.number.desc()))
    return [Version(row, by) for row, by in rows]


def write(
    session: Session, name: str, value: Mapping[str, Any] | None, *, seen: int, by: int, note: str = ""
) -> HouseSetting:
    """A new version on top of the one that its author saw (`seen`, 0 for none). Conflict where there is a newer one."""
    last = session.scalar(select(func.max(HouseSetting.number)).where(HouseSetting.name == name)) or 0
    if last != seen:
        who = session.scalar(
            select(Person.name)
            .join(HouseSetting, HouseSetting.person_id == Person.id)
            .where(HouseSetting.name == name, HouseSetting.number == last)
        )
        raise Conflict(f"您打开本页之后，{who}已经改过。您填写的内容仍在下面，请对照最新内容后再保存。")
    made = HouseSetting(
        name=name,
        number=last + 1,
        value=None if value is None else dict(value),
        person_id=by,
        note=note,
        set_at=clock.now(session),
    )
    session.add(made)
    session.flush()
    return made


def _read(session: Session) -> dict[str, Standing]:
    newest = select(func.max(HouseSetting.id)).group_by(HouseSetting.name)
    rows = session.execute(
        select(HouseSetting.name, HouseSetting.number, HouseSetting.value).where(HouseSetting.id.in_(newest))
    )
    return {name: Standing(number, value) for name, number, value in rows}
