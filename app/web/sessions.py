"""评审会议: the list and calling one, a session's desk, its projection screen, its minutes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import committees, organisations, permissions, session_access
from app.domain.ballots import guarantees, roll
from app.domain.permissions import Grants
from app.domain.reviews import agenda, minutes, recusals, seats, sessions
from app.domain.reviews.agenda import Waiting
from app.errors import Problem, Refused
from app.models.review import ReviewSession
from app.processes.tick import tick
from app.web.session import database, grants, reading, transaction, visitor
from app.web.views import session_page

blueprint = Blueprint("sessions", __name__)

WORDS = {
    "statuses": sessions.STATUSES,
    "positions": seats.POSITIONS,
    "item_statuses": agenda.STATUSES,
    "recusal_statuses": recusals.STATUSES,
    "bases": recusals.BASES,
    "ballot_statuses": roll.STATUSES,
    "modes": roll.MODES,
}


@blueprint.get("/sessions")
def index() -> ResponseReturnValue:
    """The sessions of one's committees, and the committees that may be called."""
    visitor()
    who = grants()
    permissions.require_role(who, *session_access.SESSION_STAFF, *session_access.PRESIDING, "manager", "system_admin")
    with reading() as session:
        wanted = select(ReviewSession).where(session_access.visible_sessions(who)).order_by(ReviewSession.id.desc())
        found = list(session.scalars(wanted.limit(200)))
        callable_ = _committees(session, who)
    return render_template("sessions/index.html", found=found, committees=callable_, **WORDS)


@blueprint.post("/sessions")
def call() -> ResponseReturnValue:
    """The office calls a session of one of its committees."""
    visitor()
    who = grants()
    permissions.require_role(who, "committee_office")
    wanted = _number(request.form.get("committee", ""))
    with transaction() as session:
        chosen = next((each for each in _committees(session, who) if each.committee_id == wanted), None)
        if chosen is None:
            raise Refused(Problem("committee", "请选择有待评审申报人的评委会。", "committee"))
        row = committees.at_version(session, chosen.notice_version_id, chosen.committee_id)
        made = sessions.prepare(session, chosen.notice_version_id, row).id
    tick(database())
    flash("评审会议已建立，请安排会议时间和地点。", "success")
    return redirect(url_for("sessions.show", session_id=made))


@blueprint.get("/sessions/<int:session_id>")
def show(session_id: int) -> ResponseReturnValue:
    """The desk (会务)."""
    visitor()
    return desk_page(session_id, [])


def desk_page(session_id: int, problems: list[Problem]) -> str:
    """The desk, with what was just refused above it."""
    who = grants()
    with reading() as session:
        review = session_access.require_session(session, who, session_id)
        page = session_page.desk(session, review, who, _number(request.args.get("page", "1")) or 1)
    return render_template(
        "sessions/desk.html", desk=page, standing=page.standing, view=session_page, problems=problems, **WORDS
    )


@blueprint.get("/sessions/<int:session_id>/lamp")
def lamp(session_id: int) -> ResponseReturnValue:
    """The quorum lamp alone, for the desk to fetch again."""
    return _standing(session_id, "sessions/_lamp.html")


@blueprint.get("/sessions/<int:session_id>/screen")
def screen(session_id: int) -> ResponseReturnValue:
    """What is projected in the room: nobody's name stands on it."""
    return _standing(session_id, "sessions/screen.html")


@blueprint.get("/sessions/<int:session_id>/board")
def board(session_id: int) -> ResponseReturnValue:
    """The moving part of the projection screen."""
    return _standing(session_id, "sessions/_board.html")


@blueprint.get("/sessions/<int:session_id>/minutes")
def record(session_id: int) -> ResponseReturnValue:
    """The minutes as kept, or as they stand; for the session's own staff from its day on."""
    visitor()
    who = grants()
    with reading() as session:
        review = session_access.require_roster(session, who, session_id)
        said = minutes.read(session, review)
        missing = [] if review.minutes else minutes.missing(session, review)
    return render_template(
        "sessions/minutes.html",
        review=review,
        said=said,
        missing=missing,
        secrecy=said.get("secrecy") or [*guarantees.GUARANTEED, *guarantees.NOT_GUARANTEED],
        **WORDS,
    )


def _standing(session_id: int, template: str) -> str:
    visitor()
    who = grants()
    with reading() as session:
        shown = session_page.standing(session, session_access.require_session(session, who, session_id))
    return render_template(template, standing=shown, review=shown.review, view=session_page, **WORDS)


def _committees(session: Session, who: Grants) -> list[Waiting]:
    """The committees that the office convenes and for which declarations are ready."""
    bodies = {grant.organisation_id for grant in who.held if grant.role == "committee_office"}
    keys = [organisations.get(session, each).key for each in bodies if each is not None]
    return agenda.waiting(session, keys) if keys else []


def _number(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) < 19 else 0
