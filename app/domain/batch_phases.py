"""Where a unit's batch stands: its row says who was chosen and who went up, its rounds what is publicised."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, select

from app.models.recommendation import Publicity, UnitBatch

PHASES = {
    "collecting": "收集待定",
    "decided": "人选已定，待公示",
    "publicity": "公示中",
    "publicised": "公示结束，待上报",
    "submitted": "已推荐上报",
    "closed": "已结束，无人上报",
}
DECIDING = ("collecting", "decided")  # before and between publicities: names may still be ranked


def of(batch: UnitBatch, shown: Publicity | None) -> str:
    """A key of PHASES; `shown` is the round that counts, if there is one."""
    if shown is None:
        return batch.phase
    if shown.closed_at is None:
        return "publicity"
    return "publicised" if batch.phase == "decided" else batch.phase


def column(batch: Any = UnitBatch) -> ColumnElement[str]:
    """As `of`, in SQL; `batch` may be an alias."""
    counts = select(Publicity.id).where(Publicity.batch_id == batch.id, Publicity.superseded_at.is_(None))
    return case(
        (counts.where(Publicity.closed_at.is_(None)).exists(), "publicity"),
        (and_(batch.phase == "decided", counts.exists()), "publicised"),
        else_=batch.phase,
    )
