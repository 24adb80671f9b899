"""Confirming titles: drafted for the names without an open lead, issued under a number, replied or filed (R-203…R-206).

A name held back when a confirmation is issued is left out of it and stands in a later one.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import document_numbers
from app.domain.offices import Actor, require_text
from app.domain.results import announcing, names
from app.domain.results.names import Name
from app.domain.wording import day_words
from app.errors import ConfigurationError, Problem, Refused
from app.models.review import AgendaItem, Confirmation, ReviewSession

CLAUSE = "N2 §四(三)3；N4 §四(三)；R-203"


def of_declaration(session: Session, declaration_id: int) -> Confirmation | None:
    """The confirmation, filing or reply in which the declaration's result was issued; None before that."""
    wanted = (
        select(Confirmation)
        .join(AgendaItem, AgendaItem.confirmation_id == Confirmation.id)
        .where(AgendaItem.declaration_id == declaration_id, Confirmation.issued_at.is_not(None))
    )
    return session.scalar(wanted.order_by(Confirmation.id.desc()).limit(1))


def draft(session: Session, review: ReviewSession, kind: str, body_id: int) -> Confirmation:
    """代拟: put everybody who is ready into the confirmation that the body will issue, and submit it.

    A draft given back is drawn up anew with whoever is ready by then.
    """
    made = open_draft(session, review.id)
    now = clock.now(session)
    if made is None:
        made = Confirmation(
            session_id=review.id, kind=kind, body_id=body_id, passed_on=passed_on(review), drafted_at=now
        )
        session.add(made)
        session.flush()
    made.body_id, made.submitted_at = body_id, now
    for name in names.own(names.of_session(session, review.id)):
        name.item.confirmation_id = made.id
    return made


def open_draft(session: Session, session_id: int) -> Confirmation | None:
    """The confirmation of the session that has been drafted and not issued."""
    wanted = select(Confirmation).where(
        Confirmation.session_id == session_id, Confirmation.issued_at.is_(None), Confirmation.kind != "reply"
    )
    return session.scalar(wanted.order_by(Confirmation.id.desc()).limit(1))


def drafted(session: Session, review: ReviewSession, made: Confirmation) -> list[Name]:
    """The names of a draft that may be confirmed now: nobody about whom a lead is open."""
    its = [name for name in names.of_session(session, review.id) if name.item.confirmation_id == made.id]
    return [name for name in its if name.open and not name.held]


def issue(session: Session, review: ReviewSession, actor: Actor, values: Mapping[str, Any]) -> Confirmation:
    """确认印发: number, date and document; whoever is held meanwhile is left for the next one.

    Refused for a number in other brackets, a number given before, a date that cannot be, another number of names than
    confirmed.
    """
    made = open_draft(session, review.id)
    if made is None:
        raise ConfigurationError("没有待印发的职称资格确认通知。")
    its = drafted(session, review, made)
    _number(session, made, values)
    _count(its, values)
    _leave_out(session, review, made, its)
    _issue(session, made, actor, values)
    for name in its:
        name.item.outcome = names.CONFIRMED
    session.flush()
    return made


def tell_confirmed(session: Session, review: ReviewSession, made: Confirmation) -> int:
    """`confirmation` to every declaration in the issued document; returns how many."""
    its = [name for name in names.of_session(session, review.id) if name.item.confirmation_id == made.id]
    alive = [name for name in its if name.declaration.ended_as is None]
    payload = {"confirmed": True, "confirmation_id": made.id}
    announcing.notify(session, review, "confirmed", alive, {"number": made.number})
    return announcing.tell(session, review, "confirmation", alive, {each.declaration.id: payload for each in alive})


def reply(session: Session, review: ReviewSession, actor: Actor, body_id: int, values: Mapping[str, Any]) -> int:
    """函复委托单位: results of entrusted names, passed or not, under a number of their own (R-205); gives the count."""
    its = names.entrusted(names.of_session(session, review.id))
    made = Confirmation(
        session_id=review.id,
        kind="reply",
        body_id=body_id,
        passed_on=passed_on(review),
        drafted_at=clock.now(session),
        submitted_at=clock.now(session),
    )
    _number(session, made, values)
    _count(its, values)
    session.add(made)
    _issue(session, made, actor, values)
    session.flush()
    for name in its:
        name.item.outcome, name.item.confirmation_id = names.REPLIED, made.id
    session.flush()
    alive = [name for name in its if name.declaration.ended_as is None]
    payload = {"confirmed": True, "confirmation_id": made.id}
    announcing.tell(session, review, "confirmation", alive, {each.declaration.id: payload for each in alive})
    return len(its)


