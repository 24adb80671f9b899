"""What a list's filters offer, with how many of the whole list each would find."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain import dictionaries
from app.domain.inbox.titles import joined
from app.models.declaration import Declaration
from app.models.notice import Notice
from app.models.process import Task


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int | None  # None where nobody counted


def of(session: Session, whole: ColumnElement[bool]) -> dict[str, list[Choice]]:
    """Notices, levels and stages of the whole list with their counts; one statement."""
    columns = (Notice.key, Notice.title, Declaration.level, Task.name)
    rows = session.execute(joined(select(*columns, func.count(Task.id))).where(whole).group_by(*columns)).all()
    notices: Counter[tuple[str, str]] = Counter()
    levels: Counter[str] = Counter()
    stages: Counter[str] = Counter()
    for key, name, level, stage, count in rows:
        notices[key, name] += count
        levels[level or ""] += count
        stages[stage] += count
    known = [entry["code"] for entry in dictionaries.entries("level")]
    return {
        "notice": [Choice(key, name, count) for (key, name), count in sorted(notices.items())],
        "level": [Choice(each, dictionaries.label("level", each), levels[each]) for each in known if levels[each]],
        "stage": [Choice(stage, stage, count) for stage, count in sorted(stages.items())],
    }
