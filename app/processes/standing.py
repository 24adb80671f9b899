"""Where a declaration stands, in the words its applicant reads: state, sentence, badge, and the list 我的申请书."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import (
    badges,
    batch_lists,
    committees,
    declarations,
    dictionaries,
    publicity,
    statuses,
    suspended,
    targeted_rechecks,
    waiting,
)
from app.domain.badges import Badge
from app.domain.calendar import calendar_of
from app.domain.deadline_rules import spoken
from app.domain.eligibility import fees
from app.domain.publicity_days import Period
from app.domain.results import standings
from app.domain.waiting import Waiting
from app.domain.wording import day_words, moment_words
from app.functions.rules import NoticeRules
from app.models.declaration import Declaration
from app.models.notice import Notice
from app.models.process import Deadline, ProcessInstance, Task, TaskReturn
from app.models.recommendation import BatchEntry, Publicity, UnitBatch

SECRET_STEPS = (targeted_rechecks.ELEMENT,)  # its name would tell that somebody complained
DISCREET = Badge("计时暂停：正在核实", "held")
WAITING_FOR_MONEY = ("PAY_WAIT", "PAY_OPEN")


@dataclass(frozen=True)
class Standing:
    """`waits` for whom; `own_task` what the applicant himself has to do now; `due` the instant behind the badge."""

    status: str
    sentence: str
    badge: Badge | None
    due: datetime | None
    waits: tuple[Waiting, ...]
    own_task: Task | None
    held: bool


@dataclass(frozen=True)
class Line:
    """One line of 我的申请书."""

    declaration: Declaration
    notice: Notice
    committee: str
    title: str
    standing: Standing


@dataclass(frozen=True)
class Around:
    """What the standings of several declarations need beside them, read at once: by declaration, by batch, by id."""

    tasks: Mapping[int, list[Task]]
    waits: Mapping[int, Waiting]
    deadlines: Mapping[int, Deadline]
    shown: Mapping[int, Publicity]
    periods: Mapping[int, Period]
    returns: Mapping[int, TaskReturn]
    results: Mapping[int, Mapping[str, Any]]
    suspended: Mapping[int, str]


def mine(session: Session, person_id: int) -> list[Line]:
    """The person's declarations, the living before the ended, the newest first; a fixed number of statements."""
    wanted = select(Declaration).where(Declaration.person_id == person_id)
    ordered = wanted.order_by(Declaration.ended_as.is_not(None), Declaration.id.desc())
    return _lines(session, session.scalars(ordered).all())


def line(session: Session, declaration: Declaration) -> Line:
    return _lines(session, [declaration])[0]


def _lines(session: Session, found: Sequence[Declaration]) -> list[Line]:
    keys = {declaration.notice_key for declaration in found}
    notices = {notice.key: notice for notice in session.scalars(select(Notice).where(Notice.key.in_(keys)))}
    around = _around(session, found)
    return [
        Line(
            declaration,
            notices[declaration.notice_key],
            committees.at_version(session, declaration.notice_version_id, declaration.committee_id).name,
            dictionaries.label("title", declaration.title),
            _of(session, declaration, around),
        )
        for declaration in found
    ]


def of(session: Session, declaration: Declaration) -> Standing:
    """The standing now; an ended declaration waits for nobody."""
    return _of(session, declaration, _around(session, [declaration]))


def _of(session: Session, declaration: Declaration, around: Around) -> Standing:
    if declaration.ended_as is not None:
        return Standing(statuses.label(declaration.ended_as), "", None, None, (), None, held=False)
    tasks = around.tasks[declaration.id]
    waits = tuple(around.waits[task.id] for task in tasks)
    deadline = _deadline(declaration, tasks, around)
    facts = _facts(session, declaration, waits, deadline) | _publicity_facts(declaration, around)
    facts |= around.results.get(declaration.id, {})
    now, days = clock.now(session), calendar_of(session)
    own = next((task for task in tasks if task.role == "applicant"), None)
    return Standing(
        status=statuses.label(declaration.status, **facts),
        sentence=around.suspended.get(declaration.instance_id or 0)
        or _returned(own, around)
        or statuses.sentence(declaration.status, **facts)
        or "",
        badge=DISCREET if _secretly_held(deadline) else badges.badge(deadline, now, days),
        due=deadline.due_at if deadline else None,
        waits=waits,
        own_task=own,
        held=bool(declaration.holds),
    )


def _around(session: Session, found: Sequence[Declaration]) -> Around:
    living = [declaration for declaration in found if declaration.ended_as is None]
    tasks = _open_tasks(session, living)
    every = [task for its in tasks.values() for task in its]
    publicised = [each.batch_id for each in living if each.status == "PUBLICITY" and each.batch_id is not None]
    shown = batch_lists.publicities(session, publicised)
    returns = [task.return_id for task in every if task.return_id is not None]
    return Around(
        tasks=tasks,
        waits={each.task_id: each for each in waiting.of_tasks(session, [task.id for task in every])},
        deadlines=_deadlines(session, living, every),
        shown=shown,
        periods=publicity.periods(session, list(shown.values())),
        returns={row.id: row for row in session.scalars(select(TaskReturn).where(TaskReturn.id.in_(returns)))},
        results=standings.facts(session, living),
        suspended=suspended.of_instances(
            session, [each.instance_id for each in living if each.instance_id is not None]
        ),
    )


