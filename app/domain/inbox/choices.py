"""What a list's filters offer, with how many of the whole list each would find."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain import dictionaries
from app.domain.inbox.titles import joined
from app.models.declaration import Declaration
from app.models.notice import Notice, NoticeVersion
from app.models.people import Organisation
from app.models.process import Task


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int | None  # None where nobody counted


@dataclass(frozen=True)
class Taken:
    """A decision that was taken on a form of a version, whose words say what it was."""

    decision: str
    form_key: str
    notice_version_id: int
    count: int


def of(session: Session, whole: ColumnElement[bool]) -> dict[str, list[Choice]]:
    """Notices, levels, stages and offices of the whole list with their counts; one statement."""
    columns = (Notice.key, Notice.title, Declaration.level, Task.name, Task.organisation_id, Organisation.name)
    rows = session.execute(joined(select(*columns, func.count(Task.id))).where(whole).group_by(*columns)).all()
    notices: Counter[tuple[str, str]] = Counter()
    levels: Counter[str] = Counter()
    stages: Counter[tuple[str, str]] = Counter()
    offices: Counter[tuple[str, str]] = Counter()
    for key, name, level, stage, office, office_name, count in rows:
        notices[key, name] += count
        levels[level or ""] += count
        stages[stage, stage] += count
        if office is not None:
            offices[str(office), office_name] += count
    known = [entry["code"] for entry in dictionaries.entries("level")]
    return {
        "notice": _choices(notices),
        "level": [Choice(each, dictionaries.label("level", each), levels[each]) for each in known if levels[each]],
        "stage": _choices(stages),
        "office": _choices(offices),
    }


def decisions(session: Session, whole: ColumnElement[bool]) -> list[Taken]:
    """The decisions of a list of what was done; one statement."""
    columns = (Task.decision, Task.form_key, NoticeVersion.id)
    wanted = joined(select(*columns, func.count(Task.id))).where(whole, Task.decision.is_not(None))
    rows = session.execute(wanted.group_by(*columns))
    return [Taken(decision or "", form_key or "", version, count) for decision, form_key, version, count in rows]


def _choices(counted: Counter[tuple[str, str]]) -> list[Choice]:
    return [Choice(value, label, count) for (value, label), count in sorted(counted.items(), key=_by_label)]


def _by_label(entry: tuple[tuple[str, str], int]) -> tuple[str, str]:
    (value, label), _ = entry
    return label, value


def adding_up(found: Iterable[tuple[str, str, int]]) -> list[Choice]:
    """(value, label, count), those of one value together under all their labels."""
    labels: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    for value, label, count in found:
        counts[value] += count
        if label not in labels.setdefault(value, []):
            labels[value].append(label)
    return [Choice(value, "／".join(sorted(labels[value])), counts[value]) for value in sorted(labels)]
