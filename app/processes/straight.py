"""The work of someone to whom a file was returned: it climbs as drawn, or goes straight back to who returned it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import declarations, levels, submission
from app.functions.rules import NoticeRules
from app.models.process import Task, TaskReturn
from app.processes import places, sheets
from app.processes.work import Work

ANY_ROW = [{"target": "退回修改"}]  # what was publicised may be mended, nothing added


def complete(begun: Work, task: Task, entering: Mapping[str, Any]) -> None:
    """Complete a task that a return brought; the caller saves, then calls `hand_on`. Raises Refused, DiagramFault."""
    session = begun.session
    given = session.get_one(TaskReturn, task.return_id)
    given.answered_at = clock.now(session)
    if given.straight and _is_favourable(begun, task) and _stays_on_route(begun, task):
        if given.status is not None:
            declarations.set_status(session, begun.case.declaration, given.status)
        begun.run.complete_to(task.engine_task_id, entering, places.onward(task, given.way), given.data)
    else:
        begun.run.complete(task.engine_task_id, entering)


def hand_on(begun: Work, task: Task) -> None:
    """Who gets the file back may have had it returned to himself: his way back goes on from there."""
    given = begun.session.get_one(TaskReturn, task.return_id)
    if given.outer_id is not None:
        mark(begun.session, begun.instance.id, tuple(given.way), given.outer_id)


def mark(session: Session, instance_id: int, way: tuple[str, ...], return_id: int) -> Task | None:
    """Tell the open task that stands at `way`, or all of them, by which return it came; None where none does."""
    wanted = select(Task).where(Task.instance_id == instance_id, Task.status == "open", Task.element_id == way[-1])
    found = [task for task in session.scalars(wanted) if places.way_to(task) == way]
    for task in found:
        task.return_id = return_id
    session.flush()
    return found[0] if found else None


def _is_favourable(begun: Work, task: Task) -> bool:
    """Whether the receiver took the form's first decision; any other one has the consequences that are drawn."""
    form = sheets.form_of(begun.session, task, begun.instance)
    return form is None or not form.decisions or task.decision == form.decisions[0].value


def _stays_on_route(begun: Work, task: Task) -> bool:
    """Whether a record mended by its applicant may skip the route: as it stands in form 8's conditions and bodies.

    Refused for what no submission would take, and for material that was not publicised (R-140).
    """
    if task.role != "applicant" or task.record not in ("declaration", "correction"):
        return True
    session, declaration = begun.session, begun.case.declaration
    rules = NoticeRules(session, declaration.notice_version_id, declaration.committee_id)
    submission.check(session, declaration, rules)
    levels.require_publicised(session, declaration, declarations.record_of(declaration), ANY_ROW)
    return submission.is_on_route(session, declaration, rules)
