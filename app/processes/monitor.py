"""办理监控: the processes one may oversee, filtered and paged in SQL, by indexes alone: no page reads them all."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, false, func, select, true
from sqlalchemy.orm import Session

from app.domain.inbox.choices import Choice
from app.domain.permissions import Grants
from app.models.operators import among
from app.models.process import ProcessInstance
from app.processes import instance_choices, instance_filters, instance_rows
from app.processes.instance_filters import Condition, Filters, Ids
from app.processes.instance_rows import Row
from app.processes.overseeing import (
    OVERSEERS,
    STATES,
    Rows,
    incident_counts,
    incident_instance,
    openable,
    state_words,
    visible,
    waiting_words,
    with_instance,
)

__all__ = [
    "OVERSEERS",
    "STATES",
    "Filters",
    "Rows",
    "incident_counts",
    "incident_instance",
    "openable",
    "state_words",
    "visible",
    "waiting_words",
    "with_instance",
]

PAGE = 25
MANY = 1000  # up to here a list is counted
FEW = 1250  # instances that are looked up one by one; some more than MANY, for not everybody may see all of them
GATHERED = 2_500  # instances that one of several filters may lead to
TOGETHER = 500  # rows of an export that are read at once


@dataclass(frozen=True)
class Place:
    """Where in the list a page stands: below (`before`) or above (`after`) an instance; neither: at its top."""

    before: int | None = None
    after: int | None = None


TOP = Place()


@dataclass(frozen=True)
class Listing:
    """One page. `total` stops counting beyond MANY; `newer` and `older` say whether there are pages on that side."""

    rows: list[Row]
    total: int
    newer: bool
    older: bool
    conditions: list[Condition] = field(default_factory=list)
    choices: dict[str, list[Choice]] = field(default_factory=dict)

    @property
    def wrong(self) -> list[Condition]:
        return [each for each in self.conditions if each.wrong]

    @property
    def count(self) -> str:
        """`共12件`, or that there are more than anybody counted."""
        return f"超过{MANY}件" if self.total > MANY else f"共{self.total}件"


def listing(
    session: Session, grants: Grants, filters: Filters, place: Place = TOP, *, identities: bool = False
) -> Listing:
    """One page of instances, those begun last first; no more statements for more instances."""
    conditions = instance_filters.understood(session, grants, filters)
    wanted, sample = _wanted(session, grants, conditions)
    if sample is None and place == TOP:
        found = _first(session, wanted, MANY + 1)  # the page and its count in one
        ids, newer, older, total = found[:PAGE], False, len(found) > PAGE, len(found)
    else:
        ids, newer, older = _page(session, wanted, place)
        total = _total(session, wanted, sample)
    rows = instance_rows.of(session, ids, identities=identities)
    base = visible(grants)
    whole = total if not conditions else _capped(session, base)
    choices = instance_choices.counted(session, base) if whole <= MANY else instance_choices.offered(session)
    return Listing(rows, total, newer, older, conditions, choices)


def matching(session: Session, grants: Grants, filters: Filters, limit: int) -> tuple[list[int], int]:
    """Ids of the first `limit` instances of the whole list in its order, and how many there are in all."""
    wanted, _ = _wanted(session, grants, instance_filters.understood(session, grants, filters))
    total = session.scalar(select(func.count(ProcessInstance.id)).where(wanted)) or 0
    return _first(session, wanted, limit), total


def exported(
    session: Session, grants: Grants, filters: Filters, most: int, *, identities: bool = False
) -> tuple[Iterator[Row], int]:
    """The first `most` rows of the whole list in its order, read some hundred at a time, and how many there are."""
    ids, total = matching(session, grants, filters, most)
    parts = (ids[start : start + TOGETHER] for start in range(0, len(ids), TOGETHER))
    return (row for part in parts for row in instance_rows.of(session, part, identities=identities)), total


def _wanted(
    session: Session, grants: Grants, conditions: list[Condition]
) -> tuple[ColumnElement[bool], ColumnElement[bool] | None]:
    """All conditions as one, and a sample of what meets them where that may spare counting it.

    A filter that leads to few instances gives their ids, so that no others are read.
    """
    if any(each.wrong for each in conditions):
        return false(), None
    base = visible(grants)
    asked = [part for each in conditions for part in each.asked]
    beyond = instance_filters.looked_up(conditions)
    found = [session.scalars(ids.limit(FEW + 1)).all() for ids, _ in beyond]
    few = [set(ids) for ids in found if len(ids) <= FEW]
    broad = [each for each, ids in zip(beyond, found, strict=True) if len(ids) > FEW]
    if few:
        asked.append(ProcessInstance.id.in_(sorted(set.intersection(*few))))
    sample = None
    if len(conditions) == 1 and broad and grants.sees_all:
        sample = and_(base, ProcessInstance.id.in_(sorted(set(found[0]))))
    led = _leading(session, [ids for ids, _ in broad]) if len(conditions) > 1 and not few else None
    asked += [met if ids is not led else among(ProcessInstance.id, ids.scalar_subquery()) for ids, met in broad]
    return and_(base, *asked), sample


def _leading(session: Session, broad: list[Ids]) -> Ids | None:
    """Of several filters that find many, the one that finds fewest; None where even those are too many to gather.

    Without it a page of instances that meet all of them might be looked for from the newest down to the oldest.
    """
    sizes = [select(func.count()).select_from(ids.limit(GATHERED + 1).subquery()).scalar_subquery() for ids in broad]
    if not sizes:
        return None
    size, number = min((size, number) for number, size in enumerate(session.execute(select(*sizes)).one()))
    return broad[number] if size <= GATHERED else None


def _total(session: Session, wanted: ColumnElement[bool], sample: ColumnElement[bool] | None) -> int:
    """How many there are, as far as MANY and one more: most often a sample already holds as many."""
    found = _capped(session, sample) if sample is not None else 0
    return found if found > MANY else _capped(session, wanted)


def _first(session: Session, wanted: ColumnElement[bool], limit: int) -> list[int]:
    return list(
        session.scalars(select(ProcessInstance.id).where(wanted).order_by(ProcessInstance.id.desc()).limit(limit))
    )


def _page(session: Session, wanted: ColumnElement[bool], place: Place) -> tuple[list[int], bool, bool]:
    """The ids of a page, and whether there is one above and one below it."""
    key = ProcessInstance.id
    if place.after is not None:
        upwards = select(key).where(wanted, key > place.after).order_by(key).limit(PAGE + 1)
        found = list(session.scalars(upwards))
        return found[:PAGE][::-1], len(found) > PAGE, True
    found = _first(session, and_(wanted, true() if place.before is None else key < place.before), PAGE + 1)
    return found[:PAGE], place.before is not None, len(found) > PAGE


def _capped(session: Session, wanted: ColumnElement[bool]) -> int:
    """How many there are, counted in the list's own order as far as MANY and one more."""
    first = select(ProcessInstance.id).where(wanted).order_by(ProcessInstance.id.desc()).limit(MANY + 1).subquery()
    return session.scalar(select(func.count()).select_from(first)) or 0
