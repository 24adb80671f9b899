"""Showing a sealed number in clear: only to whoever needs it for an open task, and always on record (D29)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import people
from app.domain.permissions import Grants, actionable_tasks
from app.errors import NotAllowed, Problem, Refused
from app.models.declaration import Declaration
from app.models.people import RevealLog
from app.models.process import Task

SEALED_FIELDS = {"identity_number": "身份证号", "mobile": "手机号码"}


def reveal(session: Session, grants: Grants, subject_id: int, field: str, reason: str) -> str:
    """The sealed `identity_number` or `mobile` of a person in clear; who saw it and why is logged.

    NotAllowed unless it is one's own or an open task of the person's declaration is one's to do.
    """
    record_reveal(session, grants, subject_id, field, reason)
    return getattr(people.get(session, subject_id), field) or ""


def record_reveal(session: Session, grants: Grants, subject_id: int, field: str, reason: str) -> None:
    """Check and log one reveal without reading the value; for sealed fields that other records hold."""
    if field not in SEALED_FIELDS:
        raise Refused(Problem("field", f"没有“{field}”这一加密项。", "field"))
    if not reason.strip():
        raise Refused(Problem("no_reason", f"查看{SEALED_FIELDS[field]}须填写原因。", "reason"))
    cases = select(Declaration.id).where(Declaration.person_id == subject_id)
    needed = select(Task.id).where(Task.declaration_id.in_(cases), actionable_tasks(grants)).limit(1)
    if subject_id != grants.person_id and session.scalar(needed) is None:
        raise NotAllowed(f"您当前没有需要查看该人员{SEALED_FIELDS[field]}的待办事项。")
    at = clock.now(session)
    session.add(RevealLog(person_id=grants.person_id, subject_id=subject_id, field=field, reason=reason.strip(), at=at))
    session.flush()
