"""Which processes one may oversee, and what is said of any of them: its state, its incidents, what it waits for."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain import permissions
from app.domain.permissions import Grants
from app.models.operators import among
from app.models.process import Incident, Message, ProcessInstance, Task
from app.processes import bundles

Rows = Select[*tuple[Any, ...]]
STATES = {"running": "办理中", "ended": "已办结", "suspended": "已暂停"}
TERMINATED = "已终止"
OVERSEERS = ("manager", "system_admin", "committee_office")


def state_words(instance: ProcessInstance) -> str:
    """办理中, 已暂停, 已办结, or 已终止 where somebody ended it by hand."""
    return TERMINATED if instance.ended_by is not None else STATES.get(instance.status, instance.status)


def visible(grants: Grants) -> ColumnElement[bool]:
    """Instances the person may oversee: a manager all of them, an office those of the declarations it may look at.

    Nobody oversees who was asked to review.
    """
    if grants.sees_all:
        return ProcessInstance.process_key.not_in(permissions.CONFIDENTIAL)
    return among(ProcessInstance.declaration_id, permissions.seen_declarations(grants).scalar_subquery())


def openable(session: Session, grants: Grants, instance_ids: Iterable[int]) -> set[int]:
    """Those of the instances whose pages the person may open: a list links to no other."""
    return set(session.scalars(select(ProcessInstance.id).where(ProcessInstance.id.in_(instance_ids), visible(grants))))


def incident_counts(session: Session, instance_ids: Iterable[int]) -> dict[int, int]:
    """Instance id → open incidents, also those known only by their task or message."""
    about = incident_instance()
    wanted = with_instance(select(about, func.count(Incident.id))).where(Incident.status == "open")
    return dict(session.execute(wanted.where(about.in_(list(instance_ids))).group_by(about)).all())


def incident_instance() -> ColumnElement[Any]:
    """The instance an incident belongs to, for a statement made by `with_instance`."""
    return func.coalesce(Incident.instance_id, Task.instance_id, Message.receiver_id, Message.sender_id)


def with_instance(statement: Rows) -> Rows:
    return (
        statement.select_from(Incident)
        .outerjoin(Task, Task.id == Incident.task_id)
        .outerjoin(Message, Message.id == Incident.message_id)
    )


def waiting_words(session: Session, notice_version_id: int, waits: Mapping[str, Any]) -> str:
    """What an instance without open tasks waits for, in the words of its diagram."""
    elements = bundles.of_version(session, notice_version_id).definitions.elements
    found = [elements[key].name for _, key in waits.get("active") or [] if key in elements]
    leaves = [
        elements[key].name
        for _, key in waits.get("active") or []
        if key in elements and elements[key].kind != "callActivity" and elements[key].name
    ]
    return "、".join(dict.fromkeys(leaves or found))
