"""Whom a complaint means that names no declaration: a committee's session, an expert of its pool, a unit."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain import integrity, review_committees
from app.errors import Problem, Refused
from app.models.complaint import Complaint
from app.models.declaration import Declaration
from app.models.expert import Expert, PoolEntry
from app.models.notice import Committee
from app.models.people import Organisation, Person
from app.models.review import ReviewSession

# kind of complaint → what a proved one is entered as, against whom
ENTRIES = {
    "declaration": ("person", "false_declaration"),
    "session": ("review_committee", "review_discipline"),
    "expert": ("person", "review_discipline"),
    "unit": ("organisation", "unit_negligence"),
}


def link(session: Session, complaint: Complaint, committee: Committee) -> None:
    """Find who or what is meant, where the name means exactly one."""
    if complaint.kind == "session":
        wanted = select(ReviewSession.id).where(ReviewSession.committee_id == committee.id)
        complaint.session_id = session.scalar(wanted.order_by(ReviewSession.id.desc()).limit(1))
    elif complaint.kind == "expert":
        registered = review_committees.of_row(session, committee)
        pool = select(PoolEntry.expert_id).where(PoolEntry.review_committee_id == (registered.id if registered else 0))
        complaint.expert_id = _only(session, _experts(complaint.about).where(Expert.id.in_(pool)))
    else:
        complaint.unit_id = _only(session, select(Organisation.id).where(Organisation.name == complaint.about))


def identify(session: Session, complaint: Complaint, name: str) -> None:
    """The office says who is meant. Refused where the name means nobody, or several."""
    complaint.about = name.strip() or complaint.about
    if complaint.kind == "expert":
        complaint.expert_id = _only(session, _experts(complaint.about))
    elif complaint.kind == "unit":
        complaint.unit_id = _only(session, select(Organisation.id).where(Organisation.name == complaint.about))
    if subject_of(session, complaint) is None:
        words = (
            "本评委会还没有评审会议可供核查。"
            if complaint.kind == "session"
            else "没有找到唯一对应的对象，请填写全称。"
        )
        raise Refused(Problem("unknown", words, "about"))


def subject_of(session: Session, complaint: Complaint) -> tuple[str, int] | None:
    """(kind, id) as the integrity archive knows whom the complaint is about; None while nobody is identified."""
    kind, _ = ENTRIES[complaint.kind]
    found: int | None = complaint.unit_id
    if complaint.declaration_id is not None:
        found = session.get_one(Declaration, complaint.declaration_id).person_id
    elif complaint.kind == "expert":
        found = session.get_one(Expert, complaint.expert_id).person_id if complaint.expert_id else None
    elif complaint.kind == "session":
        found = (
            session.get_one(ReviewSession, complaint.session_id).review_committee_id if complaint.session_id else None
        )
    return None if found is None else (kind, found)


def enter(session: Session, complaint: Complaint, kind: str, text: str, basis: str, by: int | None) -> None:
    """Into the integrity archive, as `kind` or as what a proved complaint of this sort is."""
    subject = subject_of(session, complaint)
    if subject is None:
        raise Refused(Problem("unknown", "还没有确定所反映的对象，不能记入诚信档案。"))
    entered = kind or ENTRIES[complaint.kind][1]
    integrity.enter(session, *subject, entered, text, basis, {"complaint_id": complaint.id}, by)


def _experts(name: str | None) -> Select[int]:
    return select(Expert.id).join(Person, Person.id == Expert.person_id).where(Person.name == name)


def _only(session: Session, wanted: Select[int]) -> int | None:
    found = list(session.scalars(wanted.limit(2)))
    return found[0] if len(found) == 1 else None
