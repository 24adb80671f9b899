"""Who asks in the experts' room: the device's own cookie, the seat at it, and what he still has to do first."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.reviews import seats
from app.domain.room import access, standing_back
from app.domain.room.access import Place
from app.errors import NotAllowed
from app.models.review import Seat
from app.web.session import settings

COOKIE = "zhiping_room"
LASTS = 14 * 3600  # seconds: one day of a session
FIRST_SEAT = "请先输入席位码。"


def place(session: Session) -> Place:
    """Where the request comes from; NotAllowed from anything but an issued device."""
    return access.place_of(session, request.cookies.get(COOKIE))


def seated(session: Session) -> tuple[Place, Seat]:
    """The seat that asks; NotAllowed where nobody sits at the device."""
    found = place(session)
    if found.seat is None:
        raise NotAllowed(FIRST_SEAT)
    return found, found.seat


def first(session: Session, seat: Seat) -> ResponseReturnValue | None:
    """The page that comes before every file: signing in, then the statement on recusals; None when both are done."""
    if seat.signed_in_at is None or seat.pledged_at is None or seat.left_at is not None:
        return redirect(url_for("room.sign_in"))
    if seat.position != "reserve" and standing_back.pending(session, seat):
        return redirect(url_for("room.statement"))
    return None


def position(seat: Seat) -> str:
    return seats.POSITIONS[seat.position]


def keep(answer: Response, token: str) -> Response:
    """The device's cookie: for the room's pages only, and unknown to scripts."""
    answer.set_cookie(COOKIE, token, LASTS, path="/room", httponly=True, samesite="Strict", secure=not settings().demo)
    return answer
