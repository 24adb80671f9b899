"""送达 and 阅读: when what was sent to an applicant was first shown to him, in which way, and when he opened it.

Deadlines run from the sending, so nothing here moves a date; the register shows it to the office that sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import levels, permissions
from app.domain.permissions import Grants
from app.models.declaration import Declaration
from app.models.office import CompletionRequest, CorrectionNotice, RefusalNotice
from app.models.people import Person

Paper = CorrectionNotice | RefusalNotice | CompletionRequest
KINDS: dict[str, tuple[type[CorrectionNotice] | type[RefusalNotice] | type[CompletionRequest], str]] = {
    "correction": (CorrectionNotice, "一次性告知书"),
    "refusal": (RefusalNotice, "不予受理通知书"),
    "completion": (CompletionRequest, "补充完善通知"),
}
WAYS = {"list": "我的申请书", "notification": "站内通知"}


@dataclass(frozen=True)
class Line:
    """One paper of the register; `way` how it was delivered, `answered_at` where it asks for an answer."""

    kind: str
    paper_id: int
    number: str
    applicant: str
    declaration: str
    sent_at: datetime
    delivered_at: datetime | None
    way: str
    read_at: datetime | None
    answered_at: datetime | None


def any_undelivered(session: Session, person_id: int) -> bool:
    """A look that takes no writer's turn."""
    waiting = [exists().where(table.declaration_id.in_(_own(person_id)), table.delivered_at.is_(None))
               for table, _ in KINDS.values()]  # fmt: skip
    return bool(session.scalar(select(or_(*waiting))))


def deliver(session: Session, person_id: int, way: str) -> None:
    """The person is shown what was sent to him; `way` is a key of WAYS."""
    now = clock.now(session)
    for table, _ in KINDS.values():
        session.execute(
            update(table)
            .where(table.declaration_id.in_(_own(person_id)), table.delivered_at.is_(None))
            .values(delivered_at=now, delivered_by=way)
            .execution_options(synchronize_session=False)
        )


def opened(session: Session, paper: Paper) -> None:
    """The applicant reads the paper; the first time counts, and reading is the latest possible delivery."""
    now = clock.now(session)
    if paper.delivered_at is None:
        paper.delivered_at, paper.delivered_by = now, "list"
    paper.read_at = paper.read_at or now


def asked_by(session: Session, declaration_id: int, form_key: str | None) -> Paper | None:
    """The paper that the applicant's task of this form answers: a correction notice or a completion request."""
    if form_key == "correction":
        wanted = select(CorrectionNotice).where(CorrectionNotice.declaration_id == declaration_id)
        return session.scalar(wanted.order_by(CorrectionNotice.id.desc()).limit(1))
    return levels.last_request(session, declaration_id) if form_key == "unit_completion" else None


def sent_by(session: Session, grants: Grants, organisation_id: int) -> list[Line]:
    """What a body has sent to applicants about declarations that one may see, the latest first."""
    found = [line for kind in KINDS for line in _lines(session, grants, kind, organisation_id)]
    return sorted(found, key=lambda line: line.sent_at, reverse=True)


def _lines(session: Session, grants: Grants, kind: str, organisation_id: int) -> Sequence[Line]:
    table: Any = KINDS[kind][0]
    wanted = (
        select(table, Declaration.number, Person.name)
        .join(Declaration, Declaration.id == table.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .where(table.organisation_id == organisation_id, permissions.visible_declarations(grants))
    )
    return [
        Line(
            kind=kind,
            paper_id=paper.id,
            number=f"第{paper.round}次" if isinstance(paper, CompletionRequest) else paper.number,
            applicant=name,
            declaration=number or "",
            sent_at=paper.sent_at,
            delivered_at=paper.delivered_at,
            way=WAYS.get(paper.delivered_by or "", ""),
            read_at=paper.read_at,
            answered_at=None if isinstance(paper, RefusalNotice) else paper.answered_at,
        )
        for paper, number, name in session.execute(wanted)
    ]


def _own(person_id: int) -> Select[int]:
    return select(Declaration.id).where(Declaration.person_id == person_id)
