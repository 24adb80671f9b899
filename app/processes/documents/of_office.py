"""Papers that an accepting body sends: 一次性告知书, 不予受理告知书."""

from typing import Any

from sqlalchemy.orm import Session

from app.clock import local
from app.domain import acceptance, clauses, declarations, dictionaries, organisations, people
from app.domain.deadline_rules import spoken
from app.domain.wording import day_words
from app.models.office import CorrectionNotice, RefusalNotice
from app.processes.documents.paper import Paper

RETURNED = "RETURNED"
_BASIS = "N1 §一(四)；N2 §四(二)3(3)"  # the one-time notice


def correction(session: Session, notice: CorrectionNotice) -> Paper:
    """一次性告知书 with its sealed list."""
    due = acceptance.due_at(session, notice)
    items = [{"target": item.get("target") or "", "text": item["text"]} for item in notice.items]
    more = {"items": items, "due": spoken(due) if due else None, "basis": clauses.in_words(_BASIS)}
    return _paper(session, notice, ("correction", "一次性告知书"), more)


def refusal(session: Session, notice: RefusalNotice) -> Paper:
    """不予受理告知书, or 退回告知书 where the check sent the declaration back for good."""
    returned = declarations.get(session, notice.declaration_id).ended_as == RETURNED
    heading = "退回告知书" if returned else "不予受理告知书"
    more = {
        "heading": heading,
        "outcome": "审核不通过，予以退回" if returned else "不予受理",
        "reason": notice.reason,
        "basis": clauses.in_words(notice.clause),
    }
    return _paper(session, notice, ("refusal", heading), more)


def _paper(
    session: Session, notice: CorrectionNotice | RefusalNotice, what: tuple[str, str], more: dict[str, Any]
) -> Paper:
    kind, heading = what
    declaration = declarations.get(session, notice.declaration_id)
    office = organisations.get(session, notice.organisation_id)
    applicant = people.get(session, declaration.person_id).name
    data = {
        "number": notice.number,
        "to": applicant,
        "title": dictionaries.label("title", declaration.title),
        "declaration": declaration.number or "",
        "contact": f"{office.name}{office.contact_phone or ''}",
        "office": office.name,
        "date": day_words(local(notice.sent_at).date()),
        **more,
    }
    return Paper(kind, f"{applicant}{heading}", data, declaration.notice_version_id, notice.sent_at, notice.number)
