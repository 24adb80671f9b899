"""撤回: whoever completed a task takes it back as long as nobody has acted on what came of it (D8a).

Which tasks allow it is their element's property `take_back`. It is not 撤回申报, which ends a declaration.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import permissions, submission, suspended
from app.domain.permissions import Grants
from app.engine.returns import RETURNED, may_be_taken_back
from app.errors import Conflict, NotAllowed, Problem, Refused
from app.models.declaration import Declaration
from app.models.process import Event, ProcessInstance, Task, TaskReturn
from app.processes import bundles, places, tasks, work
from app.processes.tasks import Actor

STEPS = ("completed", "returned", "taken_back", "moved", "message")  # events after which another task was the last
NEXT_ACTED = "后续环节已经开始办理，不能撤回。如需修改，请联系办理机构退回。"
NOT_ALONE = "办理后没有直接交给下一环节，不能撤回。如需修改，请联系办理机构退回。"
SEVERAL = "此环节由多人办理，不能单独撤回。如需修改，请联系后续办理机构退回。"


def offered(session: Session, grants: Grants, task: Task) -> bool:
    """Whether the page shows 撤回: his own work, allowed by the diagram, and the next one has not begun."""
    if not _is_his(session, grants, task):
        return False
    instance = session.get_one(ProcessInstance, task.instance_id)
    following = _following(session, task)
    alone = not _by_several(session, instance, task)
    return instance.status == "running" and alone and following is not None and _untouched(following)


def last_of(session: Session, grants: Grants, declaration: Declaration) -> Task | None:
    """The applicant's own task that he may take back now."""
    wanted = select(Task).where(
        Task.instance_id == declaration.instance_id, Task.status == "completed", Task.ended_by == grants.person_id
    )
    found = session.scalars(wanted.order_by(Task.ended_at.desc(), Task.id.desc()).limit(1)).first()
    return found if found is not None and offered(session, grants, found) else None


def take_back(session: Session, task_id: int, actor: Actor) -> Task:
    """Take a completed task back; gives the task that stands in its place, with what was submitted as its draft.

    Numbers given stay. Raises NotFound, Conflict, NotAllowed, Refused (the next one has acted; not allowed here).
    """
    instance = work.locked(session, tasks.get(session, task_id).instance_id)
    task = session.get_one(Task, task_id, populate_existing=True)
    if not _is_his(session, actor.grants, task):
        raise NotAllowed("只有办理人本人可以撤回，且须为允许撤回的环节。")
    suspended.require_not(instance)
    if instance.status != "running":
        raise Conflict("本件已经办结，不能撤回。")
    following = _following(session, task)
    if _by_several(session, instance, task):
        raise Refused(Problem("several", SEVERAL))
    if following is None:
        raise Refused(Problem("not_alone", NOT_ALONE if _is_last(session, task) else NEXT_ACTED))
    following = session.get_one(Task, following.id, populate_existing=True, with_for_update=True)
    if not _untouched(following):  # asked under its lock: who claims it or saves a draft waits for this
        raise Refused(Problem("next_acted", NEXT_ACTED))
    begun = work.opened(session, instance, person_id=actor.person_id, organisation_id=task.organisation_id)
    places.put(begun, following, places.onward(following, places.way_to(task)))
    _unsubmit(session, instance, task)
    at = {"task_id": task.id, "element_id": task.element_id, "organisation_id": task.organisation_id}
    work.note(begun, "taken_back", payload={"task": task.name, "from": following.name}, **at)
    work.save(begun)
    return _resume(session, instance, task, actor)


def _by_several(session: Session, instance: ProcessInstance, task: Task) -> bool:
    """Whether the step is done by several people: one of them cannot open it anew for all."""
    return bundles.of_version(session, instance.notice_version_id).definitions.elements[task.element_id].repeated


def _is_his(session: Session, grants: Grants, task: Task) -> bool:
    instance = session.get_one(ProcessInstance, task.instance_id)
    element = bundles.of_version(session, instance.notice_version_id).definitions.elements[task.element_id]
    done = task.status == "completed" and task.decision != RETURNED and task.ended_by == grants.person_id
    return done and may_be_taken_back(element) and permissions.still_holds(grants, task)


def _is_last(session: Session, task: Task) -> bool:
    wanted = select(Event.kind, Event.task_id).where(Event.instance_id == task.instance_id, Event.kind.in_(STEPS))
    last = session.execute(wanted.order_by(Event.id.desc()).limit(1)).first()
    return last is not None and (last.kind, last.task_id) == ("completed", task.id)


def _following(session: Session, task: Task) -> Task | None:
    """The one open task that came of completing this one; None where others acted since, or several or none came."""
    wanted = select(Task).where(Task.instance_id == task.instance_id, Task.status == "open", Task.id > task.id)
    found = session.scalars(wanted.where(Task.created_at >= task.ended_at)).all()
    return found[0] if len(found) == 1 and _is_last(session, task) else None


def _untouched(following: Task) -> bool:
    """Not claimed (the applicant's tasks are his from the start) and nothing saved."""
    claimed = following.person_id is not None and following.role != "applicant"
    return following.status == "open" and not claimed and following.draft is None


def _unsubmit(session: Session, instance: ProcessInstance, task: Task) -> None:
    declaration = session.get(Declaration, instance.declaration_id) if instance.declaration_id is not None else None
    if declaration is None or task.role != "applicant" or declaration.submitted_at is None:
        return
    if task.ended_at == declaration.submitted_at and declaration.accepted_at is None:
        submission.withdraw_submission(session, declaration)


def _resume(session: Session, instance: ProcessInstance, task: Task, actor: Actor) -> Task:
    """The task in its place is his at once, shows what he had submitted, and remembers by which return it came."""
    wanted = select(Task).where(Task.instance_id == instance.id, Task.status == "open", Task.id > task.id)
    again = next(each for each in session.scalars(wanted) if places.way_to(each) == places.way_to(task))
    again.person_id = actor.person_id
    if task.form_key is not None and task.values:
        tasks.put_draft(again, task.values)
    if task.return_id is not None:
        again.return_id = task.return_id
        session.get_one(TaskReturn, task.return_id).answered_at = None
    session.flush()
    return again
