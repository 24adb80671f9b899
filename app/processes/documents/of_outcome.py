"""Letters about what follows a result: 复查, 投诉举报, 撤销职称; each sent once and the same ever after."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local
from app.domain import (
    attachments,
    clauses,
    declarations,
    dictionaries,
    organisations,
    parameters,
    people,
    rechecks,
    revocations,
    terms,
)
from app.domain.certificates import issuing
from app.domain.complaints import handling
from app.domain.results import bodies, confirmations, names
from app.domain.results.names import Name
from app.domain.wording import day_words, moment_words
from app.errors import NotFound
from app.models.certificate import Certificate
from app.models.complaint import Complaint
from app.models.declaration import Declaration
from app.models.office import DecisionRecord
from app.models.process import ProcessInstance
from app.models.recheck import Recheck
from app.processes.documents.of_result import RESULTS
from app.processes.documents.paper import Paper

NOT_ACCEPTED = ("late", "refused")
REVOKED_BASIS = "N1 §七(一)"
DECIDED = "revocation_decide"


def recheck_reply(session: Session, recheck: Recheck) -> Paper:
    """复查答复, or 复查申请不予受理告知书 with its reason. NotFound while it is being worked on."""
    if recheck.ended_at is None:
        raise NotFound("复查正在办理，尚未答复。")
    declaration = declarations.get(session, recheck.declaration_id)
    office = rechecks.body(session, recheck)
    heading = "复查申请不予受理告知书" if recheck.status in NOT_ACCEPTED else "职称评审结果复查答复"
    again = recheck.new_declaration_id
    clause = parameters.lookup(
        session, declaration.notice_version_id, "recheck_deadline", declaration.committee_id
    ).clause
    data = {
        **_letter(session, declaration, heading),
        "by_authority": recheck.asked_by == "authority",
        "entrusted": rechecks.committee_name(session, recheck),
        "authority": revocations.authority(session, declaration).name,
        "filed_on": day_words(local(recheck.filed_at).date()),
        "reason": rechecks.REASONS[recheck.reason],
        "status": recheck.status,
        "outcome": rechecks.STATUSES[recheck.status],
        "reply": recheck.reply or "",
        "new_number": (declarations.get(session, again).number or "") if again else "",
        "contact": f"{office.name}{office.contact_phone or ''}",
        "office": office.name,
        "date": day_words(local(recheck.ended_at).date()),
        "basis": clauses.in_words(clause),
    }
    return Paper("recheck", f"{data['to']}{heading}", data, declaration.notice_version_id, recheck.ended_at)


def recheck_form(session: Session, recheck: Recheck) -> Paper:
    """复查申请书 as registered."""
    declaration = declarations.get(session, recheck.declaration_id)
    item = names.last_item(session, declaration.id)
    applicant = people.get(session, declaration.person_id).name
    files = attachments.named(session, recheck.evidence)
    data = {
        "applicant": applicant,
        "declaration": declaration.number or "",
        "unit": names.units(session, [Name(item, declaration, applicant)])[declaration.id] if item else "",
        "title": dictionaries.label("title", declaration.title),
        "result": RESULTS[item.passed if item else None],
        "committee": terms.committee(session, declaration).name,
        "by_authority": recheck.asked_by == "authority",
        "filed_at": moment_words(recheck.filed_at),
        "reason": rechecks.REASONS[recheck.reason],
        "text": recheck.text,
        "evidence": [file.name for file in files.values()],
        "date": day_words(local(recheck.filed_at).date()),
    }
    return Paper("recheck_form", f"{applicant}复查申请书", data, declaration.notice_version_id, recheck.filed_at)


def complaint_reply(session: Session, complaint: Complaint) -> Paper:
    """投诉举报办理结果告知书 for whoever reported: nothing in it says who that is. NotFound before its close."""
    if complaint.closed_at is None or complaint.office_id is None:
        raise NotFound("投诉举报正在核实，尚未办结。")
    instance = session.get_one(ProcessInstance, complaint.instance_id)
    heading = "投诉举报办理结果告知书"
    data = {
        "heading": heading,
        "number": "",
        "to": "反映人",
        "id": complaint.id,
        "raised_on": day_words(local(complaint.raised_at).date()),
        "subject": handling.subject_words(complaint),
        "finding": complaint.finding or "",
        "outcome": handling.FINDINGS.get(complaint.finding or "", ""),
        "reply": complaint.reply or "",
        "above": bodies.municipal(session).name,
        "office": organisations.get(session, complaint.office_id).name,
        "date": day_words(local(complaint.closed_at).date()),
        "basis": "",
    }
    return Paper("complaint", f"{heading}（第{complaint.id}号）", data, instance.notice_version_id, complaint.closed_at)


def revocation(session: Session, declaration: Declaration) -> Paper:
    """撤销职称决定书. NotFound for a title that was not revoked."""
    decided = _revoking(session, declaration)
    if decided is None or decided.organisation_id is None:
        raise NotFound("没有撤销该职称的决定。")
    heading = "撤销职称决定书"
    confirmed = confirmations.of_declaration(session, declaration.id)
    void = select(Certificate.number).where(
        Certificate.declaration_id == declaration.id, Certificate.status == issuing.VOID
    )
    data = {
        **_letter(session, declaration, heading),
        "number": decided.values.get("document_number") or "",
        "finding": decided.values.get("finding") or "",
        "confirmation": confirmed.number if confirmed and confirmed.number else "",
        "passed_on": day_words(confirmed.passed_on) if confirmed else "",
        "certificates": list(session.scalars(void)),
        "year": local(decided.at).year,
        "office": organisations.get(session, decided.organisation_id).name,
        "date": day_words(local(decided.at).date()),
        "basis": clauses.in_words(REVOKED_BASIS),
    }
    name = f"{data['to']}{heading}"
    return Paper("revocation", name, data, declaration.notice_version_id, decided.at, str(data["number"]))


def _revoking(session: Session, declaration: Declaration) -> DecisionRecord | None:
    """The decision by which the title was revoked."""
    wanted = select(DecisionRecord).where(
        DecisionRecord.declaration_id == declaration.id,
        DecisionRecord.element_id == DECIDED,
        DecisionRecord.decision == "revoke",
    )
    return session.scalars(wanted.order_by(DecisionRecord.id.desc()).limit(1)).first()


def _letter(session: Session, declaration: Declaration, heading: str) -> dict[str, Any]:
    return {
        "heading": heading,
        "number": "",
        "to": people.get(session, declaration.person_id).name,
        "title": dictionaries.label("title", declaration.title),
        "declaration": declaration.number or "",
    }
