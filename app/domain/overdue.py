"""A declaration that the offices did not finish in time: 逾期未审 until its convening organisation decides (R-115)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import declarations, messages
from app.domain.offices import Actor, require_text
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.office import RouteExtension

PROCESS = "overdue"
HOLD = "overdue"


def start(session: Session, declaration: Declaration) -> None:
    """Ask for the instance in which the convening organisation decides."""
    messages.post_start(
        session,
        PROCESS,
        notice_version_id=declaration.notice_version_id,
        declaration_id=declaration.id,
        sender_id=declaration.instance_id,
    )


def still_climbing(declaration: Declaration) -> bool:
    """Submitted, not accepted, not ended: the levels are still at it."""
    return declaration.submitted_at is not None and declaration.accepted_at is None and declaration.ended_as is None


def extend(session: Session, declaration: Declaration, actor: Actor, values: Mapping[str, Any]) -> date:
    """延期受理 until the day `extended_until`, with `reason` and `approver`; the declaration goes on where it stood.

    Returns that last day. Refused without a reason or for a day that is over.
    """
    reason = require_text(values, "reason", "请填写延期受理的理由。")
    until = str(values.get("extended_until") or "")[:10]
    if not until or date.fromisoformat(until) < clock.local(clock.now(session)).date():
        raise Refused(Problem("extended_until", "请填写今天以后的延期截止日期。", "extended_until"))
    extension = RouteExtension(
        declaration_id=declaration.id,
        until=date.fromisoformat(until),
        reason=reason,
        approver=values.get("approver") or None,
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        at=clock.now(session),
    )
    session.add(extension)
    declarations.release(session, declaration, HOLD)
    session.flush()
    return extension.until
