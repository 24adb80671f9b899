"""Clauses to be opened: what a citation's notice says there, in the version in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import citations, clauses
from app.domain.citations import Citation
from app.domain.clauses import Paper
from app.domain.notice_content import content
from app.errors import NotFound
from app.models.notice import Notice, NoticeVersion


@dataclass(frozen=True)
class Shown:
    """One cited clause; `words` are empty where the text is not at hand. `place` may be a part of what was cited."""

    cited: str
    paper: Paper | None
    place: str = ""
    heading: str = ""
    words: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of the whole text; `places`: the clauses that begin with it."""

    words: str
    places: tuple[str, ...] = ()


def cited(session: Session, text: str, notice_key: str = "") -> list[Shown]:
    """Every clause that a citation names; `notice_key` is the notice that a citation without a name means."""
    papers = sorted(_papers(session), key=lambda paper: paper.key != notice_key)
    if notice_key and (not papers or papers[0].key != notice_key):
        notice_key = ""
    return [_shown(each, papers, bool(notice_key)) for each in citations.read(text)]


def paper(session: Session, notice_key: str) -> Paper:
    """The text of the notice as it is in force. NotFound where there is none."""
    found = next((each for each in _papers(session) if each.key == notice_key and each.text), None)
    if found is None:
        raise NotFound("没有这份通知，或者它的正文没有录入。")
    return found


def clause(session: Session, notice_key: str, place: str) -> Shown:
    """One clause of a notice. NotFound."""
    said = paper(session, notice_key)
    found = said.find(place)
    if found is None:
        raise NotFound("通知里没有标出这一条。")
    return Shown(place, said, found, said.clauses[found].heading, said.words(found))


def pieces(said: Paper) -> list[Piece]:
    """The whole text, cut where clauses begin."""
    begins: dict[int, list[str]] = {}
    for place, each in said.clauses.items():
        begins.setdefault(each.where[0], []).append(place)
    cuts = sorted({0, *begins, len(said.text)})
    return [Piece(said.text[start:end].strip("\n"), tuple(begins.get(start, ()))) for start, end in pairwise(cuts)]


def _shown(citation: Citation, papers: list[Paper], of_own: bool) -> Shown:
    words = clauses.in_words(f"{citation.paper} §{citation.place}")
    meant = clauses.meant(citation, papers) if citation.paper or of_own else None
    place = meant.find(citation.place) if meant is not None else None
    if meant is None or place is None:
        return Shown(words, meant)
    return Shown(words, meant, place, meant.clauses[place].heading, meant.words(place))


def _papers(session: Session) -> Iterator[Paper]:
    """The texts of all notices in force, one version of each."""
    latest = (
        select(NoticeVersion.notice_id, func.max(NoticeVersion.ordinal).label("ordinal"))
        .where(NoticeVersion.effective_at <= clock.now(session))
        .group_by(NoticeVersion.notice_id)
        .subquery()
    )
    rows = session.scalars(
        select(NoticeVersion.id)
        .join(latest, (latest.c.notice_id == NoticeVersion.notice_id) & (latest.c.ordinal == NoticeVersion.ordinal))
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .order_by(Notice.year.desc(), Notice.key)
    )
    for version_id in rows.all():
        yield content(session, version_id).paper
