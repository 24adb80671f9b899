"""复查: asking for it within its months, what the office answers, and the declaration that is reviewed anew (§4.5)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import committees, declarations, messages, organisations, required, terms
from app.domain.calendar import calendar_of
from app.domain.deadline_rules import due
from app.domain.results import leads, publicities
from app.domain.wording import day_words
from app.errors import ConfigurationError, Problem, Refused
from app.models.declaration import Declaration
from app.models.notice import Committee
from app.models.office import DecisionRecord
from app.models.people import Organisation
from app.models.process import ProcessInstance, Task
from app.models.recheck import Recheck
from app.models.review import AgendaItem, Confirmation

PROCESS, REREVIEW = "recheck", "rereview"
REASONS = {"procedure": "评审程序不符合规定", "misread": "误读或者遗漏业绩成果", "other": "其他"}
STATUSES = {
    "open": "复查中",
    "late": "超出时间，不予受理",
    "refused": "不予受理",
    "kept": "维持原评审结果",
    "upheld": "复查成立，重新评审",
}
LATE = "复查申请应在{day}前提出，现已超过期限，不予受理。您仍可依法反映问题。"
OTHER = "N1 §八；R-224"
CLAUSE = "N1 §四；N2 §四(三)6；N4 §四(六)"
VOTED_ENDS = ("NOT_PASSED", "NOT_CONFIRMED", "CONFIRMED", "FILED", "RESULT_REPLIED")


@dataclass(frozen=True)
class Asked:
    """What the applicant writes, or the authority, which may entrust another committee; `evidence` are uploads."""

    reason: str
    text: str
    evidence: Sequence[int] = ()
    by_authority: bool = False
    committee_id: int | None = None


def get(session: Session, recheck_id: int | None) -> Recheck:
    return required.row(session, Recheck, recheck_id, "没有找到该复查申请。")


def open_to(session: Session, person_id: int) -> list[Declaration]:
    """The person's declarations on whose result a session has voted and that may be rechecked."""
    voted = select(AgendaItem.declaration_id).where(AgendaItem.status == "voted")
    wanted = select(Declaration).where(Declaration.person_id == person_id, Declaration.id.in_(voted))
    found = session.scalars(wanted.where(Declaration.ended_as.in_(VOTED_ENDS)).order_by(Declaration.id.desc()))
    return list(found)


def of_person(session: Session, person_id: int) -> list[Recheck]:
    """What was asked about the person's declarations, the latest first."""
    own = select(Declaration.id).where(Declaration.person_id == person_id)
    return list(session.scalars(select(Recheck).where(Recheck.declaration_id.in_(own)).order_by(Recheck.id.desc())))


def of_declaration(session: Session, declaration_id: int) -> list[Recheck]:
    """What was asked about one declaration, the first first."""
    wanted = select(Recheck).where(Recheck.declaration_id == declaration_id)
    return list(session.scalars(wanted.order_by(Recheck.id)))


def due_at(session: Session, declaration: Declaration) -> datetime | None:
    """The first instant that is too late (R-221); None while the clock has not begun."""
    begins = _basis(session, declaration)
    if begins is None:
        return None
    return due(terms.deadline_rule(session, declaration, "recheck_deadline"), begins, calendar_of(session)).due_at


def file(session: Session, declaration: Declaration, asked: Asked, by: int) -> Recheck:
    """Register the request and start its instance, which itself refuses what is late (R-221).

    Refused without a reason and a text, before there is a result, while another recheck of it is open, and for a
    committee that does not receive the title.
    """
    problems = []
    if asked.reason not in terms.parameter(session, declaration, "recheck_scope"):
        problems.append(Problem("reason", "请选择复查事由。", "reason", CLAUSE))
    if not asked.text.strip():
        problems.append(Problem("missing", "请写明申请复查的理由。", "text", CLAUSE))
    if declaration.ended_as not in VOTED_ENDS or leads.review_of(session, declaration.id) is None:
        problems.append(Problem("no_result", "该申报尚无可以复查的评审结果。", "declaration"))
    if asked.committee_id is not None and asked.committee_id not in entrustable(session, declaration):
        message = "另行委托的评委会须受理该系列和级别，且不是原评委会。"
        problems.append(Problem("committee", message, "committee", OTHER))
    pending = select(Recheck.id).where(Recheck.declaration_id == declaration.id, Recheck.status.in_(("open", "upheld")))
    if session.scalar(pending.limit(1)) is not None:
        problems.append(Problem("pending", "该评审结果已在复查或重新评审，不能重复申请。", "declaration"))
    if problems:
        raise Refused(*problems)
    recheck = Recheck(
        declaration_id=declaration.id,
        committee_id=asked.committee_id,
        asked_by="authority" if asked.by_authority else "applicant",
        reason=asked.reason,
        text=asked.text.strip(),
        evidence=list(asked.evidence),
        due_at=None if asked.by_authority else due_at(session, declaration),
        filed_at=clock.now(session),
        filed_by=by,
    )
    session.add(recheck)
    session.flush()
    version = declaration.notice_version_id
    subject = {"recheck_id": recheck.id}
    messages.post_start(session, PROCESS, notice_version_id=version, declaration_id=declaration.id, subject=subject)
    return recheck