def open_tasks(session: Session, declaration: Declaration) -> list[Task]:
    """What is to be done now for this declaration: in its own process, else in the batch it waits in."""
    return _open_tasks(session, [declaration])[declaration.id]


def _open_tasks(session: Session, found: Sequence[Declaration]) -> dict[int, list[Task]]:
    """Declaration id → its tasks."""
    gone = select(BatchEntry.id).where(
        BatchEntry.batch_id == Declaration.batch_id,
        BatchEntry.declaration_id == Declaration.id,
        BatchEntry.gone_up_at.is_not(None),
    )
    staying = select(Declaration.id, UnitBatch.instance_id).join(UnitBatch, UnitBatch.id == Declaration.batch_id)
    batches = dict(session.execute(staying.where(Declaration.id.in_([row.id for row in found]), ~gone.exists())).all())
    instances = {*(row.instance_id for row in found), *batches.values()} - {None}
    wanted = select(Task).where(Task.instance_id.in_(instances), Task.status == "open").order_by(Task.id)
    of_instance: dict[int | None, list[Task]] = {}
    for task in session.scalars(wanted):
        of_instance.setdefault(task.instance_id, []).append(task)
    return {row.id: of_instance.get(row.instance_id) or of_instance.get(batches.get(row.id), []) for row in found}


def current_record(session: Session, declaration: Declaration) -> dict[str, Any]:
    """The record with what the applicant has filled in and not handed in yet."""
    record = declarations.record_of(declaration)
    for task in _open_of(session, declaration.instance_id):
        if task.role == "applicant" and task.record == "declaration" and task.draft:
            record |= task.draft
    return record


def _open_of(session: Session, instance_id: int | None) -> list[Task]:
    wanted = select(Task).where(Task.instance_id == instance_id, Task.status == "open").order_by(Task.id)
    return list(session.scalars(wanted)) if instance_id is not None else []


def _deadlines(session: Session, found: Sequence[Declaration], tasks: Sequence[Task]) -> dict[int, Deadline]:
    """Those that the tasks name, and those that run in the declarations' own processes."""
    named = Deadline.id.in_([task.deadline_id for task in tasks if task.deadline_id is not None])
    own = Deadline.instance_id.in_([row.instance_id for row in found if row.instance_id is not None])
    running = own & Deadline.closed_at.is_(None) & (Deadline.kind == "relative")
    return {row.id: row for row in session.scalars(select(Deadline).where(named | running).order_by(Deadline.id))}


def _deadline(declaration: Declaration, tasks: Sequence[Task], around: Around) -> Deadline | None:
    """The applicant's own deadline before that of whoever he waits for.

    His is often known to the timer on his task alone: the count that runs in his process while it waits for him.
    """
    ordered = sorted(tasks, key=lambda task: task.role != "applicant")
    found = next((task.deadline_id for task in ordered if task.deadline_id is not None), None)
    if found is not None:
        return around.deadlines.get(found)
    if not ordered or ordered[0].role != "applicant":
        return None
    own = (row for row in around.deadlines.values() if row.instance_id == declaration.instance_id)
    running = [row for row in own if row.closed_at is None and row.kind == "relative"]
    return running[-1] if running else None


def _secretly_held(deadline: Deadline | None) -> bool:
    """Whether a complaint stops the clock: the applicant reads of the hold, not of the complaint."""
    ledger = deadline.held_by if deadline is not None else []
    return any(entry["reason"].startswith("complaint") and not entry["until"] for entry in ledger)


def _returned(own: Task | None, around: Around) -> str:
    """Why his own task is back with the applicant; empty where nobody returned it."""
    row = around.returns.get(own.return_id) if own is not None and own.return_id is not None else None
    return f"“{row.from_name}”于{moment_words(row.at)}退回：{row.reason}。请修改后重新提交" if row else ""


def _facts(
    session: Session, declaration: Declaration, waits: Sequence[Waiting], deadline: Deadline | None
) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if waits and waits[0].contact and waits[0].phone:
        office = waits[0].who.partition(" ")[0]
        facts |= {"unit": office, "contact": waits[0].contact, "phone": waits[0].phone}
    if deadline is not None and deadline.due_at is not None:
        facts["date"] = spoken(deadline.due_at)
    if declaration.acceptance_no:
        facts["number"] = declaration.acceptance_no
    if declaration.status in WAITING_FOR_MONEY:
        rules = NoticeRules(session, declaration.notice_version_id, declaration.committee_id)
        facts["amount"] = fees.fee(declarations.record_of(declaration), rules)
    return facts


def _publicity_facts(declaration: Declaration, around: Around) -> dict[str, Any]:
    shown = around.shown.get(declaration.batch_id or 0) if declaration.status == "PUBLICITY" else None
    if shown is None:
        return {}
    period = around.periods[shown.id]
    return {
        "n": period.number,
        "N": period.total,
        "start": day_words(period.first_day),
        "end": day_words(period.last_day),
    }


def instances_of(session: Session, declaration: Declaration) -> list[ProcessInstance]:
    """The declaration's own process and the batch it is or was in; nothing that may be secret."""
    ids = [declaration.instance_id]
    if declaration.batch_id is not None:
        ids.append(session.get_one(UnitBatch, declaration.batch_id).instance_id)
    return list(session.scalars(select(ProcessInstance).where(ProcessInstance.id.in_([i for i in ids if i]))))
