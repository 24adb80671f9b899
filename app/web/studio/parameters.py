"""参数: all that the notice may set, with the place each value comes from; one of them in the boxes of its type."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.drafts import entries, store
from app.domain.drafts.entries import Line
from app.errors import Conflict, Problem, Refused
from app.web.errors import status_of
from app.web.session import reading, transaction
from app.web.studio import entry_boxes
from app.web.studio.frame import designer, draft_page

blueprint = Blueprint("studio_parameters", __name__, url_prefix="/studio/drafts/<int:draft_id>/parameters")

STATES = {
    "own": "本通知规定",
    "above": "取自上级通知",
    "undecided": "待决定",
    "missing": "必填，尚未填写",
    "silent": "未规定",
}


@blueprint.get("")
def index(draft_id: int) -> ResponseReturnValue:
    """`q` narrows by words, `state` by where the value comes from."""
    q, state = request.args.get("q", "").strip(), request.args.get("state", "")
    with reading() as session:
        draft = store.get(session, draft_id)
        found = entries.lines(session, draft)
    counts = {key: sum(line.state == key for line in found) for key in STATES}
    shown = [line for line in found if state in ("", line.state) and _fits(line, q)]
    meanings = {line.spec.key: line.spec.meaning for line in found}
    return draft_page(
        "studio/parameters.html",
        draft,
        "parameters",
        lines=[(line, entry_boxes.said(line.spec, line.link.entry if line.link else None, meanings)) for line in shown],
        states=STATES,
        counts=counts,
        state=state,
        q=q,
    )


@blueprint.get("/<key>")
def show(draft_id: int, key: str) -> ResponseReturnValue:
    with reading() as session:
        found = entries.line(session, store.get(session, draft_id), key)
    return _page(draft_id, key, entry_boxes.begun(found), [])


@blueprint.post("/<key>")
def save(draft_id: int, key: str) -> ResponseReturnValue:
    """Write the entry; `give_up` lets the notice above speak again. What is wrong is said above the form."""
    by, boxes = designer(), entry_boxes.sent()
    try:
        with transaction() as session:
            line = entries.line(session, store.get(session, draft_id), key)
            entry = None if "give_up" in boxes else entry_boxes.entry_of(line.spec, boxes)
            entries.change(
                session, draft_id, key, entry, token=boxes.get("token", ""), by=by, reason=boxes.get("reason", "")
            )
    except (Refused, Conflict) as problem:
        return _page(draft_id, key, boxes, problem.problems), status_of(problem)
    flash(f"“{line.spec.meaning}”已保存。", "success")
    return redirect(url_for("studio_parameters.show", draft_id=draft_id, key=key))


def _page(draft_id: int, key: str, boxes: Mapping[str, str], problems: list[Problem]) -> str:
    with reading() as session:
        draft = store.get(session, draft_id)
        line = entries.line(session, draft, key)
        trail = [each for _, each in entries.trail(session, draft_id, key)]
        specs = [each.spec for each in entries.lines(session, draft)]
        context = entry_boxes.shown(session, line, specs, boxes, trail)
    return draft_page("studio/parameter.html", draft, "parameters", problems=problems, **context)


def _fits(line: Line, q: str) -> bool:
    haystack = f"{line.spec.key} {line.spec.meaning} {line.spec.clause or ''}"
    return all(word in haystack for word in q.split())
