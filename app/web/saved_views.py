"""常用筛选 above any list: `part` for the list's own page, and the doors that keep, change and delete one.

A list takes part by an entry in LISTS, `views=saved_views.part(session, who, code)` and the macro of
`_saved_views.html`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import people, permissions, saved_views
from app.domain.permissions import PERSONAL_ROLES, Grants
from app.errors import NotFound, Refused
from app.models.saved_view import SavedView
from app.processes import monitor
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("saved_views", __name__)

USUAL = "以后打开此列表时，先按“{}”筛选；选“全部”可查看全部。"
UNUSUAL = "以后打开此列表时，不再先按“{}”筛选。"


@dataclass(frozen=True)
class ListPage:
    """A list with views: its endpoint, the roles that may open it (none named: everybody), and those to share with."""

    endpoint: str
    roles: tuple[str, ...] = ()
    shared: tuple[str, ...] = tuple(role for role in people.ROLES if role not in PERSONAL_ROLES)


LISTS = {
    "instances": ListPage("instances.index", monitor.OVERSEERS, monitor.OVERSEERS),
    "todo": ListPage("tasks.inbox"),
    "done": ListPage("tasks.done"),
    "copies": ListPage("tasks.copies"),
    "started": ListPage("tasks.started"),
}


@dataclass(frozen=True)
class Line:
    """One view: where it leads, whether it is what the page shows now, and with whom it is shared.

    `usual`: the list opens with it; `count` how much it finds, where that was counted.
    """

    id: int
    name: str
    address: str
    here: bool
    role: str
    own: bool
    changeable: bool
    usual: bool
    count: int | None = None


@dataclass(frozen=True)
class Part:
    """What the macro draws: the list's code, its views, the conditions in use, the roles to share with."""

    code: str
    query: str
    lines: list[Line]
    roles: dict[str, str]

    @property
    def usual(self) -> str | None:
        """Where to go from an address that says nothing."""
        return next((line.address for line in self.lines if line.usual), None) if not request.args else None


Tally = Callable[[list[str]], list[int | None]]


def part(session: Session, who: Grants, code: str, tally: Tally | None = None) -> Part:
    """The views of the list `code` for the page in hand; one statement, and what `tally` needs to count them."""
    shown, query = LISTS[code], saved_views.plain(request.query_string.decode())
    found = saved_views.of(session, who, code)
    counts = tally([view.query for view in found]) if tally is not None and found else [None] * len(found)
    lines = [
        Line(
            id=view.id,
            name=view.name,
            address=_address(code, view.query),
            here=view.query == query,
            role=view.role or "",
            own=view.person_id == who.person_id,
            changeable=saved_views.may_change(who, view),
            usual=usual,
            count=count,
        )
        for (view, usual), count in zip(found.items(), counts, strict=True)
    ]
    return Part(code, query, lines, saved_views.sharable(who, shown.shared))


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


@blueprint.post("/views/<int:view_id>/usual")
def open_with(view_id: int) -> ResponseReturnValue:
    """The list opens with this view for the visitor from now on; no more, where `usual` is empty."""
    who, usual = _entered(), bool(request.form.get("usual"))
    with transaction() as session:
        view = saved_views.open_with(session, who, view_id, usual=usual)
        words, back = (USUAL if usual else UNUSUAL).format(view.name), _address(view.page, view.query)
    flash(words, "success")
    return redirect(back)


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
