"""Objections to a name of a unit publicity: raised by anybody, held under a receipt code, one instance each (D7d)."""

import secrets
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import batches, declarations, messages, publicity, required
from app.domain.offices import Actor
from app.errors import ConfigurationError, NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.recommendation import BatchEntry, Objection, Publicity

PROCESS = "objection"
FINDINGS = {"founded": "查证属实", "unfounded": "查无实据"}
_CODE_LENGTH = 10


@dataclass(frozen=True)
class Raised:
    """What somebody writes; `contact` may stay empty, `evidence` are attachment ids."""

    declaration_id: int
    text: str
    contact: str | None = None
    evidence: tuple[int, ...] = ()


def get(session: Session, objection_id: int | None) -> Objection:
    return required.row(session, Objection, objection_id, "没有找到该异议。")


def by_receipt(session: Session, code: str) -> Objection:
    """The objection of a receipt code, for its writer to see what became of it."""
    found = session.scalar(select(Objection).where(Objection.receipt_code == code.strip().upper()))
    if found is None:
        raise NotFound("没有找到该回执码对应的异议，请核对回执码。")
    return found


def raise_objection(session: Session, shown: Publicity, raised: Raised) -> Objection:
    """Register an objection and start its instance; Refused once the publicity is over and for an empty text."""
    if shown.superseded_at is not None:
        raise Refused(Problem("superseded", "公示内容正在更正，将重新公示。请在重新公示后反映。"))
    if shown.closed_at is not None or clock.now(session) >= publicity.period(session, shown).ends_at:
        raise Refused(Problem("publicity_over", "本次公示已经结束，不再受理公示异议。您仍可依法投诉举报。"))
    if not raised.text.strip():
        raise Refused(Problem("missing", "请写明反映的问题。", "text"))
    declaration = declarations.get(session, raised.declaration_id)
    entry = _entry(session, shown.batch_id, declaration)
    if entry is None:
        raise Refused(Problem("not_in_publicity", "该人员不在本次公示名单中。", "declaration_id"))
    objection = Objection(
        publicity_id=shown.id,
        declaration_id=declaration.id,
        receipt_code="".join(secrets.choice(publicity.CODE_LETTERS) for _ in range(_CODE_LENGTH)),
        text=raised.text.strip(),
        contact=(raised.contact or "").strip() or None,
        evidence=list(raised.evidence),
        raised_at=clock.now(session),
    )
    session.add(objection)
    session.flush()
    messages.post_start(
        session,
        PROCESS,
        notice_version_id=declaration.notice_version_id,
        declaration_id=declaration.id,
        subject={"objection_id": objection.id, "batch_id": shown.batch_id},
    )
    return objection


def hold_name(session: Session, objection: Objection) -> None:
    """Keep this one name back; the batch and every other name go on (D7d, R-126)."""
    entry = _entry_of(session, objection)
    entry.held = True
    declaration = declarations.get(session, objection.declaration_id)
    declarations.hold(session, declaration, _reason(objection), shown="OBJECTION")


def release_name(session: Session, objection: Objection, actor: Actor, explanation: str | None) -> None:
    """Unfounded: the name may go up unless another objection to it is open."""
    _close(session, objection, "unfounded", actor, explanation)
    entry = _entry_of(session, objection)
    others = (
        select(func.count())
        .select_from(Objection)
        .join(Publicity, Publicity.id == Objection.publicity_id)
        .where(
            Objection.declaration_id == objection.declaration_id,
            Publicity.batch_id == entry.batch_id,  # an objection to an earlier round stays with the name
            Objection.status == "open",
        )
    )
    entry.held = bool(session.scalar(others))
    declarations.release(session, declarations.get(session, objection.declaration_id), _reason(objection))
    session.flush()


def strike_name(session: Session, objection: Objection, actor: Actor, explanation: str | None) -> None:
    """Founded: the name leaves the batch and its declaration is told (it ends NOT_RECOMMENDED_OBJECTION)."""
    _close(session, objection, "founded", actor, explanation)
    _entry_of(session, objection).left_at = clock.now(session)
    declaration = declarations.get(session, objection.declaration_id)
    if declaration.ended_as is None:
        payload = {"objection_id": objection.id}
        declarations.tell(session, declaration, "objection_founded", payload, sender_id=objection.instance_id)
    session.flush()


def is_held(session: Session, objection: Objection) -> bool:
    """Whether the name is still kept back, by this objection or another."""
    return _entry_of(session, objection).held


def tell_batch(session: Session, objection: Objection, name: str) -> None:
    """A message to the batch whose publicity was objected to."""
    shown = session.get(Publicity, objection.publicity_id)
    assert shown is not None
    payload = {"objection_id": objection.id, "declaration_id": objection.declaration_id}
    batches.tell(session, batches.get(session, shown.batch_id), name, payload, objection.instance_id)


def _close(session: Session, objection: Objection, finding: str, actor: Actor, explanation: str | None) -> None:
    if objection.status != "open":
        raise ConfigurationError(f"异议 {objection.receipt_code} 已经办结，不能再次办结。")
    objection.status, objection.finding, objection.explanation = "closed", finding, explanation
    objection.closed_at, objection.closed_by = clock.now(session), actor.person_id
    session.flush()


def _entry(session: Session, batch_id: int, declaration: Declaration) -> BatchEntry | None:
    wanted = select(BatchEntry).where(BatchEntry.batch_id == batch_id, BatchEntry.declaration_id == declaration.id)
    return session.scalar(wanted.where(BatchEntry.left_at.is_(None), BatchEntry.recommended.is_(True)))


def _entry_of(session: Session, objection: Objection) -> BatchEntry:
    wanted = (
        select(BatchEntry)
        .join(Publicity, Publicity.batch_id == BatchEntry.batch_id)
        .where(Publicity.id == objection.publicity_id, BatchEntry.declaration_id == objection.declaration_id)
    )
    return session.scalars(wanted).one()


def _reason(objection: Objection) -> str:
    return f"objection:{objection.id}"
