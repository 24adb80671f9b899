"""Whose season it is: which notice, and which of its committees and posts the person answers for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.domain import permissions
from app.domain.permissions import Grants
from app.models.declaration import Declaration
from app.models.expert import ReviewCommittee
from app.models.figures import StandingFigure, WorkTime
from app.models.notice import Committee, Notice, NoticeVersion
from app.models.people import Organisation
from app.models.process import Task

VIEWERS = ("manager", "system_admin", "committee_office", "municipal_tro", "district_tro")


@dataclass(frozen=True)
class Scope:
    """`rows` are the committees as they stand today; `ids` all their revisions; `narrowed` where one was chosen.

    `by_posts`: the person answers for no committee and sees what comes to his own posts; `rows` are those of that.
    """

    grants: Grants
    notice: Notice
    versions: Sequence[int]
    rows: Sequence[Committee]
    ids: Sequence[int]
    narrowed: bool = False
    by_posts: bool = False

    @property
    def whole(self) -> bool:
        """Everything of the notice."""
        return self.grants.sees_all and not self.narrowed

    def figures(self, kind: str) -> ColumnElement[bool]:
        """Standing figures of a kind; of the committees, or of the person's own posts."""
        table = StandingFigure
        wanted = and_(table.kind == kind, table.notice_version_id.in_(self.versions))
        if self.by_posts:
            return and_(wanted, permissions.overseen(self.grants, table))
        return wanted if self.whole else and_(wanted, table.committee_id.in_(self.ids))

    def steps(self) -> ColumnElement[bool]:
        """Open tasks by the step: the fewest rows that tell how many there are."""
        return self.figures("step" if self.whole else "task")

    def offices(self) -> ColumnElement[bool]:
        """Open tasks by the office."""
        table = StandingFigure
        if not self.whole:
            return and_(self.figures("task"), table.organisation_id.is_not(None))
        return and_(table.kind == "office", table.notice_id == self.notice.id)

    def declarations(self) -> ColumnElement[bool]:
        """The declarations themselves, for those who see few of them: what is or was at the person's posts."""
        finished = select(WorkTime.declaration_id).where(permissions.overseen(self.grants, WorkTime))
        standing = select(Task.declaration_id).where(Task.status == "open", permissions.overseen(self.grants))
        seen = or_(Declaration.id.in_(finished), Declaration.id.in_(standing))
        return and_(Declaration.notice_version_id.in_(self.versions), seen)


def notices(session: Session, grants: Grants) -> list[Notice]:
    """Those with committees that the person answers for; all for whoever has posts on the way. Newest first."""
    wanted = select(Notice).where(Notice.id.in_(select(Committee.notice_id).where(_own(grants))))
    return list(session.scalars(wanted.order_by(Notice.year.desc(), Notice.id.desc())))


def of(session: Session, grants: Grants, notice: Notice, committee_no: int | None = None) -> Scope:
    """The season of one notice; of one committee where it is one that the person answers for."""
    versions = session.scalars(select(NoticeVersion.id).where(NoticeVersion.notice_id == notice.id)).all()
    found = _rows(session, notice, _own(grants, posts=False))
    by_posts = not grants.sees_all and not found
    if by_posts:
        found = _rows(session, notice, Committee.id.in_(_at_posts(grants, versions)))
    numbers = {row.no for row in found}
    narrowed = committee_no in numbers and not by_posts
    chosen = {committee_no} if narrowed else numbers
    rows = [row for row in found if row.superseded_at is None and row.no in chosen]
    ids = [row.id for row in found if row.no in chosen]
    return Scope(grants, notice, versions, rows, ids, narrowed, by_posts)


def busiest(session: Session, found: Sequence[Notice]) -> Notice:
    """The one most declarations are under; the newest where there are none."""
    table = StandingFigure
    wanted = select(NoticeVersion.notice_id, func.sum(table.count)).join(
        table, table.notice_version_id == NoticeVersion.id
    )
    counted = wanted.where(table.kind == "declaration").group_by(NoticeVersion.notice_id)
    counts: dict[Any, int] = dict(session.execute(counted).all())
    return max(found, key=lambda notice: (counts.get(notice.id, 0), notice.year))


def schedule(session: Session, notice: Notice) -> list[Committee]:
    """All committees of a notice as they stand today."""
    wanted = select(Committee).where(Committee.notice_id == notice.id, Committee.superseded_at.is_(None))
    return list(session.scalars(wanted.order_by(Committee.no)))


def _rows(session: Session, notice: Notice, which: ColumnElement[bool]) -> Sequence[Committee]:
    """Every revision."""
    return session.scalars(
        select(Committee).where(Committee.notice_id == notice.id, which).order_by(Committee.no)
    ).all()


def _at_posts(grants: Grants, versions: Sequence[int]) -> Select[Any]:
    """The committees whose declarations wait at the person's posts."""
    table = StandingFigure
    mine = and_(table.kind == "task", table.notice_version_id.in_(versions), permissions.overseen(grants, table))
    return select(table.committee_id).where(mine, table.committee_id.is_not(None))


def _own(grants: Grants, *, posts: bool = True) -> ColumnElement[bool]:
    """Rows of schedules: convened by a body one acts for or approved by it; with `posts`, all for the others."""
    if grants.sees_all:
        return true()
    conditions: list[ColumnElement[bool]] = []
    convening = [grant.organisation_id for grant in grants.held if grant.role == "committee_office"]
    approving = [grant.organisation_id for grant in grants.held if grant.role == "municipal_tro"]
    if convening:
        conditions.append(Committee.convening_key.in_(_keys(convening)))
    if approving:
        approved = select(ReviewCommittee.name).where(ReviewCommittee.approving_id.in_(approving))
        conditions.append(Committee.name.in_(approved))
    if posts and grants.roles & set(VIEWERS):
        conditions.append(true())
    return or_(*conditions) if conditions else false()


def _keys(bodies: Sequence[int | None]) -> Select[Any]:
    """Their keys, and those of what was merged into them."""
    return select(Organisation.key).where(or_(Organisation.id.in_(bodies), Organisation.merged_into_id.in_(bodies)))
