"""Instances: starting one, opening a declaration with its own, taking it back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.domain import declarations, messages
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.process import ProcessInstance
from app.processes import work

CONFIRMED = ("ARCHIVING",)  # nothing is left to take back


def start(
    session: Session,
    process_key: str,
    *,
    notice_version_id: int,
    declaration_id: int | None = None,
    subject: Mapping[str, Any] | None = None,
    person_id: int | None = None,
) -> ProcessInstance:
    """Start a process and run it to its first waits. Raises DiagramFault, Refused."""
    begun = work.start(
        session,
        process_key,
        notice_version_id=notice_version_id,
        declaration_id=declaration_id,
        subject=subject,
        person_id=person_id,
    )
    work.save(begun)
    return begun.instance


def declare(
    session: Session, person_id: int, committee_id: int, notice_version_id: int, data: Mapping[str, Any]
) -> Declaration:
    """Open a draft declaration with its own instance; the applicant finds it under 我的申请书."""
    declaration = declarations.start_declaration(session, person_id, committee_id, notice_version_id, data)
    start(
        session,
        "declaration",
        notice_version_id=notice_version_id,
        declaration_id=declaration.id,
        person_id=person_id,
    )
    return declaration


def withdraw(session: Session, declaration: Declaration, person_id: int) -> None:
    """The applicant takes his declaration back, wherever it stands (本人撤回). Refused once the title is confirmed."""
    assert declaration.instance_id is not None
    if declaration.status in CONFIRMED:
        raise Refused(Problem("confirmed", "您的职称资格已确认，不能再撤回申报。"))
    messages.post(session, "withdrawn", receiver_id=declaration.instance_id, payload={"by": person_id})
