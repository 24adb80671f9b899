"""提前待核准: a calendar in force would end an announced period earlier than its people were told; that waits (D13).

Nothing is stored for the waiting but the calendar's revision by which the deadline was last computed: such a row stays
behind, all others are brought up to the revision in force. Who publishes a calendar does not approve what it shortens.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import calendar, deadlines
from app.domain.deadlines import Change
from app.errors import Problem, Refused
from app.models.process import Deadline

_AT_ONCE = 1000  # rows that one statement names
_ROWS_ONLY = {"synchronize_session": False}


def apply_calendar(session: Session, changes: Sequence[Change], *, why: str, by: int | None) -> tuple[int, int]:
    """Write what a changed calendar does to the open deadlines; how many moved or became certain, how many wait.

    An instance is not loaded; five thousand deadlines take a few dozen statements.
    """
    left = [change.deadline_id for change in changes if change.shortens]
    moved = deadlines.apply(session, changes, why=why, by=by)
    revision = calendar.calendar_of(session).revision
    everyone = update(Deadline).where(Deadline.closed_at.is_(None))
    session.execute(everyone.values(calendar_revision=revision), execution_options=_ROWS_ONLY)
    for start in range(0, len(left), _AT_ONCE):
        theirs = update(Deadline).where(Deadline.id.in_(left[start : start + _AT_ONCE]))
        session.execute(theirs.values(calendar_revision=revision - 1), execution_options=_ROWS_ONLY)
    return moved, len(left)


def waiting(session: Session) -> list[Change]:
    """The open deadlines whose earlier end nobody has approved or refused yet."""
    behind = Deadline.calendar_revision < calendar.calendar_of(session).revision
    return [change for change in deadlines.preview(session, behind) if change.shortens]


def approve(session: Session, ids: Collection[int] | None, *, reason: str, by: int) -> int:
    """Let these waiting deadlines (None: all) end earlier; gives how many.

    Refused without a reason, and where none of them waits.
    """
    chosen = _chosen(session, ids, reason)
    return deadlines.apply(session, chosen, why=f"核准提前（{reason.strip()}）", by=by, shorten=True)


def keep(session: Session, ids: Collection[int] | None, *, reason: str, by: int) -> int:
    """Let these waiting deadlines stand as announced; gives how many. Refused as `approve` is."""
    chosen = _chosen(session, ids, reason)
    revision, now = calendar.calendar_of(session).revision, clock.now(session).isoformat()
    for row in session.scalars(select(Deadline).where(Deadline.id.in_([change.deadline_id for change in chosen]))):
        stands = row.due_at.isoformat() if row.due_at else None
        entry = {"at": now, "from": stands, "to": stands, "why": f"维持原定日期（{reason.strip()}）", "by": by}
        row.history, row.calendar_revision = [*row.history, entry], revision
    session.flush()
    return len(chosen)


def _chosen(session: Session, ids: Collection[int] | None, reason: str) -> list[Change]:
    chosen = [change for change in waiting(session) if ids is None or change.deadline_id in ids]
    problems = []
    if not chosen:
        problems.append(Problem("nothing", "请勾选待核准的期限；已处理的不再列出。"))
    if not reason.strip():
        problems.append(Problem("missing", "请填写理由。", "reason"))
    if problems:
        raise Refused(*problems)
    return chosen
