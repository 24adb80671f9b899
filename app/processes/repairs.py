"""What a manager does about incidents: let the work try again, or note that the matter is settled."""

from typing import Any

from sqlalchemy import func, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import history
from app.domain.permissions import Grants
from app.errors import NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.people import Organisation, Person
from app.models.process import Incident, Message, ProcessInstance
from app.models.recommendation import UnitBatch
from app.processes import interventions, monitor, timers

KINDS = {"script": "脚本出错", "decision": "决策表没有匹配的规则", "nobody": "无人可办", "move": "移动出错"}
PAGE = 50


def listing(session: Session, grants: Grants, status: str = "open", page: int = 1) -> tuple[list[dict[str, Any]], int]:
    """One page of incidents, newest first: {incident, instance, about, tried_by}, and how many there are in all."""
    about, tried = monitor.incident_instance(), aliased(Person)
    columns: monitor.Rows = select(Incident, ProcessInstance, Person.name, Organisation.name, tried.name)
    joined = (
        monitor.with_instance(columns)
        .outerjoin(ProcessInstance, ProcessInstance.id == about)
        .outerjoin(Declaration, Declaration.id == ProcessInstance.declaration_id)
        .outerjoin(Person, Person.id == Declaration.person_id)
        .outerjoin(UnitBatch, UnitBatch.instance_id == ProcessInstance.id)
        .outerjoin(Organisation, Organisation.id == UnitBatch.organisation_id)
        .outerjoin(tried, tried.id == Incident.person_id)
        .where(monitor.visible(grants))
    )
    if status:
        joined = joined.where(Incident.status == status)
    total = session.scalar(joined.with_only_columns(func.count(Incident.id))) or 0
    chosen = session.execute(joined.order_by(Incident.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    return [
        {"incident": incident, "instance": instance, "about": applicant or unit or "", "tried_by": tried_by or ""}
        for incident, instance, applicant, unit, tried_by in chosen
    ], total


def retry(session: Session, instance_id: int, *, reason: str, person_id: int) -> None:
    """Let timers that gave up and messages that failed try again at once; what fails anew is a new incident.

    Raises what `interventions.begin` raises.
    """
    instance = interventions.begin(session, instance_id, reason)
    timers.revive(session, instance_id)
    session.execute(
        update(Message)
        .where(Message.status == "pending", or_(Message.receiver_id == instance_id, Message.sender_id == instance_id))
        .values(lease_until=None, attempts=0)
        .execution_options(synchronize_session=False)
    )
    for incident in _open(session, instance_id):
        if incident.deadline_id is not None or incident.message_id is not None:
            _solve(session, incident)
    interventions.note(session, instance, "retried", person_id, {"reason": reason.strip()})


def settle(session: Session, incident_id: int, *, reason: str, person_id: int) -> Incident:
    """Note that an incident was dealt with outside (a holder was named, the diagram was mended); a reason is needed."""
    found = session.get(Incident, incident_id)
    if found is None:
        raise NotFound("没有找到该异常。")
    if not reason.strip():
        raise Refused(Problem("missing", "请填写处理情况。", "reason"))
    if found.status == "open":
        _solve(session, found)
        facts = {"incident": found.id, "reason": reason.strip()}
        _note(session, instance_of(session, found), "incident_settled", person_id, facts)
    return found


def drop_all(session: Session, instance_id: int) -> None:
    """The instance is given up: nothing of it is to be repaired any more."""
    for incident in _open(session, instance_id):
        _solve(session, incident)


def of_instance(session: Session, instance_id: int) -> list[Incident]:
    """Every incident of an instance, newest first."""
    wanted = monitor.with_instance(select(Incident)).where(monitor.incident_instance() == instance_id)
    return list(session.scalars(wanted.order_by(Incident.id.desc())))


def instance_of(session: Session, incident: Incident) -> int | None:
    """The instance it happened in; None where that is unknown."""
    wanted = monitor.with_instance(select(monitor.incident_instance())).where(Incident.id == incident.id)
    return session.scalar(wanted)


def _open(session: Session, instance_id: int) -> list[Incident]:
    return [each for each in of_instance(session, instance_id) if each.status == "open"]


def _solve(session: Session, incident: Incident) -> None:
    incident.status, incident.solved_at, incident.attempt = "solved", clock.now(session), null()


def _note(session: Session, instance_id: int | None, kind: str, person_id: int, payload: dict[str, Any]) -> None:
    instance = session.get(ProcessInstance, instance_id) if instance_id is not None else None
    about = {"declaration_id": instance.declaration_id if instance else None, "person_id": person_id}
    history.append(session, kind, instance_id=instance_id, payload=payload, **about)
