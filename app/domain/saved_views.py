"""常用筛选: the conditions and columns of a list kept under a name, for oneself or shared with a role."""

from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy import delete as sql_delete
from sqlalchemy.orm import Session

from app import clock
from app.domain import people
from app.domain.permissions import Grants
from app.errors import NotFound, Problem, Refused
from app.models.saved_view import SavedView, UsualView

MOST = 30  # that one person keeps of one list
GONE = "没有找到该常用筛选，可能已被删除。"
_NAME, _QUERY = 40, 1000
_PASSING = ("page", "before", "after", "all")  # where one stands in a list is no part of what one looks for


def of(session: Session, grants: Grants, page: str) -> dict[SavedView, bool]:
    """The views of the list `page` that the person may use, his own first → whether the list opens with it for him.

    One statement.
    """
    his = (UsualView.saved_view_id == SavedView.id) & (UsualView.person_id == grants.person_id)
    wanted = select(SavedView, UsualView.saved_view_id.is_not(None)).outerjoin(UsualView, his)
    wanted = wanted.where(SavedView.page == page, _usable(grants))
    others = SavedView.person_id != grants.person_id
    return dict(session.execute(wanted.order_by(others, SavedView.name, SavedView.id)).all())


def save(session: Session, grants: Grants, page: str, name: str, query: str, role: str = "") -> SavedView:
    """Keep `query` under `name`, shared with `role` where one is given; one's own of that name is kept anew.

    Refused without a name or any condition, for a text too long, for one view too many, and for a role with which the
    person may not share.
    """
    name, query = name.strip(), plain(query)
    _check(name, query)
    mine = (SavedView.person_id == grants.person_id, SavedView.page == page)
    found = session.scalar(select(SavedView).where(*mine, SavedView.name == name))
    if found is None:
        if (session.scalar(select(func.count(SavedView.id)).where(*mine)) or 0) >= MOST:
            raise Refused(Problem("too_many", f"常用筛选最多保存{MOST}个，请先删除不用的。", "name"))
        found = SavedView(page=page, name=name, person_id=grants.person_id)
    found.query, found.changed_at = query, clock.now(session)
    _share(found, grants, role)
    session.add(found)
    session.flush()
    return found


def change(session: Session, grants: Grants, view_id: int, name: str, role: str) -> SavedView:
    """Give one's own view another name, or share it with another role or with nobody."""
    view, name = own(session, grants, view_id), name.strip()
    _check(name, view.query)
    same = (SavedView.person_id == view.person_id, SavedView.page == view.page, SavedView.name == name)
    if session.scalar(select(SavedView.id).where(*same, SavedView.id != view.id)) is not None:
        raise Refused(Problem("taken", f"已有名为“{name}”的常用筛选，请换一个名称。", "name"))
    view.name, view.changed_at = name, clock.now(session)
    if role != (view.role or ""):
        _share(view, grants, role)
    session.flush()
    return view


def delete(session: Session, grants: Grants, view_id: int) -> SavedView:
    """Take the view away, for all with whom it was shared."""
    view = own(session, grants, view_id)
    session.execute(sql_delete(UsualView).where(UsualView.saved_view_id == view_id))
    session.delete(view)
    session.flush()
    return view


def open_with(session: Session, grants: Grants, view_id: int, *, usual: bool) -> SavedView:
    """Let the list open with this view for the person from now on, or (`usual` false) with everything again.

    Raises NotFound for a view that he may not use.
    """
    view = session.scalar(select(SavedView).where(SavedView.id == view_id, _usable(grants)))
    if view is None:
        raise NotFound(GONE)
    mine = (UsualView.person_id == grants.person_id, UsualView.page == view.page)
    session.execute(sql_delete(UsualView).where(*mine))
    if usual:
        session.add(UsualView(person_id=grants.person_id, page=view.page, saved_view_id=view.id))
    session.flush()
    return view


def own(session: Session, grants: Grants, view_id: int) -> SavedView:
    """A view that the person may change: his own; an administrator clears away what others have shared. NotFound."""
    view = session.get(SavedView, view_id)
    if view is None or not may_change(grants, view):
        raise NotFound(GONE)
    return view


def may_change(grants: Grants, view: SavedView) -> bool:
    return view.person_id == grants.person_id or (grants.holds("system_admin") and view.role is not None)


def sharable(grants: Grants, roles: tuple[str, ...]) -> dict[str, str]:
    """With which of a list's `roles` the person may share, and their names: of an office, with its own colleagues."""
    return {role: people.ROLES[role] for role in roles if grants.sees_all or role in grants.roles}


def plain(query: str) -> str:
    """The query of an address without what is empty and without the page's number, in a fixed order."""
    said = sorted({pair for pair in parse_qsl(query.lstrip("?")) if pair[0] not in _PASSING})
    return urlencode(said)


def _share(view: SavedView, grants: Grants, role: str) -> None:
    if role and role not in sharable(grants, tuple(people.ROLES)):
        raise Refused(Problem("role", "只能与本机构同一岗位的人员共用。", "role"))
    body = None if grants.sees_all else next((each.organisation_id for each in grants.held if each.role == role), None)
    view.role, view.organisation_id = role or None, body


def _check(name: str, query: str) -> None:
    if not name:
        raise Refused(Problem("missing", "请填写常用筛选的名称。", "name"))
    if len(name) > _NAME:
        raise Refused(Problem("length", f"名称不超过{_NAME}字。", "name"))
    if not query:
        raise Refused(Problem("no_condition", "请先选择筛选条件，再保存为常用筛选。", "name"))
    if len(query) > _QUERY:
        raise Refused(Problem("length", "筛选条件过长，请减少条件后再保存。", "name"))


def _usable(grants: Grants) -> ColumnElement[bool]:
    shared = [
        and_(SavedView.role == each.role, SavedView.organisation_id == each.organisation_id) for each in grants.held
    ]
    everywhere = and_(SavedView.role.in_(grants.roles), SavedView.organisation_id.is_(None))
    return or_(SavedView.person_id == grants.person_id, everywhere, *shared)
