"""What every lamp says, and how things are counted without reading them all."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

OK, WARN, BAD, UNKNOWN = "ok", "warn", "bad", "unknown"
STATES = {OK: "正常", WARN: "请留意", BAD: "异常", UNKNOWN: "不详"}
MANY = 1000


@dataclass(frozen=True)
class Lamp:
    """`says` what is found, `remedy` what to do where it is not as it should be, `figures` the same for machines."""

    key: str
    title: str
    state: str
    says: str
    remedy: str = ""
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return STATES[self.state]


def counted(session: Session, rows: Select[Any]) -> int:
    """How many rows, as far as MANY and one more."""
    return session.scalar(select(func.count()).select_from(rows.limit(MANY + 1).subquery())) or 0


def count_words(count: int) -> str:
    return f"超过{MANY}" if count > MANY else str(count)


def age_words(age: timedelta) -> str:
    """`35秒`, `12分钟`, `3小时`, `2天`: the largest unit that is full."""
    seconds = max(0, int(age.total_seconds()))
    for unit, words in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= unit:
            return f"{seconds // unit}{words}"
    return f"{seconds}秒"
