"""One clock of an instance stopped by hand, and let run on, for a reason that everybody who sees the date can read."""

from sqlalchemy.orm import Session

from app.domain import badges, deadlines, explanations
from app.domain.deadline_rules import BY_HAND, spoken
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.process import Deadline, ProcessInstance
from app.processes import interventions


def hold(session: Session, deadline_id: int, *, reason: str, person_id: int) -> Deadline:
    """Stop the clock. Raises what `interventions.begin` raises, Conflict for one that is over or stands still by hand
    already, Refused for a date that the notice prints for everybody."""
    row, instance = _open(session, deadline_id, reason)
    if row.kind != "relative":
        raise Refused(Problem("absolute", "此期限是通知规定的统一时间，不能对单件暂停计时。"))
    if standing(row):
        raise Conflict("此期限已经暂停计时，不需要再次暂停。")
    said = reason.strip().rstrip("。")
    deadlines.hold_those(session, Deadline.id == row.id, f"{BY_HAND}:{said}", by=person_id)
    _note(session, instance, row, "deadline_held", said, person_id)
    return row


def release(session: Session, deadline_id: int, *, reason: str, person_id: int) -> Deadline:
    """Let the clock run on that was stopped by hand; a hold that the diagrams gave ends as they draw it.

    Raises what `interventions.begin` raises, Conflict where it is over or nobody stopped it by hand.
    """
    row, instance = _open(session, deadline_id, reason)
    held = standing(row)
    if not held:
        raise Conflict("此期限没有由管理人员暂停计时，无须恢复。")
    for each in held:
        deadlines.release_those(session, Deadline.id == row.id, each, by=person_id)
    _note(session, instance, row, "deadline_released", reason.strip(), person_id)
    return row


def standing(row: Deadline) -> list[str]:
    """The reasons, as the ledger keeps them, for which somebody stopped this clock by hand."""
    return [
        entry["reason"] for entry in row.held_by if not entry["until"] and entry["reason"].startswith(f"{BY_HAND}:")
    ]


def get(session: Session, deadline_id: int) -> Deadline:
    found = session.get(Deadline, deadline_id)
    if found is None or not found.rule:
        raise NotFound("没有找到该期限。")
    return found


def _open(session: Session, deadline_id: int, reason: str) -> tuple[Deadline, ProcessInstance]:
    """The deadline as it stands under its instance's lock."""
    instance = interventions.begin(session, get(session, deadline_id).instance_id, reason)
    row = session.get_one(Deadline, deadline_id, populate_existing=True)
    if row.closed_at is not None:
        raise Conflict("此期限已经结束，不能再暂停或者恢复计时。")
    return row, instance


def _note(session: Session, instance: ProcessInstance, row: Deadline, kind: str, reason: str, by: int) -> None:
    """With what still stops it, where that is so: letting go of one hold need not start the clock."""
    meaning = explanations.meaning(session, instance.notice_version_id, row.rule)
    due = spoken(row.due_at) if row.due_at else "、".join(badges.standing(row.held_by))
    interventions.note(session, instance, kind, by, {"rule": meaning, "due": due, "reason": reason})
