"""Merging one body into another: what goes over, what stands in the way, and the one action that does it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, literal, select, union_all, update
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import organisations
from app.domain.restructuring import changes, conflicts, record, touched
from app.domain.restructuring.conflicts import Clash
from app.domain.restructuring.moves import rewrite_paths
from app.domain.restructuring.references import MOVES
from app.domain.restructuring.touched import Touched
from app.errors import Problem, Refused
from app.models.desk import ClosingDay
from app.models.figures import AlertRule
from app.models.people import LoginSession, Organisation
from app.models.process import Task


@dataclass(frozen=True)
class Outlook:
    """What a merge would do; `goes` rows that go over by what they are, `clashes` what both bodies have."""

    source: Organisation
    target: Organisation
    touched: Touched
    goes: list[tuple[str, int]]
    clashes: list[Clash]

    @property
    def refused(self) -> list[Clash]:
        return [each for each in self.clashes if each.refused]


def outlook(session: Session, source_id: int, target_id: int, at: datetime) -> Outlook:
    """The merge before it is made; NotFound, and Refused for a pair that cannot be merged."""
    source, target = organisations.get(session, source_id), organisations.get(session, target_id)
    check(source, target)
    return Outlook(
        source=source,
        target=target,
        touched=touched.of_body(session, source, at),
        goes=_goes(session, source.id, target.id, at),
        clashes=conflicts.between(session, source, target, at),
    )


def check(source: Organisation, target: Organisation) -> None:
    """Refused where either was merged before, and for a body and itself or one beneath it."""
    changes.require_living(source)
    changes.require_living(target)
    if target.path.startswith(source.path):
        raise Refused(Problem("circle", "不能把机构并入它自己或它的下级。", "target"))


def merge(
    session: Session, source_id: int, target_id: int, *, reason: str, by: int | None, seen: str | None = None
) -> dict[str, int]:
    """Merge the source into the target, which works on for it; what is over stays under the old name.

    Returns what went over. Refused with every clash that no rule resolves; Conflict where either body changed since.
    """
    source, target = changes.locked(session, source_id, target_id, seen=seen)
    changes.require_reason(reason)
    check(source, target)
    now = clock.now(session)
    standing = [each for each in conflicts.between(session, source, target, now) if each.refused]
    if standing:
        raise Refused(*(Problem("clash", each.text) for each in standing))
    _end_doubles(session, source, target, now)
    carried = dict(_goes(session, source.id, target.id, now))
    for each in MOVES:
        session.execute(
            update(each.model)
            .where(each.wanted(source.id, target.id, now))
            .values({each.column: target.id})
            .execution_options(synchronize_session=False)
        )
    session.execute(delete(ClosingDay).where(ClosingDay.organisation_id == source.id))  # the target's own day holds
    _hang(session, source, target)
    went_over = {what: ("", str(count)) for what, count in carried.items()}
    to, of = {"into": ("", target.name)}, {"from": ("", source.name)}
    record.write(session, "organisation_merged", source_id, {**to, **went_over}, reason=reason, by=by)
    record.write(session, "organisation_absorbed", target_id, {**of, **went_over}, reason=reason, by=by)
    return carried


def catch_up(session: Session) -> int:
    """Hand over open tasks that work begun before a merge put before the old body after it; how many there were."""
    gone = select(Organisation.id).where(Organisation.merged_into_id.is_not(None))
    today = select(Organisation.merged_into_id).where(Organisation.id == Task.organisation_id).scalar_subquery()
    left = update(Task).where(Task.status == "open", Task.organisation_id.in_(gone)).values(organisation_id=today)
    return session.connection().execute(left).rowcount


def _goes(session: Session, source_id: int, target_id: int, at: datetime) -> list[tuple[str, int]]:
    """What goes over and how many of it; what there is none of left out. One statement."""
    counts = [
        select(literal(place).label("place"), func.count().label("number"))
        .select_from(each.model)
        .where(each.wanted(source_id, target_id, at))
        for place, each in enumerate(MOVES)
    ]
    rows = session.execute(union_all(*counts)).all()
    return [(MOVES[place].what, number) for place, number in sorted(rows) if number]


def _end_doubles(session: Session, source: Organisation, target: Organisation, now: datetime) -> None:
    """Who holds a post in both bodies keeps the target's; logins and alerts that act by the other go over to it."""
    for old, new in conflicts.double_posts(session, source.id, target.id, now):
        old.revoked_at = now
        for table, column in ((LoginSession, LoginSession.acting_grant_id), (AlertRule, AlertRule.grant_id)):
            wanted = update(table).where(column == old.id)
            if table is AlertRule:
                theirs = aliased(AlertRule)
                same = (theirs.person_id == AlertRule.person_id) & (theirs.kind == AlertRule.kind)
                wanted = wanted.where(~select(theirs.id).where(theirs.grant_id == new.id, same).exists())
            session.execute(wanted.values({column: new.id}).execution_options(synchronize_session=False))
    session.flush()


def _hang(session: Session, source: Organisation, target: Organisation) -> None:
    """The source beneath the target, its subordinates beside it."""
    old, beneath, own = source.path, target.path, f"{target.path}{source.id}/"
    source.merged_into_id, source.parent_id, source.path = target.id, target.id, own
    session.flush()
    rewrite_paths(session, old, beneath)
