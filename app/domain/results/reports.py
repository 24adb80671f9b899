"""评审情况报告: what the office reports after a review, to whom, and when (R-200)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain.offices import Actor, require_text
from app.models.review import ReviewSession


def submit(session: Session, review: ReviewSession, actor: Actor, to: int, values: Mapping[str, Any]) -> None:
    """Keep the report with its figures, who handed it in and to which body. Refused without a text."""
    require_text(values, "text", "请填写评审情况。")
    said = {key: values.get(key) for key in ("text", "attachment", "reviewed", "passed")}
    review.report = {**said, "to": to, "by": actor.person_id, "at": clock.now(session).isoformat()}
