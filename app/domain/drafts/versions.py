"""The versions of a notice: what each changed, who stays on an older one, how many cases run on it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.amendments import KEEP_OLD
from app.errors import NotFound
from app.models.draft import NoticeDraft
from app.models.notice import Notice, NoticeVersion, ParameterChange
from app.models.people import Person
from app.models.process import ProcessInstance

__all__ = ["KEEP_OLD", "Version", "changes", "find", "of_notice"]


@dataclass(frozen=True)
class Version:
    """`running` and `ended` count the instances pinned to it; `draft_id` the draft it was published from, if any."""

    version: NoticeVersion
    by: str
    running: int
    ended: int
    draft_id: int | None


def find(session: Session, key: str) -> Notice:
    """NotFound."""
    notice = session.scalar(select(Notice).where(Notice.key == key))
    if notice is None:
        raise NotFound("没有找到该申报通知。")
    return notice


def of_notice(session: Session, key: str) -> list[Version]:
    """The latest first; none for a notice that is not published. Three statements."""
    rows = session.execute(
        select(NoticeVersion, Person.name)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .outerjoin(Person, Person.id == NoticeVersion.published_by)
        .where(Notice.key == key)
        .order_by(NoticeVersion.ordinal.desc())
    ).all()
    ids = [version.id for version, _ in rows]
    ended = ProcessInstance.status == "ended"
    counts = {
        (version_id, is_ended): count
        for version_id, is_ended, count in session.execute(
            select(ProcessInstance.notice_version_id, ended, func.count())
            .where(ProcessInstance.notice_version_id.in_(ids))
            .group_by(ProcessInstance.notice_version_id, ended)
        )
    }
    made_from = select(NoticeDraft.published_version_id, NoticeDraft.id)
    drafts = dict(session.execute(made_from.where(NoticeDraft.published_version_id.in_(ids))).all())
    return [
        Version(row, name or "", counts.get((row.id, False), 0), counts.get((row.id, True), 0), drafts.get(row.id))
        for row, name in rows
    ]


def changes(session: Session, version_ids: list[int]) -> dict[int, list[ParameterChange]]:
    """What each version changed of parameters and committees' own values, by version; one statement."""
    found: dict[int, list[ParameterChange]] = {}
    query = (
        select(ParameterChange).where(ParameterChange.notice_version_id.in_(version_ids)).order_by(ParameterChange.id)
    )
    for row in session.scalars(query):
        found.setdefault(row.notice_version_id, []).append(row)
    return found
