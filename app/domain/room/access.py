"""Who is in the experts' room: issued devices, seat codes, and the hours in which the room is open (R-190).

A printed device code turns one browser into an issued device; a printed seat code seats an expert there. One device a
seat, one seat a device. Both codes are kept as keyed digests and can be printed anew, which ends the old ones.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import suspended
from app.domain.publicity import CODE_LETTERS
from app.domain.reviews import seats
from app.domain.wording import span_words
from app.errors import NotAllowed, Problem, Refused
from app.models.review import ReviewSession, Seat
from app.models.room import RoomDevice
from app.models.types import blind

ENTRANCE = "评审室只能在会务人员发放的评审专用设备上使用。请先输入设备码，再输入席位码。"
CLOSED = "评审室现在不开放。"
WRONG_DEVICE = "设备码有误、已经使用过或者已经收回，请向会务人员重新领取。"
WRONG_SEAT = "席位码有误，请核对席位卡后重新输入。"
ELSEWHERE = "本席位已在{number}号设备上使用。如需更换设备，请会务人员先收回该设备。"
OPEN = ("scheduled", "open")  # of a session: before it opens the experts come, sign in and read
_LENGTH = 8


@dataclass(frozen=True)
class Place:
    """Where a request comes from: a device of a session, and the seat at it if somebody sits there."""

    device: RoomDevice
    review: ReviewSession
    seat: Seat | None


def issue_devices(session: Session, review: ReviewSession, count: int, by: int) -> dict[int, str]:
    """As many further devices for the session: number → code, shown once."""
    if not 1 <= count <= 60:
        raise Refused(Problem("count", "每次可发放1至60台设备。", "count"))
    known = session.scalars(select(RoomDevice.number).where(RoomDevice.session_id == review.id)).all()
    first, codes = 1 + max(known, default=0), {}
    for number in range(first, first + count):
        codes[number] = _code()
        device = RoomDevice(session_id=review.id, number=number, issued_at=clock.now(session), issued_by=by)
        device.code = blind("room.device", codes[number])
        session.add(device)
    session.flush()
    return codes


def issue_seat_codes(session: Session, review: ReviewSession) -> dict[int, str]:
    """A new code for every seat of the session: seat → code, shown once; whoever sits must enter his new one."""
    codes = {}
    for seat in seats.of_session(session, review.id):
        codes[seat.id] = _code()
        seat.code_digest = blind("room.seat", codes[seat.id])
    here = RoomDevice.session_id == review.id
    session.execute(update(RoomDevice).where(here).values(seat_id=None), execution_options=_FETCH)
    session.flush()
    return codes


def enrol(session: Session, code: str) -> str:
    """The token that makes a browser the device of this code; the code is used up."""
    found = session.scalars(_devices().where(RoomDevice.code == blind("room.device", _plain(code)))).first()
    if found is None:
        raise Refused(Problem("device", WRONG_DEVICE, "device_code"))
    token = secrets.token_urlsafe(32)
    found.code, found.token = None, blind("room.token", token)
    session.flush()
    return token


def place_of(session: Session, token: str | None) -> Place:
    """Where the token's browser stands; NotAllowed where it is no issued device (any more)."""
    wanted = (
        select(RoomDevice, ReviewSession, Seat)
        .join(ReviewSession, ReviewSession.id == RoomDevice.session_id)
        .outerjoin(Seat, Seat.id == RoomDevice.seat_id)
        .where(RoomDevice.revoked_at.is_(None), RoomDevice.token == blind("room.token", token or ""))
    )
    row = session.execute(wanted).first() if token else None
    if row is None:
        raise NotAllowed(ENTRANCE)
    return Place(*row)


def sit(session: Session, place: Place, code: str) -> Seat:
    """Seat the expert of this code at the device. Refused for a wrong code and where the seat is in use elsewhere."""
    require_open(session, place.review)
    own = (Seat.session_id == place.review.id) & (Seat.code_digest == blind("room.seat", _plain(code)))
    found = session.scalars(select(Seat).where(own)).first()
    if found is None:
        raise Refused(Problem("seat", WRONG_SEAT, "seat_code"))
    taken = session.scalars(_devices().where(RoomDevice.seat_id == found.id, RoomDevice.id != place.device.id)).first()
    if taken is not None:
        raise Refused(Problem("elsewhere", ELSEWHERE.format(number=taken.number), "seat_code"))
    place.device.seat_id = found.id
    session.flush()
    return found


def rise(session: Session, device: RoomDevice) -> None:
    """Nobody sits at the device any more."""
    device.seat_id = None
    session.flush()


def take_back(session: Session, review: ReviewSession, number: int) -> None:
    """收回设备: its browser is an issued device no longer."""
    own = (RoomDevice.session_id == review.id) & (RoomDevice.number == number)
    for device in session.scalars(_devices().where(own)):
        device.revoked_at, device.seat_id, device.code, device.token = clock.now(session), None, None, None
    session.flush()


def devices(session: Session, review: ReviewSession) -> list[tuple[RoomDevice, int | None]]:
    """Issued devices by number, with the number of the seat at each."""
    wanted = select(RoomDevice, Seat.number).outerjoin(Seat, Seat.id == RoomDevice.seat_id)
    here = wanted.where(RoomDevice.session_id == review.id, RoomDevice.revoked_at.is_(None))
    return [(device, number) for device, number in session.execute(here.order_by(RoomDevice.number))]


def require_open(session: Session, review: ReviewSession) -> None:
    """Refused outside the days of the session: experts come and sign in on its first day, before it begins.

    Refused too while it is suspended: then nobody signs in, reads, writes or stands back.
    """
    suspended.refuse(session, review.instance_id)
    now = clock.now(session)
    begins, ends = review.planned_from, review.planned_until
    if review.status in OPEN and begins and ends and _day_begins(begins) <= now < ends:
        return
    raise Refused(Problem("closed", CLOSED + _hours(review), clause="N1 §二(三)；R-190"))


def require_reading_hours(session: Session, review: ReviewSession) -> None:
    """Refused before the session's time and after it: files are read in the room, in its hours."""
    require_open(session, review)
    if review.planned_from is None or clock.now(session) < review.planned_from:
        raise Refused(Problem("early", f"评审材料在会议期间查阅。{_hours(review)}", clause="N1 §二(三)；R-190"))


def _hours(review: ReviewSession) -> str:
    if review.planned_from is None or review.planned_until is None:
        return "会议时间尚未安排。"
    return f"会议时间为{span_words(review.planned_from, review.planned_until)}。"


def _day_begins(moment: datetime) -> datetime:
    return clock.local(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def _devices() -> Select[RoomDevice]:
    return select(RoomDevice).where(RoomDevice.revoked_at.is_(None))


def _code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(_LENGTH))


def _plain(code: str) -> str:
    return "".join(code.split()).upper()


_FETCH = {"synchronize_session": "fetch"}
