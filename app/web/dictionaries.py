"""字典: the small lists that a deployment may add to, rename and retire, and those that are bound to the product."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import dictionaries, dictionary_edits, permissions
from app.errors import NotFound, Problem, Refused
from app.web.instances import page_number
from app.web.session import grants, reading, run, visitor

blueprint = Blueprint("dictionaries", __name__)

ACTS = {"rename": "名称已更改，即时生效。", "retire": "已停用，不再供选择。", "restore": "已恢复，可供选择。"}


@blueprint.get("/administration/dictionaries")
def index() -> ResponseReturnValue:
    _administrator()
    with reading() as session:
        clock.now(session)
        lists = {name: dictionaries.every(name) for name in dictionaries.NAMES}
    return render_template(
        "administration/dictionaries.html",
        lists=lists,
        names=dictionaries.NAMES,
        editable=dictionaries.EDITABLE,
        bound=dictionary_edits.WHY_BOUND,
    )


@blueprint.get("/administration/dictionaries/<name>")
def show(name: str) -> ResponseReturnValue:
    _administrator()
    return _page(name, [])


@blueprint.post("/administration/dictionaries/<name>")
def add(name: str) -> ResponseReturnValue:
    by, said = _administrator(), request.form
    new = dictionary_edits.New(*(said.get(key, "") for key in ("code", "label", "belongs")))

    def once(session: Session) -> None:
        clock.now(session)  # what the dictionary holds now
        dictionary_edits.add(session, name, new, by=by, reason=said.get("reason", ""))

    try:
        run(once)
    except Refused as refused:
        return _page(name, refused.problems), 422
    flash(f"已增加“{new.label.strip()}”，即时可供选择。", "success")
    return redirect(url_for("dictionaries.show", name=name))


@blueprint.get("/administration/dictionaries/<name>/<code>")
def entry(name: str, code: str) -> ResponseReturnValue:
    _administrator()
    return _entry(name, code, [])


@blueprint.post("/administration/dictionaries/<name>/<code>")
def change(name: str, code: str) -> ResponseReturnValue:
    """`act`, a key of ACTS, for `reason`; `label` is the new name."""
    by, act, reason = _administrator(), request.form.get("act", ""), request.form.get("reason", "")
    if act not in ACTS:
        return _entry(name, code, [Problem("act", "请选择更改名称、停用或者恢复。")]), 422
    work: Callable[..., None] = getattr(dictionary_edits, act)
    if act == "rename":
        work = partial(work, label=request.form.get("label", ""))

    def once(session: Session) -> None:
        clock.now(session)  # what the dictionary holds now
        work(session, name, code, by=by, reason=reason)

    try:
        run(once)
    except Refused as refused:
        return _entry(name, code, refused.problems), 422
    flash(ACTS[act], "success")
    return redirect(url_for("dictionaries.show", name=name))


def _page(name: str, problems: list[Problem]) -> str:
    if name not in dictionaries.NAMES:
        raise NotFound("没有这一字典。")
    over = dictionary_edits.BELONGS.get(name)
    with reading() as session:
        changes, total = dictionary_edits.history(session, name, page_number())
        clock.now(session)
    return render_template(
        "administration/dictionary.html",
        name=name,
        title=dictionaries.NAMES[name],
        entries=dictionaries.every(name),
        editable=name in dictionaries.EDITABLE,
        bound=dictionary_edits.WHY_BOUND.get(name),
        over=over,
        over_name=dictionaries.NAMES.get(over or ""),
        above=dictionaries.options(over) if over else [],
        label=dictionaries.label,
        is_shipped=partial(dictionaries.is_shipped, name),
        changes=changes,
        total=total,
        page=page_number(),
        pages=max(1, -(-total // dictionary_edits.PAGE)),
        said=request.form,
        problems=problems,
    )


def _entry(name: str, code: str, problems: list[Problem]) -> str:
    with reading() as session:
        clock.now(session)
        found = dictionary_edits.get(name, code)
        uses = dictionary_edits.uses(session, name, code)
    return render_template(
        "administration/dictionary_entry.html",
        name=name,
        dictionary=dictionaries.NAMES[name],
        entry=found,
        uses=uses,
        editable=name in dictionaries.EDITABLE,
        bound=dictionary_edits.WHY_BOUND.get(name),
        said=request.form,
        problems=problems,
    )


def _administrator() -> int:
    """The id of the administrator who asks. Raises LoginRequired, NotAllowed."""
    permissions.require_role(grants(), "system_admin")
    return visitor().person_id
