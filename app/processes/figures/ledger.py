"""经办时长台账: who held one case, for how many working days, and whose delay an expiry came of (B13; N2 §四(二)3(2)).

Read from the tasks themselves, the open ones up to now. Time that a clock stood still, or the case was suspended, is
nobody's. A tier is a post of a body: the applicant, the unit's clerk, the department's administrator.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import calendar, durations, explanations, people
from app.domain.calendar import Calendar
from app.domain.deadline_rows import OF_NOTICE
from app.domain.deadline_rules import Hold
from app.models.declaration import Declaration
from app.models.people import Organisation
from app.models.process import Deadline, Event, ProcessInstance, Task
from app.models.recommendation import BatchEntry
from app.processes import standing
from app.processes.figures import counting

APPLICANT = "申报人"
OWED = ("pay_deadline", "extension_end")  # rules that bind the applicant, whoever has to book that he kept them
PERIOD = "inclusive"  # the convention of publicity: a time that has to pass, not one within which to work


@dataclass(frozen=True)
class Stay:
    """One task; `left` is empty while it is open, `late` the working days beyond its deadline."""

    tier: str
    task: str
    entered: datetime
    left: datetime | None
    status: str
    days: int
    held: int
    late: int
    due: datetime | None = None


@dataclass
class Tier:
    """Everything that one post of one body held."""

    name: str
    days: int = 0
    held: int = 0
    count: int = 0
    late: int = 0
    now: bool = False


@dataclass(frozen=True)
class Expiry:
    """A deadline that ran out: who held the case then, and who used most of the days it counted."""

    words: str
    at: datetime
    holders: list[str]
    cause: str
    cause_days: int
    total_days: int


@dataclass(frozen=True)
class Ledger:
    stays: list[Stay]
    tiers: list[Tier]
    expiries: list[Expiry] = field(default_factory=list)


@dataclass(frozen=True)
class _Case:
    """What the sums are made of."""

    now: datetime
    days: Calendar
    holds: Sequence[Hold]


def of_declaration(session: Session, declaration: Declaration) -> Ledger:
    """Of the declaration's own process and of its batch while it was in it; a fixed number of statements."""
    instances = {row.id: row for row in standing.instances_of(session, declaration)}
    found = counting.holds_of(session, instances, [declaration.id])
    holds = [hold for key in instances for hold in found.of(key, None)] + found.of(0, declaration.id)
    case = _Case(clock.now(session), calendar.calendar_of(session), holds)
    rows = _rows(session, declaration, instances)
    stays = [_stay(task, body, deadline, case) for task, body, deadline in rows]
    return Ledger(stays, _tiers(stays), _expiries(session, declaration, instances, stays, case))


def _rows(
    session: Session, declaration: Declaration, instances: Iterable[int]
) -> list[tuple[Task, str | None, Deadline | None]]:
    entry = session.scalars(
        select(BatchEntry).where(
            BatchEntry.declaration_id == declaration.id, BatchEntry.batch_id == declaration.batch_id
        )
    ).first()
    wanted = (
        select(Task, Organisation.name, Deadline)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(Task.instance_id.in_(list(instances)), Task.element_id.not_in(standing.SECRET_STEPS))
        .order_by(Task.created_at, Task.id)
    )
    return [
        (task, body, deadline)
        for task, body, deadline in session.execute(wanted)
        if task.instance_id == declaration.instance_id or _meanwhile(task, entry)
    ]


def _meanwhile(task: Task, entry: BatchEntry | None) -> bool:
    """Whether the declaration was in the batch while this was to be done."""
    if entry is None:
        return False
    gone = entry.gone_up_at or entry.left_at
    return (task.ended_at is None or task.ended_at >= entry.joined_at) and (gone is None or task.created_at < gone)


def _stay(task: Task, body: str | None, deadline: Deadline | None, case: _Case) -> Stay:
    end = task.ended_at or case.now
    took = durations.used(task.created_at, end, case.holds, case.days)
    due = deadline.due_at if deadline else None
    late = durations.used(due, end, case.holds, case.days).days if due is not None and due < end else 0
    post = people.ROLES.get(task.role, task.role)
    tier = APPLICANT if task.role == "applicant" else " ".join(filter(None, (body, post)))
    return Stay(tier, task.name, task.created_at, task.ended_at, task.status, took.days, took.held, late, due)


def _tiers(stays: Iterable[Stay]) -> list[Tier]:
    """Most days first."""
    found: dict[str, Tier] = {}
    for stay in stays:
        tier = found.setdefault(stay.tier, Tier(stay.tier))
        tier.days, tier.held, tier.late = tier.days + stay.days, tier.held + stay.held, tier.late + stay.late
        tier.count, tier.now = tier.count + 1, tier.now or stay.left is None
    return sorted(found.values(), key=lambda tier: -tier.days)


def _expiries(
    session: Session, declaration: Declaration, instances: dict[int, ProcessInstance], stays: list[Stay], case: _Case
) -> list[Expiry]:
    """Deadlines whose end took a task from somebody, or came while he held one that was due then.

    Reminders and openings are none, and a publicity only comes to its end.
    """
    rows = session.scalars(select(Deadline).where(Deadline.instance_id.in_(list(instances)), OF_NOTICE))
    deadlines = {row.engine_task_id: row for row in rows}
    fired = select(Event).where(Event.instance_id.in_(list(instances)), Event.kind == "timer").order_by(Event.id)
    found = []
    for event in session.scalars(fired):
        ended = [deadlines[key] for key in event.said.get("engine_tasks", []) if key in deadlines]
        for deadline in ended:
            holding = [stay for stay in stays if _held_at(stay, deadline, event.at)]
            due = deadline.due_at is not None and deadline.due_at <= event.at  # others only went with what it ended
            if holding and due and deadline.convention != PERIOD:
                words = explanations.meaning(session, declaration.notice_version_id, deadline.rule)
                found.append(_expiry(words, event.at, deadline, holding, stays, case))
    return found


def _held_at(stay: Stay, deadline: Deadline, at: datetime) -> bool:
    if stay.entered >= at or (stay.left is not None and stay.left < at):
        return False
    taken = stay.status == "cancelled" and stay.left == at
    return taken or (stay.due is not None and stay.due == deadline.due_at)


def _expiry(
    words: str, at: datetime, deadline: Deadline, holding: list[Stay], stays: list[Stay], case: _Case
) -> Expiry:
    """Whose days: of the time from the deadline's beginning to its end, the largest part."""
    begins = deadline.starts_at or min(stay.entered for stay in stays)
    used: dict[str, int] = {}
    for stay in stays:
        first, last = max(stay.entered, begins), min(stay.left or at, at)
        if first < last:
            used[stay.tier] = used.get(stay.tier, 0) + durations.used(first, last, case.holds, case.days).days
    holders = list(dict.fromkeys(stay.tier for stay in holding))
    if deadline.rule in OWED:
        return Expiry(words, at, holders, APPLICANT, sum(used.get(tier, 0) for tier in holders), sum(used.values()))
    cause = max(used, key=lambda tier: (used[tier], tier in holders))
    return Expiry(words, at, holders, cause, used[cause], sum(used.values()))
