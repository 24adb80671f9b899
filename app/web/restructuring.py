"""Founding, changing, moving and merging bodies: each shows what it touches, and asks again before it is done."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import organisations
from app.domain.restructuring import changes, merging, moves, touched
from app.domain.restructuring.changes import Said, fingerprint
from app.domain.said import whole_number
from app.errors import Conflict, Problem, Refused
from app.models.people import Organisation
from app.web.organisations import administrator
from app.web.session import reading, run

blueprint = Blueprint("restructuring", __name__)

FIELDS = ("name", "kind", "key", "credit_code", "district", "contact_name", "contact_phone")
OWN = ("csrf_token", "request_key", "seen", "sure")  # of the page itself
FOUND = 20  # bodies that a search offers
Page = Callable[[list[Problem], str], str]  # what is wrong, what happened meanwhile → the page


@blueprint.get("/administration/organisations/new")
def new() -> ResponseReturnValue:
    """The form for a new body, beneath `parent` where one is given."""
    administrator()
    with reading() as session:
        return _form(session, None, [], {})


@blueprint.post("/administration/organisations/new")
def create() -> ResponseReturnValue:
    """What the new body would be; with `sure`, it is founded."""
    by, said, reason = administrator(), _said(), request.form.get("reason", "")
    parent_id = whole_number(request.form.get("parent")) or None
    try:
        if request.form.get("sure") != "yes":
            return _new_body(said, parent_id, reason)
        made = run(lambda session: changes.found(session, said, parent_id, reason=reason, by=by))
    except Refused as refused:
        with reading() as session:
            return _form(session, None, refused.problems, request.form), 422
    flash(f"已新增“{made.name}”。", "success")
    return redirect(url_for("organisations.show", organisation_id=made.id))


def _new_body(said: Said, parent_id: int | None, reason: str) -> str:
    with reading() as session:
        changes.require_reason(reason)
        checked = changes.check_new(session, said, parent_id)
        parent = organisations.get(session, parent_id) if parent_id else None
        rows = [(label, "", value) for label, value in changes.described(checked, parent).items()]
        back = f"{url_for('restructuring.new')}?{urlencode(_kept())}"
        return _preview(None, "新增机构", "确认新增", changes=rows, back=back)


@blueprint.get("/administration/organisations/<int:organisation_id>/change")
def change_form(organisation_id: int) -> ResponseReturnValue:
    administrator()
    with reading() as session:
        return _form(session, organisations.get(session, organisation_id), [], {})


@blueprint.post("/administration/organisations/<int:organisation_id>/change")
def change(organisation_id: int) -> ResponseReturnValue:
    """What a new name, kind, code or district would touch; with `sure` and `seen` it is written."""
    by, said, reason = administrator(), _said(), request.form.get("reason", "")

    def act(session: Session) -> None:
        changes.change(session, organisation_id, said, reason=reason, by=by, seen=request.form.get("seen"))

    def look(problems: list[Problem], meanwhile: str) -> str:
        with reading() as session:
            body = organisations.get(session, organisation_id)
            if problems:
                return _form(session, body, problems, request.form)
            changes.require_reason(reason)
            words = changes.worded(changes.check(session, body, said.checked()))
            rows = [(changes.FIELDS[field], before, after) for field, (before, after) in words.items()]
            return _preview(
                body,
                "修改机构",
                "确认修改",
                changes=rows,
                renamed="name" in words,
                touched=touched.of_subtree(session, body, clock.now(session)),
                seen=fingerprint(body),
                meanwhile=meanwhile,
                back=url_for("restructuring.change_form", organisation_id=organisation_id),
            )

    return _settle(act, look, organisation_id, "已修改。")


@blueprint.get("/administration/organisations/<int:organisation_id>/move")
def move_form(organisation_id: int) -> ResponseReturnValue:
    """Where the body shall stand: `q` looks for the superior."""
    return _choice(organisation_id, "move", [])


@blueprint.post("/administration/organisations/<int:organisation_id>/move")
def move(organisation_id: int) -> ResponseReturnValue:
    """Who would gain and lose sight of what; with `sure` and `seen` the body is moved under `other`, 0 for none."""
    by, reason = administrator(), request.form.get("reason", "")
    parent_id = whole_number(request.form.get("other")) or None

    def act(session: Session) -> None:
        moves.move(session, organisation_id, parent_id, reason=reason, by=by, seen=request.form.get("seen"))

    def look(problems: list[Problem], meanwhile: str) -> str:
        if problems:
            return _choice(organisation_id, "move", problems)
        if "other" not in request.form:
            raise Refused(Problem("other", "请选择上级机构。", "other"))
        with reading() as session:
            body = organisations.get(session, organisation_id)
            parent = organisations.get(session, parent_id) if parent_id else None
            changes.require_reason(reason)
            moves.check(session, body, parent)
            before = organisations.get(session, body.parent_id).name if body.parent_id else "（无上级）"
            now = clock.now(session)
            return _preview(
                body,
                "调整隶属",
                "确认调整",
                changes=[("上级机构", before, parent.name if parent else "（无上级）")],
                sights=moves.sights(session, body, parent, now),
                touched=touched.of_subtree(session, body, now),
                seen=fingerprint(body, *([parent] if parent else [])),
                meanwhile=meanwhile,
                back=url_for("restructuring.move_form", organisation_id=organisation_id),
            )

    return _settle(act, look, organisation_id, "已调整隶属关系。")


@blueprint.get("/administration/organisations/<int:organisation_id>/merge")
def merge_form(organisation_id: int) -> ResponseReturnValue:
    """What the body shall be merged into: `q` looks for it."""
    return _choice(organisation_id, "merge", [])


@blueprint.post("/administration/organisations/<int:organisation_id>/merge")
def merge(organisation_id: int) -> ResponseReturnValue:
    """What would go over to `other` and what stands in the way; with `sure` and `seen` they are merged."""
    by, reason = administrator(), request.form.get("reason", "")
    target_id = whole_number(request.form.get("other"))

    def act(session: Session) -> None:
        merging.merge(session, organisation_id, target_id, reason=reason, by=by, seen=request.form.get("seen"))

    def look(problems: list[Problem], meanwhile: str) -> str:
        if problems:
            return _choice(organisation_id, "merge", problems)
        if not target_id:
            raise Refused(Problem("other", "请选择并入哪个机构。", "other"))
        with reading() as session:
            changes.require_reason(reason)
            found = merging.outlook(session, organisation_id, target_id, clock.now(session))
            return _preview(
                found.source,
                f"并入{found.target.name}",
                "确认合并",
                outlook=found,
                touched=found.touched,
                seen=fingerprint(found.source, found.target),
                meanwhile=meanwhile,
                back=url_for("restructuring.merge_form", organisation_id=organisation_id),
            )

    answer = _settle(act, look, organisation_id, "已合并。")
    if request.form.get("sure") == "yes":
        run(merging.catch_up)  # what was being completed while they were merged
    return answer


def _settle(act: Callable[[Session], None], look: Page, organisation_id: int, done: str) -> ResponseReturnValue:
    """Do what was confirmed; else show what it would do. Whoever comes second is shown how things stand now."""
    try:
        if request.form.get("sure") != "yes":
            return look([], "")
        run(act)
    except Refused as refused:
        return look(refused.problems, ""), 422
    except Conflict as late:
        try:
            return look([], late.message), 409
        except Refused as refused:
            return look(refused.problems, ""), 409
    flash(done, "success")
    return redirect(url_for("organisations.show", organisation_id=organisation_id))


def _preview(body: Organisation | None, title: str, confirm: str, **shown: Any) -> str:
    said = {name: value for name, value in request.form.items() if name not in OWN}
    return render_template(
        "administration/restructure.html", body=body, title=title, confirm=confirm, said=said, **shown
    )


def _form(session: Session, body: Organisation | None, problems: list[Problem], said: Any) -> str:
    stated = said or (changes.stated(body) if body else request.args)
    parent_id = whole_number(stated.get("parent"))
    return render_template(
        "administration/organisation_form.html",
        body=body,
        parent=organisations.get(session, parent_id) if parent_id and body is None else None,
        kinds=organisations.KINDS,
        said=stated,
        problems=problems,
    )


def _choice(organisation_id: int, what: str, problems: list[Problem]) -> str:
    administrator()
    words = request.values.get("q", "").strip()
    with reading() as session:
        body = organisations.get(session, organisation_id)
        found = organisations.find(session, words, limit=FOUND + 1) if words else []
        return render_template(
            "administration/choose_body.html",
            what=what,
            body=body,
            superior=organisations.get(session, body.parent_id) if body.parent_id else None,
            found=[each for each in found[:FOUND] if each.id != body.id],
            more=len(found) > FOUND,
            kinds=organisations.KINDS,
            q=words,
            chosen=request.form.get("other", ""),
            reason=request.form.get("reason", ""),
            problems=problems,
        )


def _said() -> Said:
    given = {name: request.form.get(name, "") for name in FIELDS}
    return Said(**given, registered=request.form.get("registered") == "yes")


def _kept() -> dict[str, str]:
    """What was filled in, for the way back to the form."""
    return {name: request.form[name] for name in (*FIELDS, "parent", "reason", "registered") if request.form.get(name)}
