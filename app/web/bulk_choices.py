"""批量办理 and 批量退回 from 待办: the ticked tasks, or all under the filters, with what is to be said of all of them.

The address names the choice, so that the page can be loaded anew; planning leads to the run's own page, which lists
what will be done, what is left out and why, before anything happens.
"""

from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import phrases
from app.domain.inbox import lists
from app.domain.inbox.filters import Filters, plain
from app.domain.said import whole_number, whole_numbers
from app.errors import Problem, Refused
from app.processes import bulk, bulk_choosing
from app.processes.bulk_choosing import MOST, Chosen
from app.processes.checking import DAYS, ITEMS, OPINION, SIGNATURE
from app.processes.tasks import Actor
from app.web.session import grants, keep_answer, reading, transaction, visitor

blueprint = Blueprint("bulk_choices", __name__)

ACTS = {"decide": "批量办理", "return": "批量退回"}
ROWS = 3  # items that all are returned for
LENGTH = 500
NOTHING = "请先勾选要办理的事项；所选的可能已由他人办理。"


@blueprint.post("/bulk/choices")
def choose() -> ResponseReturnValue:
    """Every `task` that was ticked, or (`all`) whatever the address's filters find now; `act` is a key of ACTS."""
    visitor()
    act, all_of = request.form.get("act", "").removeprefix("all-"), request.form.get("act", "").startswith("all-")
    with reading() as session:
        filters = Filters.of(request.args)
        ids, total = (
            lists.decidable(session, grants(), filters, MOST)
            if all_of
            else (whole_numbers(request.form.getlist("task")), 0)
        )
    if total > MOST:
        flash(f"符合条件的共{total}件，一次最多{MOST}件，本次列入前{MOST}件。", "error")
    if not ids or act not in ACTS:
        flash(NOTHING, "error")
        return redirect(url_for("tasks.inbox", **filters.kept))
    return redirect(url_for("bulk_choices.show", act=act, task=list(dict.fromkeys(ids))[:MOST]))


@blueprint.get("/bulk/choices")
def show() -> ResponseReturnValue:
    """What can be done with every `task` of the address, and which of them nobody can do at once."""
    visitor()
    return _page(request.args.get("act", ""), request.args.getlist("task"), {}, [])


@blueprint.post("/bulk/plan")
def plan() -> ResponseReturnValue:
    """A run of the choice; its page asks once more before anything is done."""
    actor, said = Actor(visitor().person_id, grants()), request.form
    try:
        with transaction() as session:
            run_id = _plan(session, actor, said)
            address = url_for("bulk.show", run_id=run_id)
            keep_answer(session, location=address)
    except Refused as refused:
        page = _page(said.get("act", ""), said.getlist("task"), said, refused.problems)
        return (page, 422) if isinstance(page, str) else page
    return redirect(address)


def _plan(session: Session, actor: Actor, said: Mapping[str, Any]) -> int:
    found, way = _chosen(session, request.form.getlist("task")), plain(said.get("way"))
    if not way:
        raise Refused(Problem("way", "请选择办理决定或者退回到哪里。", "way"))
    kind, _, code = way.partition(":")
    if kind == "to":
        words = _words(said, "reason", "请填写退回原因。")
        planned = bulk_choosing.returning(session, found, code, words, straight=bool(said.get("straight")))
        return bulk.plan(session, actor, ("", ""), *planned, verb=bulk.RETURN).id
    facts: dict[str, Any] = {OPINION: plain_words(said.get("reason")), SIGNATURE: plain(said.get(SIGNATURE))[:40]}
    if said.get("act") == "return":
        facts |= {ITEMS: _items(session, said), DAYS: whole_number(said.get("days")) or None}
    return bulk.plan(session, actor, ("", ""), *bulk_choosing.deciding(session, actor.grants, found, code, facts)).id


def _items(session: Session, said: Mapping[str, Any]) -> list[dict[str, str]]:
    """What all are to mend: the ticked phrases, and what was written; half a row is refused."""
    rows = [(plain_words(said.get(f"target-{n}")), plain_words(said.get(f"text-{n}"))) for n in range(ROWS)]
    if any(bool(target) != bool(text) for target, text in rows):
        raise Refused(Problem("missing", "请逐项列明分节或项目和须补充完善的内容。", "text-0"))
    known = {str(each.id): each for each in phrases.of(session, grants(), "return")}
    ticked = [known[each] for each in request.form.getlist("phrase") if each in known]
    given = [(each.target or "申请书", each.text) for each in ticked] + [row for row in rows if all(row)]
    for _, text in given:
        phrases.require_known_places(text, "text-0")
    return [{"target": target, "text": text} for target, text in given]


def _words(said: Mapping[str, Any], field: str, missing: str) -> str:
    if not (words := plain_words(said.get(field))):
        raise Refused(Problem("missing", missing, field))
    return words


def plain_words(said: str | None) -> str:
    """Several lines of what somebody wrote, as long as a form takes."""
    return (said or "").replace("\x00", "").strip()[:LENGTH]


def _chosen(session: Session, said: list[str]) -> list[Chosen]:
    return bulk_choosing.chosen(session, grants(), list(dict.fromkeys(whole_numbers(said))))


def _page(act: str, ids: list[str], said: Mapping[str, Any], problems: list[Problem]) -> str | Response:
    with reading() as session:
        found = _chosen(session, ids)
        if not found or act not in ACTS:
            flash(NOTHING, "error")
            return cast(Response, redirect(url_for("tasks.inbox")))
        ways = bulk_choosing.decisions(session, found, returning=act == "return")
        steps = bulk_choosing.steps(session, found) if act == "return" else []
        known = phrases.of(session, grants(), "return" if act == "return" else "opinion")
    context: dict[str, Any] = {"act": act, "heading": ACTS[act], "found": found, "ways": ways, "steps": steps}
    context |= {"phrases": known, "said": said, "problems": problems, "rows": ROWS, "length": LENGTH}
    context["ticked"] = request.form.getlist("phrase")
    return render_template("bulk/choose.html", **context)
