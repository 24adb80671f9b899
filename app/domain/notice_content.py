"""What a published version says, ready to be asked; kept per process because a version never changes (D18)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app.domain import clauses
from app.domain.clause_files import clause_of
from app.domain.clauses import Paper
from app.domain.parameter_entries import spec_of
from app.domain.parameter_values import ParameterSpec
from app.errors import NotFound
from app.models.notice import Notice, NoticeVersion

_KEPT = 64  # versions remembered by one process
_known: dict[str, "Content"] = {}
_of_database: WeakKeyDictionary[Pool, dict[int, "Content"]] = WeakKeyDictionary()
_WRITING = "notice_version_written"  # in session.info


@dataclass(frozen=True)
class Content:
    """A version's body, with the content of the notice it stands under; `committees` {no: id of the pinned row}.

    `paper`: its text with the marked clauses, both empty where the package brought none.
    """

    digest: str
    notice_key: str
    title: str
    number: str
    year: int
    vocabulary: Mapping[str, ParameterSpec]
    parameters: Mapping[str, Mapping[str, Any]]
    texts: Mapping[str, str]
    committees: Mapping[str, int]
    manifest: Mapping[str, Mapping[str, str]]
    own: Mapping[str, list[str]]
    parent: "Content | None" = None
    paper: Paper = field(default_factory=lambda: clauses.paper("", "", "", "", {}))


def content(session: Session, notice_version_id: int) -> Content:
    """The content of a version, asked of the database once per process; NotFound if there is none of this id."""
    asked: dict[int, Content] = session.info.setdefault("notice_contents", {})
    if notice_version_id not in asked:
        asked[notice_version_id] = _published(session, notice_version_id)
    return asked[notice_version_id]


def latest_content(session: Session, key: str | None) -> Content | None:
    """What the notice of this key says in its latest version; None where there is none, or it is not published."""
    version_id = session.scalar(
        select(NoticeVersion.id)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .where(Notice.key == key)
        .order_by(NoticeVersion.ordinal.desc())
        .limit(1)
    )
    return content(session, version_id) if version_id is not None else None


def lineage(said: Content | None) -> list[Content]:
    """`said`, then the version it stands under, and so on upwards; the reverse lets the nearer have the last word."""
    return [said, *lineage(said.parent)] if said else []


def papers(session: Session, notice_version_id: int) -> list[Paper]:
    """The texts by which a case of this version is judged: its notice's, then those of the ones above."""
    return [each.paper for each in lineage(content(session, notice_version_id))]


def entries(said: Content | None) -> dict[str, Mapping[str, Any]]:
    """The entries of all parameters there, the nearest notice winning."""
    return {key: entry for each in reversed(lineage(said)) for key, entry in each.parameters.items()}


def written(session: Session) -> None:
    """A version is being written: until this transaction is over, what it reads is its own affair."""
    session.info[_WRITING] = True


def digest_of(body: Mapping[str, Any], parent_digest: str | None) -> str:
    """The name of a version's content: equal where body and everything above it are equal."""
    written = orjson.dumps([body, parent_digest], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(written).hexdigest()


def _published(session: Session, notice_version_id: int) -> Content:
    """From what this process knows of the database; a version that may yet be undone is not remembered."""
    if session.info.get(_WRITING):
        return _find(session, notice_version_id)
    known = _of_database.setdefault(session.get_bind().engine.pool, {})
    if notice_version_id not in known:
        known[notice_version_id] = _find(session, notice_version_id)
    return known[notice_version_id]


def _find(session: Session, notice_version_id: int) -> Content:
    row = session.execute(
        select(NoticeVersion.digest, NoticeVersion.parent_version_id).where(NoticeVersion.id == notice_version_id)
    ).one_or_none()
    if row is None:
        raise NotFound("没有找到该通知的版本。")
    if row.digest not in _known:
        body = session.scalars(select(NoticeVersion.body).where(NoticeVersion.id == notice_version_id)).one()
        parent = content(session, row.parent_version_id) if row.parent_version_id else None
        while len(_known) >= _KEPT:
            _known.pop(next(iter(_known)), None)
        _known[row.digest] = _content_of(row.digest, body, parent)
    return _known[row.digest]


def _content_of(digest: str, body: Mapping[str, Any], parent: Content | None) -> Content:
    said = {name: body[name] for name in ("parameters", "texts", "committees", "manifest", "own")}
    vocabulary = {key: spec_of(key, spec) for key, spec in body["vocabulary"].items()}
    heading = body["notice"]
    marked = {key: clause_of(key, each) for key, each in body.get("clauses", {}).items()}
    paper = clauses.paper(heading["notice_key"], heading["title"], heading["number"], body.get("text", ""), marked)
    return Content(digest=digest, vocabulary=vocabulary, parent=parent, paper=paper, **said, **heading)