def hand_in(session: Session, review: ReviewSession, values: Mapping[str, Any]) -> None:
    """报送备案: the confirmation document and the record of certificate numbers, both required (R-206)."""
    made = last_issued(session, review.id)
    problems = [
        Problem("missing", f"报送备案须上传{words}。", key, "N1 §三(一)；N4 §四(三)；R-206")
        for key, words in (("notice", "职称资格确认文件"), ("number_record", "证书办理编号记录"))
        if not values.get(key)
    ]
    if problems:
        raise Refused(*problems)
    made.documents = {"notice": list(values["notice"]), "number_record": list(values["number_record"])}


def file(session: Session, review: ReviewSession, actor: Actor) -> Confirmation:
    """备案: the approving body has taken the self-review unit's own confirmation on file."""
    made = last_issued(session, review.id)
    made.filed_at, made.filed_by = clock.now(session), actor.person_id
    return made


def has_issued(session: Session, session_id: int) -> bool:
    """Whether a first confirmation or reply of the session is out: what follows concerns names that were held."""
    wanted = select(Confirmation.id).where(Confirmation.session_id == session_id, Confirmation.issued_at.is_not(None))
    return session.scalar(wanted.limit(1)) is not None


def last_issued(session: Session, session_id: int) -> Confirmation:
    """The confirmation issued last for the session, replies aside. ConfigurationError where there is none."""
    wanted = select(Confirmation).where(
        Confirmation.session_id == session_id, Confirmation.issued_at.is_not(None), Confirmation.kind != "reply"
    )
    found = session.scalar(wanted.order_by(Confirmation.issued_at.desc(), Confirmation.id.desc()).limit(1))
    if found is None:
        raise ConfigurationError("职称资格确认通知尚未印发。")
    return found


def uploads(session: Session, session_id: int) -> list[int]:
    """Ids of the uploads that the session's confirmations name."""
    rows = session.scalars(select(Confirmation.documents).where(Confirmation.session_id == session_id))
    return [upload for documents in rows for files in documents.values() for upload in files]


def passed_on(review: ReviewSession) -> date:
    """取得时间: the day the committee passed them."""
    if review.ended_at is None:
        raise ConfigurationError("评审会议尚未结束，不能拟制职称资格确认通知。")
    return clock.local(review.ended_at).date()


def _number(session: Session, made: Confirmation, values: Mapping[str, Any]) -> None:
    number = require_text(values, "number", "请填写文号。")
    if not document_numbers.is_official(number):
        raise Refused(Problem("number", document_numbers.BRACKETS, "number", "N4 附件9；R-213"))
    taken = select(Confirmation.id).where(Confirmation.number == number, Confirmation.id != (made.id or 0))
    if session.scalar(taken) is not None:
        raise Refused(Problem("number_taken", f"文号“{number}”已用于另一份文件，请核对。", "number"))


def _issue(session: Session, made: Confirmation, actor: Actor, values: Mapping[str, Any]) -> None:
    now = clock.now(session)
    dated = values["dated"] if isinstance(values["dated"], date) else date.fromisoformat(str(values["dated"]))
    if not made.passed_on <= dated <= clock.local(now).date():
        message = f"印发日期应在评审通过之日（{day_words(made.passed_on)}）至今日之间，请核对。"
        raise Refused(Problem("dated", message, "dated", CLAUSE))
    made.number, made.dated = str(values["number"]).strip(), dated
    made.issued_at, made.issued_by = now, actor.person_id
    if values.get("document"):
        made.documents = {"notice": list(values["document"])}


def _count(its: Sequence[Name], values: Mapping[str, Any]) -> None:
    confirmed = values.get("confirmed_count")
    if confirmed is not None and confirmed != len(its):
        message = f"现可办理{len(its)}人，您确认的为{confirmed}人，请核对名单后再办。"
        raise Refused(Problem("count", message, "confirmed_count"))
    if not its:
        raise Refused(Problem("nobody", "名单上已没有可以办理的人员。"))


def _leave_out(session: Session, review: ReviewSession, made: Confirmation, its: Sequence[Name]) -> None:
    staying = {name.item.id for name in its}
    for name in names.of_session(session, review.id):
        if name.item.confirmation_id == made.id and name.item.id not in staying:
            name.item.confirmation_id = None
