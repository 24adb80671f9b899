"""What the forms of a session are prefilled with: its time, quorum, agenda, results and what is minuted so far."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import dictionaries
from app.domain.reviews import announcing, defences, quorum, seats, sessions
from app.domain.reviews.agenda import STATUSES
from app.domain.reviews.announcing import Row
from app.models.review import ReviewSession

Values = dict[str, Any]
ROWS = frozenset({"items", "results", "opinions", "defences"})
QUORUM = frozenset({"quorum_words", "presiding", "recused_rule"})


def load(session: Session, review: ReviewSession, wanted: Collection[str]) -> Values:
    """The values that a form of the session may ask for; what costs a look into further tables only if `wanted`."""
    found: Values = {
        "planned_from": _text(review.planned_from),
        "planned_until": _text(review.planned_until),
        "place": review.place,
        "recording": review.recording,
        "discussion": review.minutes.get("discussion"),
    }
    if QUORUM & set(wanted):
        found |= _standing(session, review)
    if ROWS & set(wanted):
        rows = [_row(row) for row in announcing.rows(session, review.id)]
        listed = [row for row in rows if row["status"] != STATUSES["dropped"]]
        waiting = [
            {**row, **defences.of_item(review, int(row["_id"]))} for row in rows if row["status"] == STATUSES["listed"]
        ]
        voted = [row for row in rows if row["status"] == STATUSES["voted"]]
        found |= {"items": listed, "results": listed, "opinions": voted, "defences": waiting}
    return found


def outcome(row: Row) -> str:
    """The result of an item in words; empty before it is decided."""
    item = row.line.item
    if item.status != "voted":
        return "" if item.status == "listed" else STATUSES[item.status]
    return "评审通过" if item.passed else "评审未通过"


def count_words(row: Row) -> str:
    """同意8 不同意2 弃权1（计票基数11人，回避1人；另一算法基数10人，通过）: both counts of an item (R-185)."""
    tally = row.tally
    if tally is None:
        return ""
    beside = ""
    if tally.recused:
        other = tally.other_way or {}
        found = "通过" if other.get("passed") else "未通过"
        beside = f"，回避{tally.recused}人；另一算法基数{other.get('counted')}人，{found}"
    return f"同意{tally.yes} 不同意{tally.no} 弃权{tally.abstain}（计票基数{tally.counted}人{beside}）"


def quorum_words(session: Session, review: ReviewSession) -> str:
    """应到13人，实到11人，法定出席9人，通过须8票; and what if one leaves."""
    rules, shown = sessions.rules_of(session, review), seats.lamp(session, review)
    after = quorum.what_if(rules, shown.size, shown.present)
    words = f"应到{shown.size}人，实到{shown.present}人，法定出席{shown.needed}人"
    if not shown.lit:
        return f"{words}，还差{shown.missing}人"
    held = "仍达到法定出席人数" if after.lit else "将不足法定出席人数"
    return f"{words}，通过须{shown.yes_needed}票；若1人离席，{held}"


def _standing(session: Session, review: ReviewSession) -> Values:
    line = seats.presiding(session, review)
    rules = sessions.rules_of(session, review)
    return {
        "quorum_words": quorum_words(session, review),
        "presiding": f"{line.name}（{seats.POSITIONS[line.seat.position]}）" if line else None,
        "recused_rule": "counted" if rules.recused_count else "left_out",
    }


def _row(row: Row) -> Values:
    item, declaration = row.line.item, row.line.declaration
    return {
        "_id": str(item.id),
        "applicant": row.line.applicant,
        "title": dictionaries.label("title", declaration.title),
        "panel": row.line.panel,
        "status": STATUSES[item.status],
        "tally": count_words(row),
        "outcome": outcome(row),
        "panel_opinion": item.panel_opinion,
    }


def _text(at: datetime | None) -> str | None:
    return clock.local(at).strftime("%Y-%m-%dT%H:%M") if at else None
