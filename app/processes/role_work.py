"""What each role does: the steps that the newest version of every notice's diagrams gives it."""

from collections import defaultdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import people
from app.models.notice import NoticeVersion
from app.processes import bundles

CALL = "callActivity"


def steps(session: Session) -> dict[str, list[str]]:
    """Role → names of steps, as diagrams call them; a called process is done by whom its calling step names."""
    newest = select(func.max(NoticeVersion.id)).group_by(NoticeVersion.notice_id)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for version in session.scalars(newest.order_by(func.max(NoticeVersion.id).desc())):
        for element in bundles.of_version(session, version).definitions.elements.values():
            role = element.properties.get("role", "")
            if role in people.ROLES and element.name:
                found[role][element.name] = None
    return {role: sorted(names) for role, names in found.items()}
