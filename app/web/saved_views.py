"""常用筛选 above any list: `part` for the list's own page, and the doors that keep, change and delete one.

A list takes part by an entry in LISTS, `views=saved_views.part(session, who, code)` and the macro of
`_saved_views.html`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import permissions, saved_views
from app.domain.permissions import Grants
from app.errors import NotFound, Refused
from app.models.saved_view import SavedView
from app.processes import monitor
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("saved_views", __name__)


@dataclass(frozen=True)
class ListPage:
    """A list with views: its endpoint, and the roles that may open it (none named: everybody)."""

    endpoint: str
    roles: tuple[str, ...] = ()


LISTS = {"instances": ListPage("instances.index", monitor.OVERSEERS)}


@dataclass(frozen=True)
class Line:
    """One view: where it leads, whether it is what the page shows now, and with whom it is shared."""

    id: int
    name: str
    address: str
    here: bool
    role: str
    own: bool
    changeable: bool


@dataclass(frozen=True)
class Part:
    """What the macro draws: the list's code, its views, the conditions in use, the roles to share with."""

    code: str
    query: str
    lines: list[Line]
    roles: dict[str, str]


def part(session: Session, who: Grants, code: str) -> Part:
    """The views of the list `code` for the page in hand; one statement."""
    shown, query = LISTS[code], saved_views.plain(request.query_string.decode())
    lines = [
        Line(
            id=view.id,
            name=view.name,
            address=_address(code, view.query),
            here=view.query == query,
            role=view.role or "",
            own=view.person_id == who.person_id,
            changeable=saved_views.may_change(who, view),
        )
        for view in saved_views.of(session, who, code)
    ]
    return Part(code, query, lines, saved_views.sharable(who, shown.roles))


@blueprint.post("/views")
def save() -> ResponseReturnValue:
    """Keep `query` of the list `list` as `name`, shared with `role` where one is chosen."""
    who, said = _entered(), request.form
    code = said.get("list", "")
    if code not in LISTS:
        raise NotFound
    if LISTS[code].roles:
        permissions.require_role(who, *LISTS[code].roles)
    asked = said.get("query", "")

    def keep(session: Session) -> SavedView:
        return saved_views.save(session, who, code, said.get("name", ""), asked, said.get("role", ""))

    return _done(keep, "已保存常用筛选“{}”。", _address(code, saved_views.plain(asked)))


@blueprint.post("/views/<int:view_id>")
def change(view_id: int) -> ResponseReturnValue:
    who, said = _entered(), request.form
    with reading() as session:
        view = saved_views.own(session, who, view_id)
    name, role = said.get("name", ""), said.get("role", "")
    back = _address(view.page, view.query)
    return _done(lambda session: saved_views.change(session, who, view_id, name, role), "已更改常用筛选“{}”。", back)


@blueprint.post("/views/<int:view_id>/delete")
def delete(view_id: int) -> ResponseReturnValue:
    who = _entered()
    with reading() as session:
        page = saved_views.own(session, who, view_id).page
    return _done(lambda session: saved_views.delete(session, who, view_id), "已删除常用筛选“{}”。", _address(page, ""))


def _done(work: Callable[[Session], SavedView], words: str, back: str) -> ResponseReturnValue:
    """Do it and go back to the list, which says what was done or why it was not."""
    try:
        with transaction() as session:
            flash(words.format(work(session).name), "success")
    except Refused as refused:
        flash(str(refused), "error")
    return redirect(back)


def _address(code: str, query: str) -> str:
    """The list under those conditions; a list that is no more leads home."""
    if code not in LISTS:
        return url_for("login.home")
    return url_for(LISTS[code].endpoint) + (f"?{query}" if query else "")


def _entered() -> Grants:
    visitor()
    return grants()
