"""标出条款: one clause by hand, its stretch selected in the text, linked to what carries it out."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.clause_files import UNUSED, Clause
from app.domain.drafts import store
from app.domain.said import whole_number
from app.errors import Conflict, Problem, Refused
from app.processes.studio import clause_marks
from app.processes.studio.clause_marks import Marking, Said
from app.web.errors import status_of
from app.web.session import reading, transaction
from app.web.studio.frame import designer, draft_page

blueprint = Blueprint("studio_clause_marks", __name__, url_prefix="/studio/drafts/<int:draft_id>/clauses/one")

ACCEPTED = "accepted."


@blueprint.get("")
def show(draft_id: int) -> ResponseReturnValue:
    """`place`: the clause; a new one without it."""
    return _page(draft_id, request.args.get("place", ""), None, [])


@blueprint.post("")
def save(draft_id: int) -> ResponseReturnValue:
    """Mark it as the form says; with `remove` no longer."""
    by, said = designer(), request.form
    place, revision = said.get("place", ""), whole_number(said.get("revision"))
    try:
        with transaction() as session:
            draft = store.get(session, draft_id)
            if "remove" in said:
                clause_marks.remove(session, draft, place, revision=revision, by=by)
                words = f"已取消第“{place}”条的标记，正文不变。"
            else:
                place = clause_marks.save(session, draft, place, _said(said), revision=revision, by=by)
                words = f"已标出第“{place}”条。"
    except (Refused, Conflict) as problem:
        return _page(draft_id, place, said, problem.problems), status_of(problem)
    flash(words, "success")
    if "remove" in said:
        return redirect(url_for("studio_clauses.index", draft_id=draft_id))
    return redirect(url_for("studio_clause_marks.show", draft_id=draft_id, place=place))


def _said(form: Mapping[str, str]) -> Said:
    begin, end = (whole_number(form.get(side)) for side in ("begin", "end"))
    kept = {name.removeprefix(ACCEPTED): form[name] for name in form if name.startswith(ACCEPTED)}
    return Said(form.get("number", ""), form.get("heading", ""), (begin - 1, end), _elements(form), kept)


def _elements(form: Mapping[str, str]) -> list[str]:
    """The ticked links, then the new ones."""
    return [*request.form.getlist("element"), *form.get("link", "").split()]


def _page(draft_id: int, place: str, typed: Mapping[str, str] | None, problems: list[Problem]) -> str:
    with reading() as session:
        draft = store.get(session, draft_id)
        marking = clause_marks.of_draft(session, draft)
    clause = marking.clauses.get(place)
    said = _typed(typed) if typed is not None else _of(place, clause)
    return draft_page(
        "studio/clause.html",
        draft,
        "clauses",
        place=place if clause else "",
        said=said,
        reasons=_reasons(marking, place, clause, said),
        marking=marking,
        unused=f"{ACCEPTED}{UNUSED}",
        revision=typed.get("revision", "") if typed is not None else marking.revision,
        problems=problems,
    )


def _typed(form: Mapping[str, str]) -> dict[str, object]:
    return {**form, "elements": request.form.getlist("element")}


def _of(place: str, clause: Clause | None) -> dict[str, object]:
    if clause is None:
        return {"number": place, "elements": []}
    reasons = {f"{ACCEPTED}{key}": reason for key, reason in clause.accepted.items()}
    begin, end = clause.where
    return {"number": place, "heading": clause.heading, "begin": begin + 1, "end": end,
            "elements": list(clause.elements), **reasons}  # fmt: skip


def _reasons(marking: Marking, place: str, clause: Clause | None, said: Mapping[str, object]) -> dict[str, str]:
    """Parameters that may differ from the clause, by the name of their box: those that rest on it, those excused."""
    excused = clause.accepted if clause else {}
    keys = dict.fromkeys([*(marking.citing.get(place, ()) if clause else ()), *(k for k in excused if k != UNUSED)])
    return {f"{ACCEPTED}{key}": marking.links.get(key, key) for key in keys} if said else {}
