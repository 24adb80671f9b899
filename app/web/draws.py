"""专家抽取: the draws one has to do with, one draw with its steps and its sealed result, its record to take along."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import draw_access, permissions, session_access
from app.domain.draws import invitations, outcomes, rounds, stream
from app.domain.permissions import Grants
from app.errors import NotFound, Problem, Refused
from app.models.draw import Draw
from app.models.review import ReviewSession
from app.processes import draws, incidents
from app.processes.documents import of_draw, pdf
from app.processes.tasks import Actor
from app.web.documents import download
from app.web.promptness import deliver_soon
from app.web.session import database, grants, reading, visitor
from app.web.views import draw_page

blueprint = Blueprint("draws", __name__, url_prefix="/draws")

SAID = ("decision", "commitment", "share", "reason", "opinion")
WORDS = {"statuses": rounds.STATUSES, "parties": stream.PARTIES, "answers": invitations.STATUSES}
DONE = {
    "witness_draw": "已办理抽取监督。",
    "commit_draw": "随机数已封存。",
    "reveal_draw": "已办理揭示。",
    "draw": "已办理抽取。",
    "open_sealed": "抽取结果已启封，请核对名单。",
    "confirm_draw": "已办理抽取结果确认。",
    "void_draw": "已办理作废会签。",
}
LISTED_TO = (*draw_access.DRAW_STAFF, "committee_office", "manager", "system_admin")


@blueprint.get("")
def index() -> ResponseReturnValue:
    visitor()
    who = grants()
    permissions.require_role(who, *LISTED_TO)
    with reading() as session:
        rows = draw_page.listing(session, who)
    return render_template("draws/index.html", rows=rows, **WORDS)


@blueprint.get("/<int:session_id>")
def show(session_id: int) -> ResponseReturnValue:
    visitor()
    return page_of(session_id, ())


def page_of(session_id: int, problems: tuple[Problem, ...]) -> str:
    """The draw's page, with what was just refused above it."""
    who = grants()
    with reading() as session:
        page = draw_page.build(session, draw_access.require_draw(session, who, session_id), who)
    listed = bool(who.roles & set(LISTED_TO))
    return render_template("draws/show.html", page=page, problems=problems, listed=listed, **WORDS)


@blueprint.post("/<int:session_id>/<step>")
def act(session_id: int, step: str) -> ResponseReturnValue:
    """One step of the draw: its open task is completed with what the page sends."""
    person, who = visitor(), grants()
    if step not in draws.STEPS:
        raise NotFound
    with reading() as session:
        draw_access.require_draw(session, who, session_id)
    values = {key: request.form[key] for key in SAID if request.form.get(key)}
    actor = Actor(person.person_id, who)
    try:
        with reading() as session:
            task_id = draws.require_task(session, session_id, step).id
        incidents.run(database(), lambda session: draws.act(session, session_id, step, actor, values), task_id=task_id)
    except Refused as refused:
        return page_of(session_id, tuple(refused.problems)), 422
    deliver_soon()
    flash(DONE[step], "success")
    return redirect(url_for("draws.show", session_id=session_id))


@blueprint.get("/<int:session_id>/record-<int:number>.pdf")
def paper(session_id: int, number: int) -> ResponseReturnValue:
    """抽取记录 of a round, named for the two who drew and, from the day of the session, for its staff."""
    visitor()
    who = grants()
    with reading() as session:
        review, found = _round(session, who, session_id, number)
        at_work = session_access.knows_roster(session, who, review, clock.now(session))
        printed = of_draw.record(session, review, found, named=draw_access.may_read_drawn(who, found) or at_work)
        content = pdf(session, printed)
    return download(printed, content)


@blueprint.get("/<int:session_id>/record-<int:number>.json")
def record(session_id: int, number: int) -> ResponseReturnValue:
    """An opened round as `tools/verify_draw.py` runs it again, for those who may read who was drawn."""
    visitor()
    who = grants()
    with reading() as session:
        _, found = _round(session, who, session_id, number)
        draw_access.require_read_drawn(who, found)
        text = draw_page.exported(outcomes.export(session, found))
    name = f"attachment; filename=draw-{session_id}-{number}.json"
    return Response(text, mimetype="application/json", headers={"Content-Disposition": name})


def _round(session: Session, who: Grants, session_id: int, number: int) -> tuple[ReviewSession, Draw]:
    review = draw_access.require_draw(session, who, session_id)
    found = next((each for each in rounds.of_session(session, review.id) if each.number == number), None)
    if found is None:
        raise NotFound("没有找到这一次抽取。")
    return review, found
