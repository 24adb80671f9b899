"""开始会议、推迟会议: the checklist before anybody votes, the rules minuted, and putting a session off."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import review_committees
from app.domain.offices import Actor
from app.domain.reviews import agenda, recusals, seats, sessions
from app.domain.reviews.quorum import VoteRules
from app.errors import Problem, Refused
from app.models.ballot import Ballot
from app.models.review import ReviewSession, Seat

DUTIES = "N1 §二(三)；R-189；R-190"


def require_committee(session: Session, review: ReviewSession, at: datetime) -> None:
    """Refused unless the committee's approval holds on the day (R-236, E12)."""
    registered = review_committees.get(session, review.review_committee_id)
    review_committees.require_valid(session, registered, clock.local(at).date())


def schedule(session: Session, review: ReviewSession, begins: datetime, ends: datetime, place: str) -> None:
    """安排会议: time and place, on days on which the committee may review."""
    if ends <= begins:
        raise Refused(Problem("period", "会议结束时间应晚于开始时间。", "planned_until"))
    for moment in (begins, ends):
        require_committee(session, review, moment)
    review.planned_from, review.planned_until, review.place = begins, ends, place.strip()
    review.status = "scheduled"
    session.flush()


def open_session(session: Session, review: ReviewSession, said: Mapping[str, Any], actor: Actor) -> None:
    """开始会议. Refused with everything that is still missing at once.

    `said`: closed_management, recording_started (ticks), recording (its reference, also later), recused_count (the
    recusal rule chosen before the first ballot).
    """
    require_committee(session, review, clock.now(session))
    agenda.drop_ended(session, review)
    problems = [
        *_refusals(lambda: seats.require_presiding(session, review, review.presiding_id)),
        *_refusals(lambda: seats.require_quorum(session, review)),
        *_refusals(lambda: recusals.require_decided(session, review)),
        *_duties(session, review, said),
    ]
    if problems:
        raise Refused(*problems)
    minute_rules(session, review, recused_count=said.get("recused_count"))
    if str(said.get("recording") or "").strip():
        review.recording = str(said["recording"]).strip()
    for key in ("closed_management", "recording_started"):
        sessions.note_check(session, review, key, {"ok": bool(said.get(key))}, actor.person_id)
    review.status, review.opened_at = "open", review.opened_at or clock.now(session)
    seats.empower(session, review)
    agenda.take_up(session, review)
    session.flush()


def minute_rules(session: Session, review: ReviewSession, *, recused_count: bool | None) -> None:
    """Fix by what the session votes, before its first ballot; afterwards they stay. None: as the notice says."""
    voted = session.scalar(select(Ballot.id).where(Ballot.session_id == review.id).limit(1)) is not None
    if voted:
        chosen = VoteRules.of(review.rules).recused_count
        if recused_count not in (None, chosen):
            raise Refused(Problem("minuted", "首次投票前已确定计算办法并记入会议记录，不能变更。", "recused_count"))
        return
    said = VoteRules.of(sessions.notice_rules(session, review)).as_dict()
    if recused_count is not None:
        said["recusal_in_denominator"] = recused_count
    review.rules, review.rules_minuted_at = said, clock.now(session)


def postpone(session: Session, review: ReviewSession, begins: datetime, ends: datetime, reason: str) -> None:
    """推迟会议 (or 休会): the same roster meets again; who was there is kept, everybody signs in anew."""
    if not reason.strip():
        raise Refused(Problem("missing", "请写明推迟会议的原因。", "reason"))
    if begins <= clock.now(session) or ends <= begins:
        raise Refused(Problem("period", "推迟后的会议时间应晚于现在，结束时间应晚于开始时间。", "postponed_from"))
    require_no_ballot(session, review)
    require_committee(session, review, begins)
    shown = seats.lamp(session, review)
    here = seats.present(session, review.id)
    entry = {
        "at": clock.now(session).isoformat(),
        "present": shown.present,
        "needed": shown.needed,
        "size": shown.size,
        "seats": [seat.id for seat in here],
        "opened": review.status == "open",
        "reason": reason.strip(),
    }
    review.postponed = [*review.postponed, entry]
    agenda.put_back(session, review)
    review.planned_from, review.planned_until, review.status = begins, ends, "postponed"
    review.presiding_id = None
    _sign_out(seats.of_session(session, review.id))
    session.flush()


def cancel(session: Session, review: ReviewSession, reason: str) -> None:
    """取消会议: before it has opened; its declarations wait for another."""
    if not reason.strip():
        raise Refused(Problem("missing", "请写明取消会议的原因。", "reason"))
    if review.opened_at is not None:
        raise Refused(Problem("opened", "会议已经开始，不能取消；可以推迟会议。"))
    sessions.note_check(session, review, "cancelled", {"reason": reason.strip()}, None)
    agenda.put_back(session, review)
    review.status = "cancelled"
    session.flush()


def require_no_ballot(session: Session, review: ReviewSession) -> None:
    """Refused while a ballot of the session is running."""
    running = select(Ballot.id).where(Ballot.session_id == review.id, Ballot.status == "open").limit(1)
    if session.scalar(running) is not None:
        raise Refused(Problem("ballot_open", "还有正在进行的投票，请先结束投票。"))


def _sign_out(found: list[Seat]) -> None:
    """Everybody comes anew, reserves as reserves: who was absent today may be there next time."""
    for seat in found:
        seat.signed_in_at = seat.left_at = None
        seat.phone_receipt = None
        if seat.replaces_id is not None:
            seat.position, seat.replaces_id = "reserve", None


def _refusals(check: Callable[[], object]) -> list[Problem]:
    """What the check refuses, so that all that is missing is said at once."""
    try:
        check()
    except Refused as refused:
        return refused.problems
    return []


def _duties(session: Session, review: ReviewSession, said: Mapping[str, Any]) -> list[Problem]:
    """Closed management, recording, phones and pledges of those present."""
    problems = []
    if not said.get("closed_management"):
        problems.append(Problem("closed", "请确认评审实行封闭管理。", "closed_management", DUTIES))
    if sessions.parameter(session, review, "recording_required") and not said.get("recording_started"):
        problems.append(Problem("recording", "请确认已开始全程录音录像。", "recording_started", DUTIES))
    here = seats.present(session, review.id)
    if sessions.parameter(session, review, "phones_collected"):
        without = [seat.number for seat in here if not seat.phone_receipt]
        problems += _listed(without, "尚未登记存放通信工具", "phones")
    without = [seat.number for seat in here if seat.pledged_at is None]
    return problems + _listed(without, "尚未签署保密承诺", "pledges")


def _listed(numbers: list[int], words: str, code: str) -> list[Problem]:
    seats_named = "、".join(f"{number}号" for number in numbers)
    return [Problem(code, f"席位{seats_named}的评委{words}。", clause=DUTIES)] if numbers else []
