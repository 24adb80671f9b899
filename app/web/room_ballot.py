"""评审室, the vote: the sheet for all names of a ballot, looked over once, confirmed, and visibly counted or not."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import ballots, suspended
from app.domain.ballots import casting, roll
from app.domain.reviews import agenda
from app.errors import NotAllowed, Problem, Refused
from app.models.ballot import Ballot, Participation
from app.models.review import ReviewSession, Seat
from app.web.session import database, reading
from app.web.views.seated import first, position, seated

blueprint = Blueprint("room_ballot", __name__, url_prefix="/room/ballot")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The sheet of the ballot that runs, else whether the last one was counted; asks again by itself while it waits."""
    with reading() as session:
        here, seat = seated(session)
        if (before := first(session, seat)) is not None:
            return before
        return _page(session, here.review, seat, [])


@blueprint.post("/<int:ballot_id>/check")
def check(ballot_id: int) -> ResponseReturnValue:
    """The filled sheet to be read over; nothing is handed in yet and nothing kept."""
    with reading() as session:
        here, seat = seated(session)
        ballot = _running(session, here.review, ballot_id)
        try:
            casting.check(session, ballot, seat, _choices(ballot))
        except Refused as refused:
            return _page(session, here.review, seat, refused.problems), 422
        names = roll.names(session, ballot.item_ids)
        counts = {word: list(_choices(ballot).values()).count(key) for key, word in roll.CHOICES.items()}
        back = _back(session, ballot, seat)
        context = {"review": here.review, "seat": seat, "position": position(seat), "ballot": ballot, "names": names}
        return render_template(
            "room/ballot_check.html", **context, choices=_choices(ballot), words=roll.CHOICES, counts=counts, back=back
        )


@blueprint.post("/<int:ballot_id>")
def cast(ballot_id: int) -> ResponseReturnValue:
    """确认投票. No key of the request is kept beside it: a sheet is handed in once anyhow."""
    if "change" in request.form:
        with reading() as session:
            here, seat = seated(session)
            return _page(session, here.review, seat, [])
    try:
        with database().transaction() as session:
            here, seat = seated(session)
            ballot = _running(session, here.review, ballot_id)
            ballots.cast(session, ballot, seat, _choices(ballot))
    except Refused as refused:
        with reading() as session:
            here, seat = seated(session)
            return _page(session, here.review, seat, refused.problems), 422
    return redirect(url_for("room_ballot.show"))


def _running(session: Session, review: ReviewSession, ballot_id: int) -> Ballot:
    ballot = ballots.get(session, ballot_id)
    if ballot.session_id != review.id:
        raise NotAllowed("这不是本次会议的投票。")
    return ballot


def _choices(ballot: Ballot) -> dict[int, str]:
    """What the form says, item → choice."""
    said = {each: request.form.get(f"item.{each}", "") for each in ballot.item_ids}
    return {each: choice for each, choice in said.items() if choice}


def _page(session: Session, review: ReviewSession, seat: Seat, problems: list[Problem]) -> str:
    """`state`: sheet, counted, missed, left_out (not on the roll), paper, waiting; suspended while nobody may vote."""
    running = roll.running(session, review)
    found = running or roll.of_session(session, review)[-1:]
    own = select(Participation).where(Participation.seat_id == seat.id)
    parts = {each.ballot_id: each for each in session.scalars(own)}
    asked = [each for each in running if each.id in parts and not parts[each.id].handed_in]
    ballot = next(iter(asked or found), None)
    part = parts.get(ballot.id) if ballot else None
    still = suspended.of_instances(session, [review.instance_id or 0]).get(review.instance_id or 0, "")
    state = _state(ballot, part)
    lines = [line for line in agenda.lines(session, review.id) if ballot and line.item.id in ballot.item_ids]
    return render_template(
        "room/ballot.html",
        review=review,
        seat=seat,
        position=position(seat),
        ballot=ballot,
        state="suspended" if still and state in ("sheet", "paper", "waiting") else state,
        still=still,
        lines=lines,
        back=_back(session, ballot, seat) if ballot else set(),
        words=roll.CHOICES,
        problems=problems,
        said=request.form,
    )


def _state(ballot: Ballot | None, part: Participation | None) -> str:
    if ballot is None or ballot.status == "void":
        return "waiting"
    if part is None:
        return "left_out" if ballot.status == "open" else "waiting"
    if ballot.mode == "paper":
        return "paper" if ballot.status == "open" else "waiting"
    if part.handed_in:
        return "counted"
    return "sheet" if ballot.status == "open" else "missed"


def _back(session: Session, ballot: Ballot, seat: Seat) -> set[int]:
    """Items from which the seat stands back."""
    return {item for item, away in roll.recused(session, ballot.item_ids).items() if seat.id in away}
