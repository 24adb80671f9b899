"""The internal page of a unit's publicity: its terms, its names as frozen, whom to turn to (R-124, R-125)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import batches, dictionaries, organisations, publicity, publicity_access
from app.domain.publicity_days import Period
from app.domain.wording import day_words, days_words
from app.errors import NotFound
from app.models.notice import Notice
from app.models.recommendation import Publicity
from app.processes import form8
from app.processes.form8 import Sheet

GONE = "没有找到正在进行的公示，可能公示已经结束或者公示码有误。"


@dataclass(frozen=True)
class Name:
    """One person publicised; `title` is the title declared."""

    declaration_id: int
    name: str
    title: str
    number: str


@dataclass(frozen=True)
class Board:
    """`not_counted` are the days that do not count, in words; `channels` as the unit entered them."""

    shown: Publicity
    unit: str
    notice: str
    period: Period
    first_day: str
    last_day: str
    not_counted: tuple[str, ...]
    names: tuple[Name, ...]
    before: Publicity | None  # the round that this one replaced


def board(session: Session, shown: Publicity) -> Board:
    """What stands on the page; the names are those of the snapshot that are still in the batch."""
    batch = batches.get(session, shown.batch_id)
    period = publicity.period(session, shown)
    notice = session.scalars(select(Notice).where(Notice.key == batch.notice_key)).one()
    return Board(
        shown=shown,
        unit=organisations.get(session, batch.organisation_id).name,
        notice=notice.title,
        period=period,
        first_day=day_words(period.first_day),
        last_day=day_words(period.last_day),
        not_counted=tuple(days_words([each]) for each in period.skipped),
        names=tuple(_names(session, shown)),
        before=_before(session, shown),
    )


def sheet(session: Session, shown: Publicity, declaration_id: int) -> Sheet:
    """One name's form 8 exactly as the publicity froze it; NotFound for who is not publicised here (any more)."""
    if declaration_id not in _staying(session, shown):
        raise NotFound("该人员不在本次公示名单中。")
    found = form8.frozen(session, publicity_access.content_of(session, shown), declaration_id)
    if found is None:
        raise NotFound("该人员不在本次公示名单中。")
    return found


def require_shown(session: Session, publicity_id: int, person_id: int | None, codes: Iterable[str]) -> Publicity:
    """The open publicity, if this person belongs to the unit or one of the access codes opens it.

    NotFound for everybody else, in the same words as after its end: nobody learns that there is one.
    """
    if person_id is not None:
        for shown in publicity_access.open_for(session, person_id):
            if shown.id == publicity_id:
                return shown
    for code in codes:
        found = _by_code(session, code)
        if found is not None and found.id == publicity_id:
            return found
    raise NotFound(GONE)


def _before(session: Session, shown: Publicity) -> Publicity | None:
    wanted = select(Publicity).where(Publicity.batch_id == shown.batch_id, Publicity.round == shown.round - 1)
    return session.scalar(wanted) if shown.round > 1 else None


def _by_code(session: Session, code: str) -> Publicity | None:
    try:
        return publicity_access.by_code(session, code)
    except NotFound:
        return None


def _names(session: Session, shown: Publicity) -> list[Name]:
    content = publicity_access.content_of(session, shown)
    staying = _staying(session, shown)
    return [
        Name(
            declaration_id=key,
            name=str(frozen["headings"].get("name") or ""),
            title=dictionaries.label("title", frozen["headings"].get("target_title")),
            number=content["numbers"].get(str(key), ""),
        )
        for key in staying
        if (frozen := content["declarations"].get(str(key))) is not None
    ]


def _staying(session: Session, shown: Publicity) -> list[int]:
    """Ids of the declarations in the batch now, in the unit's ranking: who withdrew is no longer shown."""
    return [line.declaration.id for line in batches.lines(session, shown.batch_id) if line.entry.recommended]
