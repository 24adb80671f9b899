"""The way of one declaration as its applicant reads it: what is done, what is waited for, what comes next (D27)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import statuses, terms
from app.domain.badges import Badge
from app.errors import Refused
from app.models.declaration import Declaration
from app.models.office import CompletionRequest, CorrectionNotice, Payment, RefusalNotice
from app.models.people import Organisation
from app.models.process import ProcessInstance, Task, TaskReturn
from app.models.recommendation import BatchEntry
from app.processes import bundles, history, prospects, standing
from app.processes.prospects import Stop
from app.processes.standing import SECRET_STEPS, Standing

PAYING = ("PAY_WAIT", "PAY_OPEN", "PAID")
AFTER_ROUTE = ("READY", "IN_SESSION", "DEFERRED", "PASSED_PUBLICITY", "CONFIRMING", "ARCHIVING")


@dataclass(frozen=True)
class Step:
    """One line: `state` done, returned, now, held or next. `at` when it was done, or since when it is waited for.

    `reasons` are what an office asked for, item by item; `when` is an expected date in words; `task_id` is set where
    the applicant himself has to act.
    """

    state: str
    title: str
    at: datetime | None = None
    office: str = ""
    contact: str = ""
    phone: str = ""
    note: str = ""
    when: str = ""
    reasons: tuple[str, ...] = ()
    badge: Badge | None = None
    task_id: int | None = None


def of(session: Session, declaration: Declaration) -> list[Step]:
    """The whole way, from the beginning to the expected end."""
    now = standing.of(session, declaration)
    past = _done(session, declaration)
    if declaration.ended_as is not None:
        return [*past, _end(session, declaration)]
    return [*past, *_now(declaration, now), *_next(session, declaration)]


def _done(session: Session, declaration: Declaration) -> list[Step]:
    steps = [Step("done", "开始填写申请书", declaration.created_at)]
    asked, returned, noted = _asked(session, declaration), _returned(session, declaration), _noted(session, declaration)
    for instance in standing.instances_of(session, declaration):
        own = instance.id == declaration.instance_id
        steps += [
            _past(task, office, words, returned.get(task.id) or _reasons_at(asked, task, own), noted)
            for task, office, words in _completed(session, instance)
            if task.element_id not in SECRET_STEPS and (own or _while_in(session, declaration, task))
        ]
    return sorted(steps, key=lambda step: step.at or declaration.created_at)


def _completed(session: Session, instance: ProcessInstance) -> list[tuple[Task, str, str]]:
    """(task, office, decision in words) of everything done in an instance."""
    schemas = bundles.of_version(session, instance.notice_version_id).schemas
    rows = session.execute(
        select(Task, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .where(Task.instance_id == instance.id, Task.status == "completed")
        .order_by(Task.id)
    )
    return [
        (task, office or "本人", history.decision_words(schemas.get(task.form_key or ""), task.decision))
        for task, office in rows
    ]


def _while_in(session: Session, declaration: Declaration, task: Task) -> bool:
    """Whether the declaration was in the batch when this was done."""
    entry = session.scalar(
        select(BatchEntry).where(
            BatchEntry.batch_id == declaration.batch_id, BatchEntry.declaration_id == declaration.id
        )
    )
    if entry is None or task.ended_at is None or task.ended_at < entry.joined_at:
        return False
    until = entry.gone_up_at or entry.left_at
    return until is None or task.ended_at <= until


def _past(
    task: Task,
    office: str,
    words: str,
    reasons: tuple[str, ...],
    noted: Mapping[tuple[datetime, bool], str],
) -> Step:
    """`noted` goes by the instant and whether the applicant acted: one transaction writes one instant."""
    at = task.ended_at
    assert at is not None
    own = task.role == "applicant"
    reasons = () if own else reasons
    title = f"{task.name}：{words}" if words not in ("", task.name) else task.name
    return Step("returned" if reasons else "done", title, at, office, note=noted.get((at, own), ""), reasons=reasons)


def _asked(session: Session, declaration: Declaration) -> dict[datetime, tuple[str, ...]]:
    """When → what was asked for, of requests for completion and of the one-time notice."""
    tables = (CompletionRequest, CorrectionNotice)
    wanted = [select(table.sent_at, table.items).where(table.declaration_id == declaration.id) for table in tables]
    return {sent_at: _reasons(items) for query in wanted for sent_at, items in session.execute(query)}


def _reasons_at(asked: Mapping[datetime, tuple[str, ...]], task: Task, own: bool) -> tuple[str, ...]:
    """What was asked for in the transaction that ended the task: one writes one instant."""
    return asked.get(task.ended_at, ()) if own and task.ended_at is not None else ()


def _returned(session: Session, declaration: Declaration) -> dict[int, tuple[str, ...]]:
    """Why the applicant got it back: the returning task → the reason."""
    returned = select(TaskReturn.task_id, TaskReturn.reason).join(Task, Task.return_id == TaskReturn.id)
    to_him = returned.where(TaskReturn.declaration_id == declaration.id, Task.role == "applicant")
    return {task_id: (reason,) for task_id, reason in session.execute(to_him)}


def _reasons(items: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple("：".join(filter(None, (_target(item), str(item.get("text") or "")))) for item in items)


def _target(item: Mapping[str, Any]) -> str:
    target = str(item.get("target") or "")
    return "" if target.startswith("row:") or target.isascii() else target


def _noted(session: Session, declaration: Declaration) -> dict[tuple[datetime, bool], str]:
    """When, and at the applicant's own act or not → numbers given, reasons of a refusal, money received."""
    found: dict[tuple[datetime, bool], str] = {}
    if declaration.submitted_at:
        found[declaration.submitted_at, True] = f"申报编号{declaration.number}"
    if declaration.accepted_at:
        found[declaration.accepted_at, False] = f"受理编号{declaration.acceptance_no}"
    for refusal in session.scalars(select(RefusalNotice).where(RefusalNotice.declaration_id == declaration.id)):
        found[refusal.sent_at, False] = f"{refusal.number}：{refusal.reason}"
    for paid in session.scalars(select(Payment).where(Payment.declaration_id == declaration.id)):
        if paid.status == "paid":
            found[paid.at, False] = f"已缴{paid.amount}元"
    return found


