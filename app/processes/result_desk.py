"""评审结果 as its offices see it: the report, the publicity, who is held, what has been confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import dictionaries, organisations, statuses
from app.domain.permissions import Grants
from app.domain.publicity_days import Period
from app.domain.results import names, publicities
from app.domain.results.access import require_result, visible_results
from app.domain.results.names import Name
from app.models.review import AgendaItem, Confirmation, ResultPublicity, ReviewSession

PAGE = 50
KINDS = {"confirmation": "职称资格确认通知", "filing": "自主评审确认文件", "reply": "评审结果函复"}
STATES = {"passed": "通过", "failed": "未通过", "held": "问题线索核实中", "confirmed": "已确认（函复）"}


@dataclass(frozen=True)
class Row:
    """One name: how the committee has voted and where it stands since."""

    declaration_id: int
    applicant: str
    unit: str
    title: str
    passed: bool
    standing: str
    number: str


@dataclass(frozen=True)
class Document:
    """A confirmation, a filing or a reply; `count` names stand in it."""

    made: Confirmation
    kind: str
    body: str
    count: int


@dataclass(frozen=True)
class Desk:
    """`counts` by the keys of STATES; `rows` are one page of the chosen state."""

    review: ReviewSession
    reported_at: datetime | None
    reported_to: str
    shown: ResultPublicity | None
    period: Period | None
    mirrored_by: str
    documents: tuple[Document, ...]
    counts: dict[str, int]
    rows: tuple[Row, ...]
    page: int
    pages: int


def listed(session: Session, grants: Grants, page: int) -> tuple[list[ReviewSession], int, int]:
    """Sessions that have voted, of the bodies one acts for, the newest first; with the page and how many there are."""
    pages = max(
        1, -(-(session.scalar(select(func.count(ReviewSession.id)).where(visible_results(grants))) or 0) // PAGE)
    )
    page = min(page, pages)
    wanted = select(ReviewSession).where(visible_results(grants)).order_by(ReviewSession.id.desc())
    return list(session.scalars(wanted.limit(PAGE).offset((page - 1) * PAGE))), page, pages


def desk(session: Session, grants: Grants, session_id: int, state: str, page: int) -> Desk:
    """The result of one session. NotFound for who has no part in it."""
    review = require_result(session, grants, session_id)
    voted = names.of_session(session, review.id)
    chosen = [name for name in voted if state not in STATES or _is(name, state)]
    pages = max(1, -(-len(chosen) // PAGE))
    page = min(page, pages)
    shown = publicities.last(session, review.id)
    documents = _documents(session, review.id)
    at, to = review.report.get("at"), review.report.get("to")
    return Desk(
        review=review,
        reported_at=datetime.fromisoformat(at) if at else None,
        reported_to=organisations.get(session, to).name if to else "",
        shown=shown,
        period=publicities.periods(session, [(shown, review)])[shown.id] if shown else None,
        mirrored_by=organisations.get(session, shown.mirrored_by).name if shown and shown.mirrored_by else "",
        documents=documents,
        counts={key: sum(_is(name, key) for name in voted) for key in STATES},
        rows=tuple(_rows(session, chosen[(page - 1) * PAGE : page * PAGE], documents)),
        page=page,
        pages=pages,
    )


def rows(session: Session, grants: Grants, session_id: int, state: str) -> tuple[ReviewSession, list[Row]]:
    """The session and every name of the chosen state, as `desk` shows them page by page. NotFound as there."""
    review = require_result(session, grants, session_id)
    chosen = [name for name in names.of_session(session, review.id) if state not in STATES or _is(name, state)]
    return review, _rows(session, chosen, _documents(session, review.id))


def _is(name: Name, state: str) -> bool:
    found = {
        "passed": name.passed,
        "failed": not name.passed,
        "held": name.held,
        "confirmed": name.item.outcome in (names.CONFIRMED, names.REPLIED),
    }
    return found[state]


def _documents(session: Session, session_id: int) -> tuple[Document, ...]:
    rows = session.execute(
        select(Confirmation, func.count(AgendaItem.id))
        .outerjoin(AgendaItem, AgendaItem.confirmation_id == Confirmation.id)
        .where(Confirmation.session_id == session_id)
        .group_by(Confirmation.id)
        .order_by(Confirmation.id)
    )
    return tuple(
        Document(made, KINDS[made.kind], organisations.get(session, made.body_id).name, count) for made, count in rows
    )


def _rows(session: Session, found: Sequence[Name], documents: Sequence[Document]) -> list[Row]:
    units = names.units(session, found)
    numbers = {each.made.id: each.made.number for each in documents if each.made.issued_at is not None}
    return [
        Row(
            declaration_id=name.declaration.id,
            applicant=name.applicant,
            unit=units[name.declaration.id],
            title=dictionaries.label("title", name.declaration.title),
            passed=name.passed,
            standing=statuses.label(name.declaration.status),
            number=numbers.get(name.item.confirmation_id or 0) or "",
        )
        for name in found
    ]
