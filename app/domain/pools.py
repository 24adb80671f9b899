"""A committee's pool of review experts: who stands in it and who of them may be drawn on a day (R-163, R-169)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from app.domain import dictionaries
from app.models.expert import Expert, PoolEntry
from app.models.people import Person, Sanction

EXCLUSIONS = {  # why somebody in the pool is not drawn
    "expired": "任期届满",
    "suspended": "暂停参评",
    "blacklisted": "列入黑名单",
    "sanctioned": "处分期或影响期内",
    "retired": "已退休",
}


@dataclass(frozen=True)
class DrawableExpert:
    """One expert of a pool; may be drawn where `excluded` (keys of EXCLUSIONS) is empty."""

    expert_id: int
    name: str
    employer_id: int | None
    employer_name: str
    district: str | None
    specialties: tuple[str, ...]
    title: str
    leader: bool
    non_public: bool
    full_senior: bool
    excluded: tuple[str, ...] = ()
    position: str = "member"


def drawable(session: Session, review_committee_id: int, on: date) -> list[DrawableExpert]:
    """Everybody in the committee's pool on the day, by expert id, with what keeps him from being drawn; one statement.

    Who has left, or whose term has not begun, is not in the pool.
    """
    full_senior = {entry["code"] for entry in dictionaries.entries("title", level="full_senior")}
    return [
        DrawableExpert(
            expert_id=row.id,
            name=row.name,
            employer_id=row.employer_id,
            employer_name=row.employer_name,
            district=row.district,
            specialties=tuple(row.specialties),
            title=row.title,
            leader=row.leader,
            non_public=row.non_public,
            full_senior=row.title in full_senior,
            excluded=_exclusions(row),
            position=row.position,
        )
        for row in session.execute(_standing(review_committee_id, on))
    ]


def current_terms(on: date) -> Select[int]:
    """Ids of the entries that count on the day: of each expert in a pool the latest term begun, unless he left it."""
    latest = func.row_number().over(
        partition_by=(PoolEntry.review_committee_id, PoolEntry.expert_id), order_by=PoolEntry.term_from.desc()
    )
    begun = select(PoolEntry.id, PoolEntry.status, latest.label("age")).where(PoolEntry.term_from <= on).subquery()
    return select(begun.c.id).where(begun.c.age == 1, begun.c.status != "out")


def exclusions(on: date) -> dict[str, ColumnElement[bool]]:
    """Key of EXCLUSIONS → SQL predicate over PoolEntry and Expert."""
    running = (Sanction.from_on <= on) & or_(Sanction.to_on.is_(None), Sanction.to_on >= on)
    found: dict[str, ColumnElement[bool]] = {
        "expired": PoolEntry.term_to < on,
        "suspended": PoolEntry.status == "suspended",
        "blacklisted": Expert.blacklisted_at.is_not(None),
        "sanctioned": select(Sanction.id).where(Sanction.person_id == Expert.person_id, running).exists(),
        "retired": (func.coalesce(Expert.retired_on, date.max) <= on) & Expert.retirement_exception.is_(None),
    }
    return {key: found[key] for key in EXCLUSIONS}


def _standing(review_committee_id: int, on: date) -> Select[*tuple[object, ...]]:
    reasons = [condition.label(key) for key, condition in exclusions(on).items()]
    columns = [getattr(Expert, key) for key in _SHOWN]
    return (
        select(*columns, Person.name, PoolEntry.position, *reasons)
        .join(PoolEntry, PoolEntry.expert_id == Expert.id)
        .join(Person, Person.id == Expert.person_id)
        .where(PoolEntry.review_committee_id == review_committee_id, PoolEntry.id.in_(current_terms(on)))
        .order_by(Expert.id)
    )


_SHOWN = ("id", "employer_id", "employer_name", "district", "specialties", "title", "leader", "non_public")


def _exclusions(row: Row[*tuple[object, ...]]) -> tuple[str, ...]:
    return tuple(reason for reason in EXCLUSIONS if row._mapping[reason])
