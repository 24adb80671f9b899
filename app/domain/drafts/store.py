"""A draft's files: read, saved under a revision token with a trail, given up in favour of the shared one."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from app import clock
from app.domain.drafts import heading, inherited
from app.domain.drafts.paths import HEADING, LIMIT, kind_of
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.draft import DraftChange, DraftFile, NoticeDraft
from app.models.people import Person

OVERTAKEN = "“{path}”刚刚由{name}保存过。您的内容仍在本页，可以查看对方版本后再决定。"
PUBLISHED = "本草稿已经发布，只能查看。需要修改请以它为基础新建草稿。"


@dataclass(frozen=True)
class File:
    """One file as the draft has it; `revision` 0 and no `by` where it is inherited."""

    path: str
    content: bytes
    revision: int
    origin: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def inherited(self) -> bool:
        return self.revision == 0


def get(session: Session, draft_id: int) -> NoticeDraft:
    """NotFound for one that is not there or was discarded."""
    found = session.get(NoticeDraft, draft_id)
    if found is None or found.discarded_at is not None:
        raise NotFound("没有找到该草稿，可能已被删除。")
    return found


def editable(session: Session, draft_id: int) -> NoticeDraft:
    """The draft, if it can still be changed. NotFound, Refused."""
    found = get(session, draft_id)
    if found.published_version_id is not None:
        raise Refused(Problem("published", PUBLISHED))
    return found


def own_files(session: Session, draft_id: int) -> dict[str, bytes]:
    """Path → content of every file of the draft's own."""
    query = select(DraftFile.path, DraftFile.content).where(DraftFile.draft_id == draft_id).order_by(DraftFile.path)
    return dict(session.execute(query).all())


def own_paths(session: Session, draft_id: int) -> list[str]:
    return list(session.scalars(select(DraftFile.path).where(DraftFile.draft_id == draft_id)))


def whole(session: Session, draft: NoticeDraft) -> dict[str, bytes]:
    """Path → content of everything the draft has, its own over what it inherits."""
    above = inherited.of_parent(session, draft.parent_key)
    return {path: each.content for path, each in above.items()} | own_files(session, draft.id)


def require_new(session: Session, draft: NoticeDraft, path: str) -> None:
    """Refused for a path that the draft has already, of its own or inherited."""
    if path in whole(session, draft):
        raise Refused(Problem("taken", f"“{path}”已经有了，请换一个名称。", "name"))


def listed(session: Session, draft: NoticeDraft, kind: str) -> list[File]:
    """The files of one kind by name, own and inherited, without asking for the contents of its own."""
    rows = session.execute(
        select(DraftFile.path, DraftFile.revision, Person.name, DraftFile.updated_at)
        .join(Person, Person.id == DraftFile.updated_by)
        .where(DraftFile.draft_id == draft.id, DraftFile.path.startswith(f"{kind}/", autoescape=True))
    )
    own = {path: File(path, b"", revision, by=name, at=at) for path, revision, name, at in rows}
    above = inherited.of_parent(session, draft.parent_key)
    others = {
        path: File(path, each.content, 0, each.origin)
        for path, each in above.items()
        if path.startswith(f"{kind}/") and path not in own
    }
    return [each for _, each in sorted({**others, **own}.items())]


def file(session: Session, draft: NoticeDraft, path: str) -> File:
    """The draft's own file, else the inherited one. NotFound for neither, Refused for what is no path."""
    kind_of(path)
    row = _row(session, draft.id, path)
    above = inherited.of_parent(session, draft.parent_key).get(path)
    if row is not None:
        name = session.get_one(Person, row.updated_by).name
        return File(path, row.content, row.revision, above.origin if above else "", name, row.updated_at)
    if above is None:
        raise NotFound("草稿中没有这个文件，可能已被删除。")
    return File(path, above.content, 0, above.origin)


def text_of(session: Session, draft: NoticeDraft, path: str) -> tuple[str, int]:
    """Text and revision of one of the draft's own papers; empty and 0 where it has none."""
    row = _row(session, draft.id, path)
    return (row.content.decode(), row.revision) if row else ("", 0)


def save(  # noqa: PLR0913 (what the trail says)
    session: Session,
    draft_id: int,
    path: str,
    content: str,
    *,
    revision: int,
    by: int,
    reason: str = "",
    entry: tuple[str, Any, Any] | None = None,
) -> DraftFile:
    """Make `content` the draft's own file; `revision` is the one it was read at, 0 where it was inherited or is new.

    `entry`, of a parameter: its key, what it was and what it is. Raises Conflict where somebody has saved since,
    Refused for a published draft, a path that no notice has, or a file that is too large.
    """
    draft = editable(session, draft_id)
    kind_of(path)
    data = content.encode()
    if len(data) > LIMIT:
        raise Refused(Problem("too_large", f"“{path}”超过{LIMIT // 1024}KB，不能保存。", "content"))
    row = _row(session, draft_id, path, lock=True)
    if (row.revision if row else 0) != revision:
        name = session.get_one(Person, row.updated_by).name if row else "他人"
        raise Conflict(OVERTAKEN.format(path=path, name=name))
    if row is not None and row.content == data:
        return row
    if row is None:
        row = DraftFile(draft_id=draft_id, path=path, revision=_last_revision(session, draft_id, path))
        session.add(row)
    row.content, row.revision = data, row.revision + 1
    row.updated_by, row.updated_at = by, clock.now(session)
    _record(session, row, by, reason, entry)
    if path == HEADING:
        heading.repeat(draft, content)
    session.flush()
    return row


def give_up(session: Session, draft_id: int, path: str, *, revision: int, by: int, reason: str = "") -> None:
    """Delete the draft's own file, so that the inherited one holds again (or none). Conflict, NotFound, Refused."""
    editable(session, draft_id)
    row = _row(session, draft_id, path, lock=True)
    if row is None:
        raise NotFound("草稿中没有自己的这个文件，可能刚刚已恢复为共用。")
    if path in (HEADING, "parameters.yaml"):
        raise Refused(Problem("needed", "每份通知都须有此文件，不能删除。", "path"))
    if row.revision != revision:
        raise Conflict(OVERTAKEN.format(path=path, name=session.get_one(Person, row.updated_by).name))
    session.add(
        DraftChange(
            draft_id=draft_id, path=path, revision=row.revision + 1, by=by, at=clock.now(session), reason=reason
        )
    )
    session.delete(row)
    session.flush()


def discard(session: Session, draft_id: int) -> None:
    """Take the draft out of every list; its trail stays."""
    editable(session, draft_id).discarded_at = clock.now(session)
    session.flush()


def _record(session: Session, row: DraftFile, by: int, reason: str, entry: tuple[str, Any, Any] | None) -> None:
    key, old, new = entry or (None, None, None)
    session.add(
        DraftChange(
            draft_id=row.draft_id,
            path=row.path,
            revision=row.revision,
            by=by,
            at=row.updated_at,
            reason=reason,
            digest=hashlib.sha256(row.content).hexdigest(),
            key=key,
            old=old,
            new=new,
        )
    )


def _row(session: Session, draft_id: int, path: str, *, lock: bool = False) -> DraftFile | None:
    query = select(DraftFile).where(DraftFile.draft_id == draft_id, DraftFile.path == path)
    return session.scalar((query.with_for_update() if lock else query).options(undefer(DraftFile.content)))


def _last_revision(session: Session, draft_id: int, path: str) -> int:
    """What a file counts on from: one that comes back must not be taken for the one that was given up."""
    query = select(func.max(DraftChange.revision)).where(DraftChange.draft_id == draft_id, DraftChange.path == path)
    return session.scalar(query) or 0
