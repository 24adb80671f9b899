"""各评委会自己的参数: what one committee has otherwise than the notice, in the same boxes as the notice's own."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.drafts import committee_entries, entries, schedule, store
from app.domain.drafts.committee_entries import trail_key
from app.errors import Conflict, Problem, Refused
from app.web.errors import status_of
from app.web.session import reading, transaction
from app.web.studio import entry_boxes
from app.web.studio.frame import designer, draft_page

blueprint = Blueprint(
    "studio_committee_parameters", __name__, url_prefix="/studio/drafts/<int:draft_id>/committees/<int:number>/own"
)


@blueprint.get("")
def choose(draft_id: int, number: int) -> ResponseReturnValue:
    """The page of the parameter that was picked from the list (`key`)."""
    key = request.args.get("key", "")
    with reading() as session:
        committee_entries.line(session, store.get(session, draft_id), number, key)
    return redirect(url_for("studio_committee_parameters.show", draft_id=draft_id, number=number, key=key))


@blueprint.get("/<key>")
def show(draft_id: int, number: int, key: str) -> ResponseReturnValue:
    with reading() as session:
        line = committee_entries.line(session, store.get(session, draft_id), number, key)
    return _page(draft_id, number, key, entry_boxes.begun(line), [])


@blueprint.post("/<key>")
def save(draft_id: int, number: int, key: str) -> ResponseReturnValue:
    """Write the committee's own entry, for `others` too; `give_up` lets the notice speak."""
    by, boxes = designer(), entry_boxes.sent()
    try:
        with transaction() as session:
            draft = store.get(session, draft_id)
            line = committee_entries.line(session, draft, number, key)
            entry = None if "give_up" in boxes else entry_boxes.entry_of(line.spec, boxes)
            others = committee_entries.numbers_of(boxes.get("others", ""), len(schedule.rows(session, draft)[0]))
            tokens = {**dict.fromkeys(others), number: boxes.get("token", "")}  # the others take it as it is said
            for each, token in tokens.items():
                committee_entries.change(
                    session, draft_id, each, key, entry, token=token, by=by, reason=boxes.get("reason", "")
                )
    except (Refused, Conflict) as problem:
        return _page(draft_id, number, key, boxes, problem.problems), status_of(problem)
    flash(f"“{line.spec.meaning}”已保存（{len(tokens)}个评委会）。", "success")
    return redirect(url_for("studio_committees.show", draft_id=draft_id, number=number, _anchor="own"))


def _page(draft_id: int, number: int, key: str, boxes: Mapping[str, str], problems: list[Problem]) -> str:
    with reading() as session:
        draft = store.get(session, draft_id)
        line = committee_entries.line(session, draft, number, key)
        trail = [each for _, each in entries.trail(session, draft_id, trail_key(number, key))]
        specs = [each.spec for each in entries.lines(session, draft)]
        context = entry_boxes.shown(session, line, specs, boxes, trail)
    return draft_page(
        "studio/committee_parameter.html", draft, "committees", number=number, problems=problems, **context
    )
