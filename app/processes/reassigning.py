"""改派: a manager gives an open task to somebody else, a person of its post or another body, for a reason."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import organisations, people, permissions, task_requests, waiting
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.people import Organisation, RoleGrant
from app.models.process import ProcessInstance, Task
from app.processes import interventions


def reassign(
    session: Session,
    task_id: int,
    *,
    to_person_id: int | None = None,
    to_organisation_id: int | None = None,
    reason: str,
    person_id: int,
) -> Task:
    """Hand the task to a person who holds its role in its body, or to another body's holders of the role, or to both.

    The saved draft goes with it, its clock runs on, nobody is asked about it any more. Raises NotFound, what
    `interventions.begin` raises, Conflict for a task that is not open, Refused for one that is somebody's own and for a
    receiver who could not do it.
    """
    if (found := session.get(Task, task_id)) is None:
        raise NotFound
    instance = interventions.begin(session, found.instance_id, reason)
    task = session.get_one(Task, task_id, populate_existing=True, with_for_update=True)
    if task.status != "open":
        raise Conflict("此事项刚刚已由他人办理，不需要改派。")
    if permissions.is_personal(task):
        raise Refused(Problem("personal", "此事项由本人办理，不能改派。"))
    before, told = place(session, task), waiting.asked(session, task)
    body = task.organisation_id
    if to_organisation_id is not None:  # a list that was planned before its body was merged goes to the successor
        body = organisations.resolve(session, to_organisation_id).id
    _require_receiver(session, task, to_person_id, body)
    told += [row.home_id for row in task_requests.release(session, task)]
    task.organisation_id, task.person_id = body, to_person_id
    if task.draft is not None:
        task.draft_token = str(uuid.uuid4())  # a page that the former holder left open must not write over it
    facts = {"task": task.name, "from": before, "to": place(session, task), "reason": reason.strip()}
    at = {"task_id": task.id, "element_id": task.element_id, "organisation_id": task.organisation_id}
    interventions.note(session, instance, "reassigned", person_id, facts, **at)
    _tell(session, instance, task, told, {**facts, "by": people.get(session, person_id).name})
    return task


def _tell(
    session: Session, instance: ProcessInstance, task: Task, before: Collection[int], said: Mapping[str, Any]
) -> None:
    """Whoever may do it now, and whoever could before."""
    receivers, reason = waiting.asked(session, task), said["reason"].rstrip("。")
    facts = {"task": said["task"], "from": said["from"], "to": said["to"], "by": said["by"], "reason": reason}
    interventions.tell(session, instance, receivers, "reassigned", facts)
    away = [each for each in before if each not in receivers]
    interventions.tell(session, instance, away, "reassigned_away", facts)


def candidates(session: Session, task: Task, organisation_id: int | None = None) -> list[people.Holder]:
    """Who may be given the task in its own body, or in another one; never the applicant it is about."""
    body = task.organisation_id if organisation_id is None else organisation_id
    held = people.holders(session, task.role, body, clock.now(session))
    applicant = _applicant(session, task)
    return [each for each in held if each.person_id != applicant]


def place(session: Session, task: Task) -> str:
    """Body and post, with the person where one holds the task."""
    body = organisations.get(session, task.organisation_id).name if task.organisation_id is not None else ""
    holder = people.get(session, task.person_id).name if task.person_id is not None else ""
    return " ".join(each for each in (body, people.ROLES.get(task.role, task.role), holder) if each)


def bodies(session: Session, task: Task, name: str, limit: int = 20) -> list[tuple[int, str]]:
    """(id, name) of other bodies of that name in which somebody holds the task's role now."""
    now = clock.now(session)
    held = select(RoleGrant.organisation_id).where(RoleGrant.role == task.role, people.in_force(RoleGrant, now))
    found = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(held), Organisation.name.icontains(name.strip(), autoescape=True)
    )
    others = found.where(Organisation.id != task.organisation_id) if task.organisation_id is not None else found
    return [(key, body) for key, body in session.execute(others.order_by(Organisation.name).limit(limit))]


def _require_receiver(session: Session, task: Task, to_person_id: int | None, body: int | None) -> None:
    if to_person_id is None and body == task.organisation_id:
        if task.person_id is None:
            raise Refused(Problem("receiver", "请选择改派给哪个机构或者哪位人员。", "to"))
        return  # back to the queue of its post
    post = people.ROLES.get(task.role, task.role)
    name = organisations.get(session, body).name if body is not None else ""
    able = [each.person_id for each in candidates(session, task, body)]
    if not able:
        raise Refused(Problem("nobody", f"{name}没有{post}，不能改派给该机构。", "to"))
    if to_person_id is not None and to_person_id not in able:
        who = people.get(session, to_person_id).name
        raise Refused(Problem("not_able", f"{who}不是{name}的{post}，或者是申报人本人，不能办理此事项。", "to"))
    if to_person_id is not None and to_person_id == task.person_id:
        raise Refused(Problem("same", "此事项现在就由该人员办理，无须改派。", "to"))


def _applicant(session: Session, task: Task) -> int | None:
    declaration = session.get(Declaration, task.declaration_id) if task.declaration_id is not None else None
    return declaration.person_id if declaration else None
