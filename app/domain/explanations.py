"""Why a date is what it is, in plain words: the rule, the days counted and skipped, the clause, what moved it (D13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.clock import local
from app.domain import badges, calendar, deadline_rules, deadlines, parameters
from app.domain.calendar import Skipped
from app.domain.deadline_rules import DeadlineRule, Hold, spoken
from app.domain.wording import day_words, days_words, moment_words
from app.models.process import Deadline, ProcessInstance

_FEW = 5
UNITS = {"working_day": "个工作日", "calendar_day": "日", "month": "个月"}


@dataclass(frozen=True)
class Explanation:
    """`due` is empty while the clock stands still; the rest are sentences, empty where there is nothing to say."""

    meaning: str
    due: str
    rule: str
    start: str
    skipped: str
    clause: str
    holds: tuple[str, ...]
    changes: tuple[str, ...]
    provisional: bool


def explain(session: Session, deadline: Deadline, instance: ProcessInstance) -> Explanation:
    """The explanation of one deadline of `instance`, computed from the rule as it stands."""
    rule = deadlines.rule_of(session, instance, deadline.rule)
    if rule.kind == "relative" and deadline.count is not None:
        rule = rule.lasting(deadline.count)
    start = deadline.starts_at
    skipped: tuple[Skipped, ...] = ()
    if start is not None:
        found = deadline_rules.due_with_holds(rule, start, _holds(deadline), calendar.calendar_of(session))
        skipped = found.skipped if found else ()
    return Explanation(
        meaning=meaning(session, instance.notice_version_id, deadline.rule),
        due=spoken(deadline.due_at) if deadline.due_at else "",
        rule=_rule_words(rule),
        start="" if rule.kind == "absolute" or start is None else f"{day_words(local(start).date())}起算",
        skipped=_skipped_words(skipped),
        clause=deadline.clause or _declared_clause(session, instance.notice_version_id, deadline.rule),
        holds=tuple(_hold_words(entry) for entry in deadline.held_by),
        changes=tuple(_change_words(entry) for entry in deadline.history),
        provisional=deadline.provisional,
    )


def meaning(session: Session, notice_version_id: int, rule: str) -> str:
    """What the rule's parameter means, as the notice's vocabulary says."""
    spec = parameters.keys(session, notice_version_id).get(rule)
    return spec.meaning if spec else rule


def _declared_clause(session: Session, notice_version_id: int, rule: str) -> str:
    """The clause the vocabulary names, where the notice's own entry names none."""
    spec = parameters.keys(session, notice_version_id).get(rule)
    return (spec.clause if spec else None) or ""


def few_words(names: Sequence[str]) -> str:
    """The first five of a list, 等 for the rest."""
    return "、".join(names[:_FEW]) + ("等" if len(names) > _FEW else "")


def _rule_words(rule: DeadlineRule) -> str:
    if rule.at is not None:
        return f"截止前第{rule.ahead}个工作日" if rule.ahead else "通知日程规定的时间"
    length = f"{rule.count}{UNITS[rule.unit or 'working_day']}"
    words = f"起算当日计入，共{length}" if rule.convention == "inclusive" else f"起算次日开始计算，共{length}"
    return f"{words}，但不晚于{spoken(rule.cap)}" if rule.cap else words


def _skipped_words(skipped: Iterable[Skipped]) -> str:
    words = days_words(skipped)
    return f"其间{words}不计" if words else ""


def _hold_words(entry: dict[str, str]) -> str:
    since = moment_words(datetime.fromisoformat(entry["since"]))
    reason = badges.reason_words(entry["reason"])
    if not entry["until"]:
        return f"{since}起计时暂停：{reason}"
    return f"{since}至{moment_words(datetime.fromisoformat(entry['until']))}计时暂停：{reason}"


def _change_words(entry: dict[str, str]) -> str:
    at = moment_words(datetime.fromisoformat(entry["at"]))
    before, after = (spoken(datetime.fromisoformat(entry[key])) if entry[key] else "暂停" for key in ("from", "to"))
    return f"{at}由{before}调整为{after}" + (f"（{entry['why']}）" if entry.get("why") else "")


def _holds(deadline: Deadline) -> list[Hold]:
    return [
        Hold(
            entry["reason"],
            datetime.fromisoformat(entry["since"]),
            datetime.fromisoformat(entry["until"]) if entry["until"] else None,
        )
        for entry in deadline.held_by
    ]
