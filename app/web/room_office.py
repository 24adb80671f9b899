"""评审室, for the office: devices given out and taken back, seat cards, and which papers each seat has read."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import session_access
from app.domain.reviews import agenda, seats
from app.domain.room import access, files
from app.errors import NotAllowed, Problem, Refused
from app.models.review import ReviewSession
from app.web.instances import page_number
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("room_office", __name__, url_prefix="/sessions/<int:session_id>/room")

OFFICE = "committee_office"
PAGE = 50  # applicants on one page
TOO_EARLY = "评委名单在会议当天之前保密，席位卡请在会议当天打印。"


@blueprint.get("")
def show(session_id: int) -> ResponseReturnValue:
    """The devices, and how far the seats have read; by the numbers of the seats alone."""
    visitor()
    with reading() as session:
        return _page(session, _review(session, session_id), [])


@blueprint.post("/devices")
def issue(session_id: int) -> ResponseReturnValue:
    """Further devices; their codes are shown this once, to be typed in on each."""
    try:
        with transaction() as session:
            review = _review(session, session_id)
            wanted = request.form.get("count", "")
            codes = access.issue_devices(session, review, int(wanted) if wanted.isdecimal() else 0, visitor().person_id)
            return render_template("sessions/device_codes.html", review=review, codes=codes)
    except Refused as refused:
        with reading() as session:
            return _page(session, _review(session, session_id), refused.problems), 422


@blueprint.post("/devices/<int:number>/back")
def take_back(session_id: int, number: int) -> ResponseReturnValue:
    visitor()
    with transaction() as session:
        access.take_back(session, _review(session, session_id), number)
    flash(f"{number}号设备已收回，不能再进入评审室。", "success")
    return redirect(url_for("room_office.show", session_id=session_id))


@blueprint.post("/seats")
def cards(session_id: int) -> ResponseReturnValue:
    """席位卡: a new code for every seat, shown this once; from the day of the session on, for the roster is secret."""
    visitor()
    with transaction() as session:
        review = _review(session, session_id)
        if not session_access.knows_roster(session, grants(), review, clock.now(session)):
            raise NotAllowed(TOO_EARLY)
        codes = access.issue_seat_codes(session, review)
        return render_template(
            "sessions/seat_cards.html", review=review, lines=seats.lines(session, review.id), codes=codes
        )


def _review(session: Session, session_id: int) -> ReviewSession:
    return session_access.require_session(session, grants(), session_id, OFFICE)


def _page(session: Session, review: ReviewSession, problems: list[Problem]) -> str:
    lines, page = agenda.lines(session, review.id), page_number()
    shown = lines[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "sessions/room.html",
        review=review,
        devices=access.devices(session, review),
        seats=seats.of_session(session, review.id),
        lines=shown,
        page=page,
        pages=max(1, -(-len(lines) // PAGE)),
        read=files.coverage(session, [line.item.id for line in shown]),
        cards=session_access.knows_roster(session, grants(), review, clock.now(session)),
        problems=problems,
    )
