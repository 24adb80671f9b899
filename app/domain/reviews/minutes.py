"""会议记录: what must stand in it, put together from what happened, and kept frozen once complete (R-188, R-189)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import dictionaries, snapshots
from app.domain.explanations import few_words
from app.domain.offices import Actor
from app.domain.reviews import announcing, defences, recusals, seats, sessions
from app.domain.reviews.announcing import Row
from app.errors import Problem, Refused
from app.models.review import AgendaItem, ReviewOpinion, ReviewSession

CLAUSE = "N1 §二(三)；N4 §四(一)；R-188"


def keep(
    session: Session, review: ReviewSession, said: Mapping[str, Any], actor: Actor, secrecy: Sequence[str] = ()
) -> None:
    """Complete the minutes and freeze them. Refused with everything that is missing at once.

    `said`: recording (its reference), opinions [{_id: item id, panel_opinion}], discussion, signed_by. `secrecy`: what
    is and what is not guaranteed of the ballots, in sentences.
    """
    _opinions(session, review, said.get("opinions") or ())
    if str(said.get("recording") or "").strip():
        review.recording = str(said["recording"]).strip()
    problems = missing(session, review)
    if problems:
        raise Refused(*problems)
    content = {
        **compose(session, review),
        "discussion": str(said.get("discussion") or "").strip(),
        "secrecy": list(secrecy),
    }
    digest = snapshots.freeze(session, content)
    review.minutes = {
        "digest": digest,
        "discussion": content["discussion"],
        "by": actor.person_id,
        "signed_by": said.get("signed_by"),
        "at": clock.now(session).isoformat(),
    }
    session.flush()


def missing(session: Session, review: ReviewSession) -> list[Problem]:
    """What the minutes still lack of their mandatory content."""
    problems = []
    if review.announced_at is None:
        problems.append(Problem("not_announced", "投票结果尚未宣布，不能办结会议记录。", clause=CLAUSE))
    if sessions.parameter(session, review, "recording_required") and not review.recording:
        problems.append(Problem("recording", "会议记录缺少录音录像编号，不能办结。", "recording", "N1 §二(三)；R-189"))
    said = opinions(session, review.id)
    without = [
        row.line.applicant
        for row in announcing.rows(session, review.id)
        if row.line.item.status == "voted" and not (row.line.item.panel_opinion or said.get(row.line.item.id))
    ]
    if without:
        named = few_words(without)
        message = f"会议记录缺少{len(without)}位申报人的评议意见：{named}。"
        problems.append(Problem("opinions", message, "opinions", CLAUSE))
    return problems


def compose(session: Session, review: ReviewSession) -> dict[str, Any]:
    """The minutes as they stand: attendance, reviewees, opinions, results with both counts, rules, recording."""
    people = {line.seat.id: line for line in seats.lines(session, review.id)}
    said = opinions(session, review.id)
    back = [line for line in recusals.lines(session, review.id) if line.recusal.status == "recused"]
    away: dict[int, list[int]] = {}
    for line in back:
        away.setdefault(line.item.id, []).append(line.seat.id)
    rules = sessions.rules_of(session, review)
    return {
        "title": review.title,
        "place": review.place,
        "opened_at": _text(review.opened_at),
        "ended_at": _text(review.ended_at),
        "recording": review.recording,
        "roster_size": review.roster_size,
        "rules": rules.as_dict(),
        "rules_minuted_at": _text(review.rules_minuted_at),
        "presiding": people[review.presiding_id].name if review.presiding_id in people else None,
        "attendance": [_attended(line, _earlier(review, line.seat.id)) for line in people.values()],
        "checks": review.checks,
        "postponed": review.postponed,
        "items": [
            _item(row, said.get(row.line.item.id, []), [people[each].name for each in away.get(row.line.item.id, [])])
            | {"defence": defences.of_item(review, row.line.item.id)}
            for row in announcing.rows(session, review.id)
        ],
    }


def opinions(session: Session, review_id: int) -> dict[int, list[str]]:
    """Item → the opinions handed in by experts, without their names."""
    wanted = (
        select(ReviewOpinion.item_id, ReviewOpinion.text)
        .join(AgendaItem, AgendaItem.id == ReviewOpinion.item_id)
        .where(AgendaItem.session_id == review_id, ReviewOpinion.handed_in_at.is_not(None), ReviewOpinion.text != "")
        .order_by(ReviewOpinion.item_id, ReviewOpinion.text)
    )
    found: dict[int, list[str]] = {}
    for item_id, text in session.execute(wanted):
        found.setdefault(item_id, []).append(text)
    return found


def read(session: Session, review: ReviewSession) -> dict[str, Any]:
    """The minutes as kept; while they are not complete, as they stand."""
    return snapshots.read(session, review.minutes["digest"]) if review.minutes else compose(session, review)


def _opinions(session: Session, review: ReviewSession, rows: Sequence[Mapping[str, Any]]) -> None:
    known = {str(row.line.item.id): row.line.item for row in announcing.rows(session, review.id)}
    for row in rows:
        item = known.get(str(row.get("_id")))
        if item is not None and str(row.get("panel_opinion") or "").strip():
            item.panel_opinion = str(row["panel_opinion"]).strip()
    session.flush()


def _earlier(review: ReviewSession, seat_id: int) -> list[str]:
    """When the seat was taken in sittings that were put off or adjourned."""
    return [entry["at"] for entry in review.postponed if seat_id in entry["seats"]]


def _attended(line: seats.Line, earlier: list[str]) -> dict[str, Any]:
    seat = line.seat
    return {
        "number": seat.number,
        "name": line.name,
        "employer": line.expert.employer_name,
        "position": seats.POSITIONS[seat.position],
        "signed_in_at": _text(seat.signed_in_at),
        "left_at": _text(seat.left_at),
        "pledged": seat.pledged_at is not None,
        "phone_receipt": seat.phone_receipt,
        "stands_in": seat.replaces_id is not None,
        "earlier": earlier,
    }


def _item(row: Row, said: list[str], away: list[str]) -> dict[str, Any]:
    item, declaration, tally = row.line.item, row.line.declaration, row.tally
    found: dict[str, Any] = {
        "place": item.place,
        "applicant": row.line.applicant,
        "acceptance_no": declaration.acceptance_no,
        "title": dictionaries.label("title", declaration.title),
        "panel": row.line.panel,
        "status": item.status,
        "reason": item.reason,
        "panel_opinion": item.panel_opinion,
        "opinions": said,
        "recused": away,
        "passed": item.passed,
    }
    if tally is not None:
        figures = ("yes", "no", "abstain", "present", "recused", "counted", "other_way")
        found["tally"] = {key: getattr(tally, key) for key in figures}
    return found


def _text(at: datetime | None) -> str | None:
    return None if at is None else clock.local(at).isoformat()