def entrustable(session: Session, declaration: Declaration) -> dict[int, str]:
    """Committee id → name of those that the authority may have look at the result instead of its own (R-224)."""
    own, version = terms.committee(session, declaration), declaration.notice_version_id
    found = committees.for_title(session, version, series=declaration.series or "", level=declaration.level or "")
    return {row.id: row.name for row in found if row.id != own.id}


def body(session: Session, recheck: Recheck) -> Organisation:
    """Who looks into it and answers: the convening body of the named committee, else of the declaration's own."""
    declaration = declarations.get(session, recheck.declaration_id)
    if recheck.committee_id is None:
        return terms.convening_organisation(session, declaration)
    named = committees.at_version(session, declaration.notice_version_id, recheck.committee_id)
    return organisations.by_key(session, named.convening_key)


def committee_name(session: Session, recheck: Recheck) -> str:
    """The other committee that the authority named; empty where it named none."""
    named = None if recheck.committee_id is None else session.get(Committee, recheck.committee_id)
    return "" if named is None else named.name


def is_late(recheck: Recheck) -> bool:
    return recheck.due_at is not None and recheck.filed_at >= recheck.due_at


def late_words(recheck: Recheck) -> str:
    """复查逾期, in the printed words."""
    assert recheck.due_at is not None
    return LATE.format(day=day_words(clock.local(recheck.due_at - timedelta(microseconds=1)).date()))


def end(session: Session, recheck: Recheck, status: str, reply: str | None) -> None:
    """Its outcome and the written reply. ConfigurationError for a status that is none."""
    if status not in STATUSES or status == "open":
        raise ConfigurationError(f"复查没有“{status}”这一结果。")
    recheck.status, recheck.reply, recheck.ended_at = status, reply, clock.now(session)


def reopen(session: Session, recheck: Recheck) -> Declaration:
    """重新评审: a linked declaration with the same data, accepted and paid before, waits for a new session.

    Of its own committee, or of the one that the authority named.
    """
    first = declarations.get(session, recheck.declaration_id)
    again = Declaration(
        person_id=first.person_id,
        parent_id=first.id,
        notice_key=first.notice_key,
        notice_version_id=first.notice_version_id,
        year=first.year,
        committee_id=recheck.committee_id or first.committee_id,
        created_at=clock.now(session),
        submitted_at=first.submitted_at,
        accepted_at=first.accepted_at,
        verification=first.verification,
        route=first.route,
        number=f"{first.number}-复{recheck.id}" if first.number else None,
        status="REOPENED",
    )
    declarations.write_record(again, declarations.record_of(first))
    session.add(again)
    session.flush()
    recheck.new_declaration_id = again.id
    messages.post_start(
        session, REREVIEW, notice_version_id=first.notice_version_id, declaration_id=again.id,
        subject={"first_id": first.id},
    )  # fmt: skip
    return again


def _basis(session: Session, declaration: Declaration) -> datetime | None:
    """When the result was announced (first day of its publicity) or confirmed, as the notice counts (§8-1)."""
    review = leads.review_of(session, declaration.id)
    if review is None:
        return None
    if terms.parameter(session, declaration, "recheck_basis") == "announcement":
        shown = publicities.last(session, review.id)
        return shown.starts_at if shown is not None else review.ended_at
    issued = select(Confirmation.issued_at).where(
        Confirmation.session_id == review.id, Confirmation.issued_at.is_not(None)
    )
    return session.scalar(issued.order_by(Confirmation.issued_at.desc()).limit(1))


def load(session: Session, _task: Task, instance: ProcessInstance, wanted: Collection[str]) -> dict[str, Any]:
    """What the office's forms show: what was asked for, and for the reply what it found."""
    recheck = get(session, instance.subject["recheck_id"])
    found: dict[str, Any] = {
        "reason_words": REASONS[recheck.reason],
        "asked": recheck.text,
        "asked_evidence": recheck.evidence or None,
    }
    if "outcome" in wanted:
        said = select(DecisionRecord.values).where(
            DecisionRecord.instance_id == instance.id, DecisionRecord.element_id == "recheck_verify"
        )
        values = session.scalar(said.order_by(DecisionRecord.id.desc()).limit(1)) or {}
        found["outcome"] = STATUSES["upheld" if values.get("decision") == "uphold" else "kept"]
        found["finding"] = values.get("finding")
    return {key: value for key, value in found.items() if key in wanted}
