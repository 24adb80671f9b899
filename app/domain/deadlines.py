"""Deadlines as rows (D13): found or made for the engine task that asks, held and released, computed anew.

The row is the truth, also of when a timer fires that waits for it, so everything here is SQL on `deadline` and loads
no instance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import calendar, deadline_rows, deadline_rules, parameters
from app.domain.deadline_rules import DeadlineRule, Hold
from app.models.declaration import Declaration
from app.models.process import Deadline, ProcessInstance

UNCOUNTED = "9999-12-31T00:00:00+00:00"  # what a timer is told while its clock stands still


@dataclass(frozen=True)
class Asker:
    """Which engine task of which instance asks for a deadline."""

    instance: ProcessInstance
    engine_task_id: str


@dataclass(frozen=True)
class Change:
    """One deadline that would fall due at another instant; `shortens` what people have been told already."""

    deadline_id: int
    rule: str
    declaration_id: int | None
    before: datetime | None
    after: datetime | None
    provisional: bool

    @property
    def shortens(self) -> bool:
        return self.before is not None and self.after is not None and self.after < self.before


def ask(
    session: Session, asker: Asker, key: str, *, days: int | None = None, since: datetime | None = None
) -> Deadline:
    """The open deadline of this engine task under rule `key`, made at its first asking.

    `days` is the length that an office set for this case, `since` where counting begins (default: now). Raises
    ConfigurationError when the notice is silent on the rule.
    """
    found = _known(session, asker, key)
    if found is not None:
        return found
    rule = rule_of(session, asker.instance, key)
    start = since or clock.now(session)
    row = Deadline(
        instance_id=asker.instance.id,
        engine_task_id=asker.engine_task_id,
        declaration_id=asker.instance.declaration_id,
        rule=key,
        kind=rule.kind,
        count=days or rule.count,
        unit=rule.unit,
        convention=rule.convention,
        clause=rule.clause,
        starts_at=start,
        held_by=[],
        history=[],
    )
    _compute(session, row, rule)
    return deadline_rows.add(session, row)


def rule_of(session: Session, instance: ProcessInstance, key: str) -> DeadlineRule:
    """The rule as the instance's notice and committee give it today."""
    return parameters.deadline_rule(session, instance.notice_version_id, key, _committee(session, instance))


def text(deadline: Deadline) -> str:
    """What an engine timer is told: the due instant on the notices' wall clock."""
    return UNCOUNTED if deadline.due_at is None else clock.local(deadline.due_at).isoformat()


def hold(session: Session, declaration_id: int, reason: str, *, by: int | None = None) -> int:
    """Stop the clocks of a declaration that this reason stops by its notice; returns how many it holds.

    `complaint:7` is a reason of its own beside `complaint:8`; the notice speaks of `complaint`. A second hold for the
    same reason changes nothing.
    """
    return hold_those(session, Deadline.declaration_id == declaration_id, reason, by=by)


def hold_those(session: Session, which: ColumnElement[bool], reason: str, *, by: int | None = None) -> int:
    """`hold` for the open deadlines that `which` picks."""
    now = clock.now(session)
    stopped = []
    for row, rule in _with_rules(session, which):
        known = any(entry["reason"] == reason and entry["until"] is None for entry in row.held_by)
        if rule.is_stopped_by(reason) and not known:
            row.held_by = [*row.held_by, {"reason": reason, "since": now.isoformat(), "until": None, "by": by}]
            _recompute(session, row, rule)
            stopped.append(row)
    return len(stopped)


def release(session: Session, declaration_id: int, reason: str, *, by: int | None = None) -> int:
    """Let the clocks run on that this reason stopped; the days they stood still are not counted."""
    return release_those(session, Deadline.declaration_id == declaration_id, reason, by=by)


def release_those(session: Session, which: ColumnElement[bool], reason: str, *, by: int | None = None) -> int:
    """`release` for the open deadlines that `which` picks; none ends before the day that was announced last.

    A calendar that would end it earlier goes on waiting for approval (`shortenings`).
    """
    now = clock.now(session).isoformat()
    running = []
    for row, rule in _with_rules(session, which):
        if any(entry["reason"] == reason and entry["until"] is None for entry in row.held_by):
            row.held_by = [
                entry | {"until": now, "released_by": by}
                if entry["reason"] == reason and entry["until"] is None
                else entry
                for entry in row.held_by
            ]
            _recompute(session, row, rule, not_before=_announced(row))
            running.append(row)
    return len(running)


def preview(session: Session, *conditions: ColumnElement[bool]) -> list[Change]:
    """What a changed calendar or parameter would do to the open deadlines (those of `conditions`, about deadlines and
    their instances): the before/after list for approval (D13)."""
    changes = []
    for row, its_rule in _with_rules(session, *conditions):
        due_at, provisional = _due(session, row, its_rule)
        if due_at != row.due_at or provisional != row.provisional:
            changes.append(Change(row.id, row.rule, row.declaration_id, row.due_at, due_at, provisional))
    return changes


