"""推荐排序: the names of a batch in the order its unit recommends them, kept in the draft of 择优确定推荐人选.

Ranks are 1, 2, 3 … without ties or gaps among the names recommended; who is not recommended has none.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound, Problem, Refused
from app.models.process import Task
from app.models.recommendation import UnitBatch
from app.processes import tasks
from app.processes.tasks import Actor

FORM, TABLE = "unit_merit", "declarations"
Row = dict[str, Any]
_REASON = 500  # as long as the form takes


def task_of(session: Session, batch: UnitBatch) -> Task:
    """The open task in which the batch's names are chosen. NotFound once they are."""
    wanted = select(Task).where(Task.instance_id == batch.instance_id, Task.form_key == FORM, Task.status == "open")
    found = session.scalar(wanted.order_by(Task.id.desc()).limit(1))
    if found is None:
        raise NotFound("本批推荐人选已经确定，不能再排序。")
    return found


def rows(session: Session, task: Task) -> list[Row]:
    """Every name of the batch as the draft has it, ranked ones first, in order."""
    return ordered(tasks.sheet(session, task.id).values.get(TABLE) or [])


def ordered(found: Sequence[Mapping[str, Any]]) -> list[Row]:
    """By rank, then as they stood; those not recommended at the end. Ranks become 1, 2, 3 …"""
    standing = sorted(found, key=lambda row: (row.get("recommend") == "no", row.get("rank") or len(found) + 1))
    last = 0
    ranked = []
    for row in standing:
        if row.get("recommend") == "no":
            ranked.append({**row, "rank": None})
        else:
            last += 1
            ranked.append({**row, "rank": last})
    return ranked


def moved(found: Sequence[Row], row_id: str, by: int) -> list[Row]:
    """One name `by` places further down (up where negative), as far as there are places."""
    left = [row for row in found if row["_id"] != row_id]
    at = next((n for n, row in enumerate(found) if row["_id"] == row_id), None)
    if at is None:
        raise NotFound("没有找到该申报人，请刷新名单。")
    place = min(max(0, at + by), len(left))
    placed = [*left[:place], dict(found[at]), *left[place:]]
    return ordered([{**row, "rank": number} for number, row in enumerate(placed, 1)])


def given(found: Sequence[Row], said: Callable[[str], str]) -> list[Row]:
    """The rows with what a page says of each: `rank-<id>`, `recommend-<id>` (yes, no), `reason-<id>`.

    A name put at the rank of another takes its place, and the other gives way. Refused for a rank that is no number
    and a reason too long.
    """
    changed = []
    for row in found:
        rank, recommend = said(f"rank-{row['_id']}").strip(), said(f"recommend-{row['_id']}")
        reason = said(f"reason-{row['_id']}").strip()
        if rank and not rank.isdecimal():
            raise Refused(Problem("rank", f"{row['applicant']}的推荐顺序请填写数字。", f"rank-{row['_id']}"))
        if len(reason) > _REASON:
            raise Refused(Problem("reason", f"{row['applicant']}的理由不超过{_REASON}字。", f"reason-{row['_id']}"))
        wanted = int(rank) if rank else None
        changed.append(
            {
                **row,
                "rank": None if wanted is None else _between(wanted, row.get("rank")),
                "recommend": recommend if recommend in ("yes", "no") else None,
                "reason": reason or None,
            }
        )
    return ordered(changed)


def _between(wanted: int, held: int | None) -> float:
    """Just before the holder of the wanted rank where the name moves up, just after where it moves down."""
    if held is None or wanted == held:
        return wanted
    return wanted - 0.5 if wanted < held else wanted + 0.5


def save(session: Session, task: Task, actor: Actor, found: Sequence[Row], token: str | None) -> None:
    """Keep the order in the task's draft. Raises Conflict where another window saved since `token`."""
    kept = [
        {key: row[key] for key in ("_id", "recommend", "rank", "reason") if row.get(key) is not None} for row in found
    ]
    tasks.save_draft(session, task.id, actor, {**(task.draft or {}), TABLE: kept}, token)
