"""The reporter: words in both directions under the receipt code, and his identity, opened only on record."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import notifications, people
from app.domain.complaints import access
from app.domain.notifications import About
from app.domain.permissions import Grants
from app.errors import Problem, Refused
from app.models.complaint import Complaint, ComplaintNote, ComplaintReporter, ReporterReading

LONGEST = 2000  # characters of one note


def notes(session: Session, complaint: Complaint) -> list[ComplaintNote]:
    """The oldest first."""
    wanted = select(ComplaintNote).where(ComplaintNote.complaint_id == complaint.id)
    return list(session.scalars(wanted.order_by(ComplaintNote.id)))


def write(session: Session, complaint: Complaint, text: str, by: int | None = None) -> ComplaintNote:
    """A word of the office (`by`) or of the reporter; the office learns of his by a notification.

    Refused when empty, too long, or after the complaint was closed.
    """
    text = text.strip()
    if not text:
        raise Refused(Problem("missing", "请填写内容。", "note"))
    if len(text) > LONGEST:
        raise Refused(Problem("long", f"内容请不超过{LONGEST}字。", "note"))
    if complaint.closed_at is not None:
        raise Refused(Problem("closed", "该投诉举报已经办结，不能再补充。有新情况的，请重新反映。", "note"))
    note = ComplaintNote(complaint_id=complaint.id, by=by, text=text, at=clock.now(session))
    session.add(note)
    session.flush()
    if by is None:
        holders = people.holders(session, "committee_office", complaint.office_id, note.at)
        receivers = [holder.person_id for holder in holders]
        about = About(instance_id=complaint.instance_id)
        notifications.post(session, receivers, "complaint_note", {"number": complaint.id}, about)
    return note


def is_known(session: Session, complaint: Complaint) -> bool:
    """Whether the reporter left a name or a contact; says neither."""
    return (
        session.scalar(select(ComplaintReporter.complaint_id).where(ComplaintReporter.complaint_id == complaint.id))
        is not None
    )


def read(session: Session, grants: Grants, complaint: Complaint, reason: str) -> ComplaintReporter | None:
    """Who reported, for whoever investigates; who read it and why stays on record. None where he did not say."""
    access.require_investigates(session, grants, complaint)
    if not reason.strip():
        raise Refused(Problem("no_reason", "查看反映人信息须填写原因。", "reason"))
    at = clock.now(session)
    session.add(ReporterReading(complaint_id=complaint.id, person_id=grants.person_id, reason=reason.strip(), at=at))
    session.flush()
    return session.get(ComplaintReporter, complaint.id)


def readings(session: Session, complaint: Complaint) -> list[ReporterReading]:
    """Who opened the reporter's identity, the latest first."""
    wanted = select(ReporterReading).where(ReporterReading.complaint_id == complaint.id)
    return list(session.scalars(wanted.order_by(ReporterReading.id.desc())))
