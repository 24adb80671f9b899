"""Everything that designers work on, by year and authority: notices with their versions, drafts, what is shipped."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.domain.drafts.paths import HEADING
from app.domain.drafts.yaml_text import mapping
from app.models.draft import DraftFile, NoticeDraft
from app.models.notice import Notice, NoticeVersion
from app.models.people import Person


@dataclass(frozen=True)
class Draft:
    """A draft in a list; `at` and `by` of its last save."""

    draft: NoticeDraft
    at: datetime
    by: str


@dataclass
class Line:
    """One notice: published (`latest`, and how many versions), in the making, or both."""

    key: str
    title: str
    issuer: str
    year: int
    number: str = ""
    parent: str | None = None
    latest: NoticeVersion | None = None
    versions: int = 0
    drafts: list[Draft] = field(default_factory=list)


@dataclass(frozen=True)
class Authority:
    name: str
    lines: list[Line]


def years(session: Session) -> list[tuple[int, list[Authority]]]:
    """The newest year first; within it by authority, within that by title. Three statements."""
    lines = {notice.key: _published(notice, latest, count) for notice, latest, count in _notices(session)}
    titles = {key: line.title for key, line in lines.items()}
    for each in _drafts(session):
        made = each.draft
        if made.published_version_id is None:
            fresh = Line(made.key, made.title, made.issuer, made.year, parent=made.parent_key)
            lines.setdefault(made.key, fresh).drafts.append(each)
    for line in lines.values():
        line.parent = titles.get(line.parent or "", line.parent)
    ordered = sorted(lines.values(), key=lambda line: (-line.year, line.issuer, line.title))
    return [
        (year, [Authority(name, list(group)) for name, group in groupby(of_year, key=lambda line: line.issuer)])
        for year, of_year in groupby(ordered, key=lambda line: line.year)
    ]


def parents(session: Session) -> list[Notice]:
    """The notices that a new one may stand under."""
    return list(session.scalars(select(Notice).order_by(Notice.year.desc(), Notice.title)))


def unpublished_packages(session: Session) -> list[tuple[str, str]]:
    """(key, title) of the notices that come with the product and are not published here."""
    known = set(session.scalars(select(Notice.key)))
    shipped = {path.parent.name: mapping(path.read_bytes()) for path in sorted(ROOT.glob(f"notices/*/{HEADING}"))}
    return [(key, str(said.get("title", key))) for key, said in shipped.items() if key not in known]


def _notices(session: Session) -> list[tuple[Notice, NoticeVersion, int]]:
    last = select(
        NoticeVersion.notice_id, func.max(NoticeVersion.ordinal).label("ordinal"), func.count().label("count")
    ).group_by(NoticeVersion.notice_id)
    newest = last.subquery()
    found = session.execute(
        select(Notice, NoticeVersion, newest.c.count)
        .join(newest, newest.c.notice_id == Notice.id)
        .join(NoticeVersion, (NoticeVersion.notice_id == Notice.id) & (NoticeVersion.ordinal == newest.c.ordinal))
    )
    return [(notice, version, count) for notice, version, count in found]


def _published(notice: Notice, latest: NoticeVersion, count: int) -> Line:
    return Line(
        notice.key, notice.title, notice.issuer, notice.year, latest.number, notice.parent_key, latest, versions=count
    )


def _drafts(session: Session) -> list[Draft]:
    """Those neither published nor discarded, the one saved last first."""
    saved = select(DraftFile.draft_id, func.max(DraftFile.updated_at).label("at")).group_by(DraftFile.draft_id)
    last = saved.subquery()
    found = session.execute(
        select(NoticeDraft, last.c.at, func.min(Person.name))
        .join(last, last.c.draft_id == NoticeDraft.id)
        .join(DraftFile, (DraftFile.draft_id == NoticeDraft.id) & (DraftFile.updated_at == last.c.at))
        .join(Person, Person.id == DraftFile.updated_by)
        .where(NoticeDraft.discarded_at.is_(None))
        .group_by(NoticeDraft.id, last.c.at)
        .order_by(last.c.at.desc())
    )
    return [Draft(draft, at, by) for draft, at, by in found]
