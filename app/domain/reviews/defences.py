"""专业答辩、专业考核（考试）: each applicant's result before the vote, where the notice asks for it (R-182)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.domain.explanations import few_words
from app.domain.offices import Actor
from app.domain.reviews import agenda, sessions
from app.errors import Problem, Refused
from app.models.review import ReviewSession

CHECK = "defence"  # where the session keeps it


def required(session: Session, review: ReviewSession) -> bool:
    """Whether the notice has the applicants defend or sit an exam, and nobody has entered the results yet."""
    asked = sessions.asked(session, review, "defence_or_exam", otherwise="none")
    return asked != "none" and CHECK not in review.checks


def keep(session: Session, review: ReviewSession, rows: Sequence[Mapping[str, Any]], actor: Actor) -> None:
    """Rows {_id: item id, score, note}. Refused where a listed applicant has neither a score nor a note."""
    said = {str(row.get("_id")): row for row in rows}
    without = [
        line.applicant
        for line in agenda.lines(session, review.id)
        if line.item.status == "listed" and not _said(said.get(str(line.item.id), {}))
    ]
    if without:
        named = few_words(without)
        message = f"还有{len(without)}位申报人没有登记答辩（考核）成绩：{named}。未参加的请写明情况。"
        raise Refused(Problem("missing", message, "defences", "N1 §二(一)；R-182"))
    kept = {key: {"score": row.get("score"), "note": str(row.get("note") or "").strip()} for key, row in said.items()}
    sessions.note_check(session, review, CHECK, {"rows": kept}, actor.person_id)
    session.flush()


def of_item(review: ReviewSession, item_id: int) -> dict[str, Any]:
    """{score, note} of an item; empty where there was none."""
    found: dict[str, Any] = review.checks.get(CHECK, {}).get("rows", {}).get(str(item_id), {})
    return found


def _said(row: Mapping[str, Any]) -> bool:
    return row.get("score") is not None or bool(str(row.get("note") or "").strip())
