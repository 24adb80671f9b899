"""Where a declaration stands, in the words its applicant reads: state, sentence, badge, and the list 我的申请书."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, committees, declarations, dictionaries, publicity, rechecks, statuses, waiting
from app.domain.badges import Badge
from app.domain.calendar import calendar_of
from app.domain.deadline_rules import spoken
from app.domain.eligibility import fees
from app.domain.explanations import day_words, moment_words
from app.domain.waiting import Waiting
from app.functions.rules import NoticeRules
from app.models.declaration import Declaration
from app.models.notice import Notice
from app.models.process import Deadline, ProcessInstance, Task, TaskReturn
from app.models.recommendation import BatchEntry, Publicity, UnitBatch

SECRET_STEPS = (rechecks.ELEMENT,)  # its name would tell that somebody complained
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


def mine(session: Session, person_id: int) -> list[Line]:
    """The person's declarations, the living before the ended, the newest first."""
    wanted = select(Declaration).where(Declaration.person_id == person_id)
    ordered = wanted.order_by(Declaration.ended_as.is_not(None), Declaration.id.desc())
    return [line(session, declaration) for declaration in session.scalars(ordered).all()]


def line(session: Session, declaration: Declaration) -> Line:
    notice = session.scalars(select(Notice).where(Notice.key == declaration.notice_key)).one()
    committee = committees.at_version(session, declaration.notice_version_id, declaration.committee_id)
    title = dictionaries.label("title", declaration.title)
    return Line(declaration, notice, committee.name, title, of(session, declaration))


def of(session: Session, declaration: Declaration) -> Standing:
    """The standing now; an ended declaration waits for nobody."""
    if declaration.ended_as is not None:
        return Standing(statuses.label(declaration.ended_as), "", None, None, (), None, held=False)
    tasks = open_tasks(session, declaration)
    waits = tuple(waiting.of_tasks(session, [task.id for task in tasks])) if tasks else ()
    shown = shown_publicity(session, declaration) if declaration.status == "PUBLICITY" else None
    deadline = _deadline(session, declaration, tasks)
    facts = _facts(session, declaration, waits, deadline) | _publicity_facts(session, shown)
    now, days = clock.now(session), calendar_of(session)
    own = next((task for task in tasks if task.role == "applicant"), None)
    return Standing(
        status=statuses.label(declaration.status, **facts),
        sentence=_returned(session, own) or statuses.sentence(declaration.status, **facts) or "",
        badge=DISCREET if _secretly_held(deadline) else badges.badge(deadline, now, days),
        due=deadline.due_at if deadline else None,
        waits=waits,
        own_task=own,
        held=bool(declaration.holds),
    )


def open_tasks(session: Session, declaration: Declaration) -> list[Task]:
    """What is to be done now for this declaration: in its own process, else in the batch it waits in."""
    found = _open_of(session, declaration.instance_id)
    if found or declaration.batch_id is None:
        return found
    batch = session.get_one(UnitBatch, declaration.batch_id)
    gone = select(BatchEntry.gone_up_at).where(
        BatchEntry.batch_id == batch.id, BatchEntry.declaration_id == declaration.id
    )
    return _open_of(session, batch.instance_id) if session.scalar(gone) is None else []


def current_record(session: Session, declaration: Declaration) -> dict[str, Any]:
    """The record with what the applicant has filled in and not handed in yet."""
    record = declarations.record_of(declaration)
    for task in _open_of(session, declaration.instance_id):
        if task.role == "applicant" and task.record == "declaration" and task.draft:
            record |= task.draft
    return record


def shown_publicity(session: Session, declaration: Declaration) -> Publicity | None:
    """The publicity that shows this declaration or showed it last."""
    wanted = select(Publicity).where(Publicity.batch_id == declaration.batch_id).order_by(Publicity.id.desc()).limit(1)
    return session.scalar(wanted) if declaration.batch_id is not None else None


def _open_of(session: Session, instance_id: int | None) -> list[Task]:
    wanted = select(Task).where(Task.instance_id == instance_id, Task.status == "open").order_by(Task.id)
    return list(session.scalars(wanted)) if instance_id is not None else []


def _deadline(session: Session, declaration: Declaration, tasks: Sequence[Task]) -> Deadline | None:
    """The applicant's own deadline before that of whoever he waits for.

    His is often known to the timer on his task alone: the count that runs in his process while it waits for him.
    """
    ordered = sorted(tasks, key=lambda task: task.role != "applicant")
    found = next((task.deadline_id for task in ordered if task.deadline_id is not None), None)
    if found is not None:
        return session.get(Deadline, found)
    if not ordered or ordered[0].role != "applicant":
        return None
    running = select(Deadline).where(
        Deadline.instance_id == declaration.instance_id, Deadline.closed_at.is_(None), Deadline.kind == "relative"
    )
    return session.scalar(running.order_by(Deadline.id.desc()).limit(1))


def _secretly_held(deadline: Deadline | None) -> bool:
    """Whether a complaint stops the clock: the applicant reads of the hold, not of the complaint."""
    ledger = deadline.held_by if deadline is not None else []
    return any(entry["reason"].startswith("complaint") and not entry["until"] for entry in ledger)


def _returned(session: Session, own: Task | None) -> str:
    """Why his own task is back with the applicant; empty where nobody returned it."""
    row = session.get(TaskReturn, own.return_id) if own is not None and own.return_id is not None else None
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


def _publicity_facts(session: Session, shown: Publicity | None) -> dict[str, Any]:
    if shown is None:
        return {}
    period = publicity.period(session, shown)
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
