"""终止: a manager ends an instance that its diagram did not bring to an end, for a reason.

A declaration's own process takes the declaration with it (评审终止), and whatever else works for that declaration
alone. What somebody else asked for, an objection, a complaint, a recheck, is still answered to him.
"""

from collections.abc import Sequence

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import batch_endings, batches, deadline_rows, declarations, task_requests
from app.domain.reviews import agenda
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task
from app.processes import history, interventions, repairs, work

TERMINATED = "TERMINATED"
_ROWS_ONLY = {"synchronize_session": False}


def terminate(session: Session, instance_id: int, *, reason: str, person_id: int) -> list[ProcessInstance]:
    """End the instance and what works for it alone; gives all that were ended, the one named first.

    Its tasks are cancelled (drafts stay readable), its timers, awaited messages, clocks and incidents go, people are
    told. A unit's batch gives its names to the next one. Raises what `interventions.begin` raises, and Refused where
    others depend on the outcome.
    """
    instance = interventions.begin(session, instance_id, reason)
    declaration = session.scalar(select(Declaration).where(Declaration.instance_id == instance.id).with_for_update())
    sides: Sequence[ProcessInstance] = ()
    if declaration is not None:
        if declaration.ended_as is None:
            sides = _sides(session, instance)
            _end_declaration(session, declaration)
    elif "batch_id" in instance.subject and instance.process_key == batches.PROCESS:
        batch_endings.dissolve(session, batches.get(session, instance.subject["batch_id"]))
    else:
        _require_alone(session, instance)
    for each in (instance, *sides):
        _end(session, each, reason.strip(), person_id)
    return [instance, *sides]


def may_be_terminated(instance: ProcessInstance, declaration: Declaration | None) -> bool:
    """Whether `terminate` would take this instance, about that declaration, at all.

    What stands in the way today is another matter.
    """
    own = declaration is not None and declaration.instance_id == instance.id
    alone = not _works_for_others(instance)
    return instance.status != "ended" and (own or instance.process_key == batches.PROCESS or alone)


def companions(session: Session, instance: ProcessInstance) -> tuple[list[ProcessInstance], list[ProcessInstance]]:
    """Live instances about the same declaration: those that would end with its own process, those that would go on."""
    if instance.declaration_id is None:
        return [], []
    live = session.scalars(_others(instance)).all()
    return [each for each in live if not _has_record(each)], [each for each in live if _has_record(each)]


def _end_declaration(session: Session, declaration: Declaration) -> None:
    declarations.end(session, declaration, TERMINATED)
    if declaration.accepted_at is not None:
        agenda.drop(session, declaration)


def _sides(session: Session, instance: ProcessInstance) -> list[ProcessInstance]:
    """Live instances that work for the same declaration alone: they have no record of their own to bring to an end."""
    rows = session.scalars(_others(instance).with_for_update().execution_options(populate_existing=True))
    return [each for each in rows if not _has_record(each)]


def _others(instance: ProcessInstance) -> Select[ProcessInstance]:
    same = ProcessInstance.declaration_id == instance.declaration_id
    live = (ProcessInstance.id != instance.id) & (ProcessInstance.status != "ended")
    return select(ProcessInstance).where(same, live).order_by(ProcessInstance.id)


def _require_alone(session: Session, instance: ProcessInstance) -> None:
    if _works_for_others(instance):
        name = history.process_name(session, instance.notice_version_id, instance.process_key)
        words = f"“{name}”须办出结果，不能单独终止。可以挂起、改派或者移动环节；需要终止申报的，请终止该申报本身。"
        raise Refused(Problem("depended_on", words))


def _works_for_others(instance: ProcessInstance) -> bool:
    return instance.declaration_id is not None or _has_record(instance)


def _has_record(instance: ProcessInstance) -> bool:
    return any(instance.subject.get(key) is not None for key in work.SUBJECTS)


def _end(session: Session, instance: ProcessInstance, reason: str, by: int) -> None:
    told, now = interventions.concerned(session, instance), clock.now(session)
    mine = (Task.instance_id == instance.id) & (Task.status == "open")
    task_requests.close(session, select(Task.id).where(mine))
    cancelled = update(Task).where(mine).values(status="cancelled", ended_at=now)
    session.execute(cancelled, execution_options=_ROWS_ONLY)
    deadline_rows.close(session, [row.id for row in deadline_rows.open_of(session, instance.id)])
    repairs.drop_all(session, instance.id)
    instance.status, instance.ended_at, instance.ended_by = "ended", now, by
    instance.suspended_at = instance.suspended_reason = None
    instance.state, instance.waits = b"", {}
    interventions.note(session, instance, "terminated", by, {"reason": reason})
    interventions.tell(session, instance, told, "terminated", {"reason": reason.rstrip("。")})
