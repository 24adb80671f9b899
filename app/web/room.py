"""评审室, the entrance: an issued device, a seat code, signing in with pledge and phone receipt, standing back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import organisations
from app.domain.reviews import agenda, recusals, seats, sessions
from app.domain.reviews.agenda import Line
from app.domain.room import access, standing_back
from app.domain.room.standing_back import Said
from app.errors import NotAllowed, Problem, Refused
from app.models.expert import Expert
from app.models.people import Person
from app.models.review import ReviewSession, Seat
from app.web.session import limiter, reading, transaction
from app.web.views.seated import first, keep, place, position, seated

blueprint = Blueprint("room", __name__, url_prefix="/room")

GUESSES = "10 per minute"  # of a code, from one address


@blueprint.get("")
def enter() -> ResponseReturnValue:
    """The field for the device's code, then for the seat's, then where the seat goes on."""
    with reading() as session:
        try:
            here = place(session)
        except NotAllowed:
            return render_template("room/enter.html", device=None, problems=[])
        if here.seat is not None:
            return first(session, here.seat) or redirect(url_for("room_files.index"))
        return render_template("room/enter.html", device=here.device, review=here.review, problems=[])


@blueprint.post("/device")
@limiter.limit(GUESSES)
def enrol() -> ResponseReturnValue:
    """The device code makes this browser an issued device."""
    try:
        with transaction() as session:
            token = access.enrol(session, request.form.get("device_code", ""))
    except Refused as refused:
        return render_template("room/enter.html", device=None, problems=refused.problems), 422
    return keep(redirect(url_for("room.enter")), token)


@blueprint.post("/seat")
@limiter.limit(GUESSES)
def sit() -> ResponseReturnValue:
    try:
        with transaction() as session:
            access.sit(session, place(session), request.form.get("seat_code", ""))
    except Refused as refused:
        with reading() as session:
            here = place(session)
            page = render_template("room/enter.html", device=here.device, review=here.review, problems=refused.problems)
        return page, 422
    return redirect(url_for("room.enter"))


@blueprint.post("/rise")
def rise() -> ResponseReturnValue:
    """退出席位: the device waits for the next seat code."""
    with transaction() as session:
        here, _ = seated(session)
        access.rise(session, here.device)
    return redirect(url_for("room.enter"))


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    with reading() as session:
        return _sign_in(session, [])


@blueprint.post("/sign-in")
def sign() -> ResponseReturnValue:
    """评委签到: the pledge and the receipt of the telephone on one screen."""
    try:
        with transaction() as session:
            here, seat = seated(session)
            access.require_open(session, here.review)
            receipt, pledged = request.form.get("phone_receipt", "").strip(), "pledged" in request.form
            _require_signed(here.review, session, receipt, pledged=pledged)
            seats.sign_in(session, seat, phone_receipt=receipt, pledged=pledged)
    except Refused as refused:
        with reading() as session:
            return _sign_in(session, refused.problems), 422
    return redirect(url_for("room.enter"))


@blueprint.get("/recusals")
def statement() -> ResponseReturnValue:
    with reading() as session:
        return _statement(session, [])


@blueprint.post("/recusals")
def state() -> ResponseReturnValue:
    """From whom the expert stands back; from the others nothing keeps him, which he confirms."""
    try:
        with transaction() as session:
            here, seat = seated(session)
            access.require_open(session, here.review)
            if "confirmed" not in request.form:
                raise Refused(Problem("confirmed", "请确认其余申报人与您没有应当回避的关系。", "confirmed"))
            ids = [int(each) for each in request.form.getlist("item") if each.isdecimal()]
            said = {
                each: Said(tuple(request.form.getlist(f"basis.{each}")), request.form.get(f"reason.{each}", ""))
                for each in ids
            }
            standing_back.state(session, seat, said)
    except Refused as refused:
        with reading() as session:
            return _statement(session, refused.problems), 422
    return redirect(url_for("room.enter"))


def _require_signed(review: ReviewSession, session: Session, receipt: str, *, pledged: bool) -> None:
    problems = []
    if not pledged:
        problems.append(Problem("pledged", "请阅读并签订保密承诺后再签到。", "pledged", "N1 §二(三)；R-190"))
    if sessions.asked(session, review, "phones_collected", otherwise=True) and not receipt:
        problems.append(
            Problem(
                "phone_receipt", "请将通信工具交会务人员存放，并填写存放牌号。", "phone_receipt", "N1 §二(三)；R-190"
            )
        )
    if problems:
        raise Refused(*problems)


def _sign_in(session: Session, problems: list[Problem]) -> str:
    here, seat = seated(session)
    person = session.get_one(Person, session.get_one(Expert, seat.expert_id).person_id)
    return render_template(
        "room/sign_in.html",
        review=here.review,
        seat=seat,
        name=person.name,
        position=position(seat),
        phones=sessions.asked(session, here.review, "phones_collected", otherwise=True),
        problems=problems,
        said=request.form,
    )


def _statement(session: Session, problems: list[Problem]) -> str:
    here, seat = seated(session)
    lines = [line for line in agenda.lines(session, here.review.id) if line.item.status == "listed"]
    return render_template(
        "room/recusals.html",
        review=here.review,
        seat=seat,
        lines=lines,
        units={each.id: each.name for each in organisations.known(session, _units(lines))},
        known=_known(session, seat),
        bases=recusals.BASES,
        problems=problems,
        said=request.form,
    )


def _units(lines: list[Line]) -> set[int]:
    return {line.declaration.data.get("unit_id") or 0 for line in lines}


def _known(session: Session, seat: Seat) -> dict[int, tuple[str, list[str], str]]:
    """Item → status, grounds and words of what stands between the seat and it."""
    found = standing_back.of_seat(session, seat)
    return {each: (row.status, row.basis, row.reason or "") for each, row in found.items()}