def _end(session: Session, declaration: Declaration) -> Step:
    assert declaration.ended_as is not None
    wanted = select(BatchEntry.reason).where(
        BatchEntry.declaration_id == declaration.id, BatchEntry.recommended.is_(False)
    )
    reason = session.scalar(wanted.order_by(BatchEntry.id.desc()).limit(1))
    note = str(reason) if declaration.ended_as == "NOT_RECOMMENDED" and reason else ""
    return Step("done", f"办理结果：{statuses.label(declaration.ended_as)}", declaration.ended_at, note=note)


def _now(declaration: Declaration, now: Standing) -> list[Step]:
    state = "held" if now.held else "now"
    own = now.own_task
    if own is not None:
        return [
            Step(state, now.status, own.created_at, note=now.sentence or f"等待您办理：{own.name}", badge=now.badge,
                 task_id=own.id)
        ]  # fmt: skip
    waits = [wait for wait in now.waits if wait.who]
    if not waits:
        return [Step(state, now.status, note=now.sentence, badge=now.badge)]
    return [
        Step(state, now.status, wait.since, wait.who, wait.contact, wait.phone, now.sentence, badge=now.badge)
        for wait in waits[:1] + [wait for wait in waits[1:] if wait.who != waits[0].who]
    ]


def _next(session: Session, declaration: Declaration) -> list[Step]:
    """What is still to come, with the offices and dates that can be foretold."""
    if declaration.status in AFTER_ROUTE:
        return [_session_step(session, declaration)]
    record = standing.current_record(session, declaration)
    try:
        way = prospects.of_declaration(session, declaration, record)
    except Refused:  # the form does not say yet which way it will go
        return []
    left = way[_reached(session, declaration, way) :]
    return [
        Step("next", stop.name, office=stop.office, contact=stop.contact, phone=stop.phone, when=stop.when)
        for stop in left
    ] + [_session_step(session, declaration)]


def _reached(session: Session, declaration: Declaration, way: Sequence[Stop]) -> int:
    """How many stops of the way have been come to."""
    touched = {
        key
        for task in session.scalars(select(Task).where(Task.instance_id == declaration.instance_id))
        for key in (task.element_id, *task.path)
    }
    if declaration.batch_id is not None:
        touched.add("recommendation")
    if declaration.status in PAYING:
        touched.add("pay")
    reached = [number for number, stop in enumerate(way, 1) if stop.key in touched]
    return max(reached, default=0)


def _session_step(session: Session, declaration: Declaration) -> Step:
    committee = terms.committee(session, declaration)
    return Step("next", "评审", office=committee.convening_name, when=committee.session)
