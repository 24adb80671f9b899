"""Registering complaints: each becomes an instance of its own that holds the declaration (D7d)."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import messages
from app.errors import NotFound, Problem, Refused
from app.models.complaint import Complaint
from app.models.declaration import Declaration

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that a reader takes for another


def register(
    session: Session, declaration: Declaration, *, text: str, contact: str | None = None, person_id: int | None = None
) -> Complaint:
    """Keep a complaint and ask for the instance that investigates it. Refused without a text or after the end."""
    if not text.strip():
        raise Refused(Problem("missing", "请写明反映的问题。", "text"))
    if declaration.ended_as is not None:
        raise Refused(Problem("ended", "该申报已经办结。您仍可依法向有关部门反映。"))
    complaint = Complaint(
        declaration_id=declaration.id,
        receipt_code="".join(secrets.choice(LETTERS) for _ in range(10)),
        text=text.strip(),
        contact=contact,
        raised_at=clock.now(session),
    )
    session.add(complaint)
    session.flush()
    messages.post_start(
        session,
        "complaint",
        notice_version_id=declaration.notice_version_id,
        declaration_id=declaration.id,
        subject={"complaint_id": complaint.id, "registered_by": person_id},
        sender_id=declaration.instance_id,
    )
    return complaint


def by_receipt(session: Session, code: str) -> Complaint:
    """For its writer to see what became of it. Raises NotFound."""
    found = session.scalars(select(Complaint).where(Complaint.receipt_code == code.strip().upper())).first()
    if found is None:
        raise NotFound("没有找到该回执码对应的投诉举报，请核对回执码。")
    return found
