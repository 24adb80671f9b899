"""The public page of a result: who passed, how long it is shown, whom to turn to, who shows the same list (R-201)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import clock
from app.domain import complaints, declarations, organisations
from app.domain.complaints import Reported
from app.domain.publicity_days import Period
from app.domain.results import publicities
from app.domain.results.publicities import Shown
from app.domain.wording import day_words, days_words
from app.errors import NotFound, Problem, Refused
from app.models.complaint import Complaint
from app.models.review import ResultPublicity, ReviewSession

GONE = "没有找到正在进行的评审结果公示，可能公示已经结束。"
PAGE = 100
OnShow = tuple[ResultPublicity, ReviewSession, Period]


@dataclass(frozen=True)
class Board:
    """`names` are one page of those found; `mirrored_by` is the body that shows the same list, and since when."""

    shown: ResultPublicity
    title: str
    period: Period
    first_day: str
    last_day: str
    not_counted: tuple[str, ...]
    names: tuple[Shown, ...]
    found: int
    total: int
    page: int
    pages: int
    mirrored_by: str
    mirrored_at: datetime | None


def boards(session: Session) -> list[Board]:
    """Everything that is shown now, the newest first, without its names."""
    return [_board(session, found, (), 1) for found in publicities.on_show(session)]


def board(session: Session, publicity_id: int, words: str = "", page: int = 1) -> Board:
    """One list while its days last; NotFound afterwards and for one that never was, in the same words."""
    found = _on_show(session, publicity_id)
    names = publicities.content(session, found[0])
    matching = [each for each in names if any(words in said for said in (each.name, each.unit, each.title))]
    return _board(session, found, matching, page, len(names))


def name(session: Session, publicity_id: int, declaration_id: int) -> Shown:
    """One name of a list that is shown now. Raises NotFound."""
    shown, _, _ = _on_show(session, publicity_id)
    found = next((each for each in publicities.content(session, shown) if each.declaration_id == declaration_id), None)
    if found is None:
        raise NotFound("该人员不在本次评审结果公示名单中。")
    return found


def require_shown(session: Session, publicity_id: int) -> ResultPublicity:
    """A list that is shown now. Raises NotFound."""
    return _on_show(session, publicity_id)[0]


def report(session: Session, publicity_id: int, declaration_id: int, text: str, contact: str | None) -> Complaint:
    """反映问题 about one name of the list: it is held, the others go on. Refused without a text."""
    about = name(session, publicity_id, declaration_id)
    declaration = declarations.get(session, about.declaration_id)
    if declaration.ended_as is not None:
        raise Refused(Problem("ended", "该人员的申报已经办结。您仍可依法向有关部门反映。"))
    return complaints.register(session, declaration, Reported(text, contact=contact))


def _on_show(session: Session, publicity_id: int) -> OnShow:
    found = next((each for each in publicities.on_show(session) if each[0].id == publicity_id), None)
    if found is None:
        raise NotFound(GONE)
    return found


def _board(session: Session, on_show: OnShow, matching: Sequence[Shown], page: int, total: int = 0) -> Board:
    shown, review, period = on_show
    pages = max(1, -(-len(matching) // PAGE))
    page = min(max(1, page), pages)
    mirrored = organisations.get(session, shown.mirrored_by).name if shown.mirrored_by else ""
    return Board(
        shown=shown,
        title=review.title.removesuffix("会议"),
        period=period,
        first_day=day_words(period.first_day),
        last_day=day_words(period.last_day),
        not_counted=tuple(days_words([each]) for each in period.skipped),
        names=tuple(matching[(page - 1) * PAGE : page * PAGE]),
        found=len(matching),
        total=total,
        page=page,
        pages=pages,
        mirrored_by=mirrored,
        mirrored_at=shown.mirrored_at and clock.local(shown.mirrored_at),
    )
