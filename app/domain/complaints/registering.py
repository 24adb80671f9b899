"""Taking complaints in: what they are about, who looks into them, and the instance that does (D7d)."""

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import messages, organisations, required, terms
from app.domain.complaints import subjects
from app.domain.complaints.stages import CONFIRMED_ENDS, OTHER, stage_of
from app.errors import NotFound, Problem, Refused
from app.models.complaint import Complaint, ComplaintReporter
from app.models.declaration import Declaration
from app.models.notice import Committee

PROCESS = "complaint"
DECLARATION = "declaration"
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that a reader takes for another
CODE_LENGTH = 10
KINDS = {"declaration": "申报人", "session": "评审会议", "expert": "评审专家", "unit": "单位"}


@dataclass(frozen=True)
class Reported:
    """What somebody writes; he may leave out who he is. `about` names what is no declaration."""

    text: str
    name: str | None = None
    contact: str | None = None
    kind: str = DECLARATION
    about: str = ""


def get(session: Session, complaint_id: int | None) -> Complaint:
    return required.row(session, Complaint, complaint_id, "没有找到该投诉举报。")


def by_receipt(session: Session, code: str) -> Complaint:
    """For its writer to see what became of it. Raises NotFound."""
    found = session.scalars(select(Complaint).where(Complaint.receipt_code == code.strip().upper())).first()
    if found is None:
        raise NotFound("没有找到该回执码对应的投诉举报，请核对回执码。")
    return found


def register(session: Session, declaration: Declaration, said: Reported, *, by: int | None = None) -> Complaint:
    """Keep a complaint about a declaration and ask for the instance that investigates it.

    Refused without a text, and once the declaration has ended otherwise than with a confirmed title.
    """
    _require_text(said)
    if declaration.ended_as == "RESULT_REPLIED":
        raise Refused(Problem("ended", "该申报的评审结果已函复委托单位，请向委托单位反映。"))
    if declaration.ended_as is not None and declaration.ended_as not in CONFIRMED_ENDS:
        raise Refused(Problem("ended", "该申报已经办结。您仍可依法向有关部门反映。"))
    complaint = Complaint(
        kind=DECLARATION,
        declaration_id=declaration.id,
        office_id=terms.convening_organisation(session, declaration).id,
        stage=stage_of(session, declaration),
    )
    return _keep(session, complaint, said, declaration.notice_version_id, by)


def register_other(session: Session, committee: Committee, notice_version_id: int, said: Reported) -> Complaint:
    """One about a session, an expert or a unit, for the office of `committee` to look into.

    Who is meant is looked up without telling: nobody learns from a complaint who sits in a pool (R-190).
    """
    _require_text(said)
    if said.kind not in KINDS or said.kind == DECLARATION:
        raise Refused(Problem("kind", "请选择反映对象。", "kind"))
    about = said.about.strip()
    if said.kind != "session" and not about:
        raise Refused(Problem("missing", f"请填写所反映的{KINDS[said.kind]}名称。", "about"))
    office = organisations.by_key(session, committee.convening_key)
    complaint = Complaint(kind=said.kind, about=about or committee.name, office_id=office.id, stage=OTHER)
    subjects.link(session, complaint, committee)
    return _keep(session, complaint, said, notice_version_id, None)


def _require_text(said: Reported) -> None:
    if not said.text.strip():
        raise Refused(Problem("missing", "请写明反映的问题。", "text"))


def _keep(session: Session, complaint: Complaint, said: Reported, version_id: int, by: int | None) -> Complaint:
    complaint.text, complaint.raised_at = said.text.strip(), clock.now(session)
    complaint.receipt_code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    session.add(complaint)
    session.flush()
    name, contact = (said.name or "").strip() or None, (said.contact or "").strip() or None
    if name or contact:
        session.add(ComplaintReporter(complaint_id=complaint.id, name=name, contact=contact))
    messages.post_start(
        session,
        PROCESS,
        notice_version_id=version_id,
        declaration_id=complaint.declaration_id,
        subject={"complaint_id": complaint.id, "registered_by": by},
        sender_id=None,
    )
    return complaint