def apply(session: Session, changes: Sequence[Change], *, why: str, by: int | None, shorten: bool = False) -> int:
    """Write the approved changes; one that shortens what was announced is left out unless `shorten` says so."""
    chosen = {change.deadline_id for change in changes if shorten or not change.shortens}
    rows = _with_rules(session, Deadline.id.in_(chosen))
    for row, rule in rows:
        _recompute(session, row, rule, why=why, by=by)
    return len(rows)


def _known(session: Session, asker: Asker, key: str) -> Deadline | None:
    """The open row, looked for where the instance keeps what it waits for; a wait that began just now has none."""
    for row in deadline_rows.made(session, asker.instance.id):
        if (row.engine_task_id, row.rule) == (asker.engine_task_id, key):
            return row
    if "deadlines" not in (asker.instance.waits or {}):
        return session.scalars(_of_task(asker, key)).first()
    wanted = [asker.engine_task_id, key]
    known = next((number for number, *about in asker.instance.waits["deadlines"] if about == wanted), None)
    return None if known is None else session.get(Deadline, known)


def _of_task(asker: Asker, key: str) -> Select[Deadline]:
    return select(Deadline).where(
        Deadline.instance_id == asker.instance.id,
        Deadline.engine_task_id == asker.engine_task_id,
        Deadline.rule == key,
        Deadline.closed_at.is_(None),
    )


def _with_rules(session: Session, *conditions: ColumnElement[bool]) -> list[tuple[Deadline, DeadlineRule]]:
    """Open deadlines with their rules; each rule is looked up once per notice version and committee."""
    statement = (
        select(Deadline, ProcessInstance.notice_version_id, Declaration.committee_id)
        .join(ProcessInstance, ProcessInstance.id == Deadline.instance_id)
        .outerjoin(Declaration, Declaration.id == Deadline.declaration_id)
        .where(Deadline.closed_at.is_(None), deadline_rows.OF_NOTICE, *conditions)
        .order_by(Deadline.id)
    )
    rules: dict[tuple[int, str, int | None], DeadlineRule] = {}
    found = []
    for row, version_id, committee_id in session.execute(statement).all():
        key = (version_id, row.rule, committee_id)
        if key not in rules:
            rules[key] = parameters.deadline_rule(session, version_id, row.rule, committee_id)
        found.append((row, rules[key]))
    return found


def _committee(session: Session, instance: ProcessInstance) -> int | None:
    if instance.declaration_id is None:
        return None
    declaration = session.get(Declaration, instance.declaration_id)
    return declaration.committee_id if declaration else None


def _recompute(
    session: Session,
    row: Deadline,
    rule: DeadlineRule,
    *,
    why: str | None = None,
    by: int | None = None,
    not_before: datetime | None = None,
) -> None:
    before = row.due_at
    _compute(session, row, rule)
    if row.due_at is not None and not_before is not None and row.due_at < not_before:
        row.due_at, row.calendar_revision = not_before, row.calendar_revision - 1
    if row.due_at != before:
        entry = {
            "at": clock.now(session).isoformat(),
            "from": before.isoformat() if before else None,
            "to": row.due_at.isoformat() if row.due_at else None,
            "why": why,
            "by": by,
        }
        row.history = [*row.history, entry]


def _announced(row: Deadline) -> datetime | None:
    """The end that its people were told last; while the clock stands still, the one before that."""
    before = (entry["from"] for entry in reversed(row.history) if entry["from"])
    return row.due_at or next(map(datetime.fromisoformat, before), None)


def _compute(session: Session, row: Deadline, rule: DeadlineRule) -> None:
    row.due_at, row.provisional = _due(session, row, rule)
    row.calendar_revision = calendar.calendar_of(session).revision


def _due(session: Session, row: Deadline, rule: DeadlineRule) -> tuple[datetime | None, bool]:
    """A length that an office set for the case stays; all else follows the notice as it stands."""
    if rule.kind == "relative" and row.count is not None:
        rule = rule.lasting(row.count)
    assert row.starts_at is not None
    found = deadline_rules.due_with_holds(rule, row.starts_at, _holds(row), calendar.calendar_of(session))
    return (None, False) if found is None else (found.due_at, found.provisional)


def _holds(row: Deadline) -> list[Hold]:
    return [
        Hold(
            entry["reason"],
            datetime.fromisoformat(entry["since"]),
            datetime.fromisoformat(entry["until"]) if entry["until"] else None,
        )
        for entry in row.held_by
    ]
