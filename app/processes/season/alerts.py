"""预警: thresholds that a person sets on what he oversees; he is told once when one is crossed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import notifications, permissions
from app.errors import Problem, Refused
from app.models.figures import AlertCrossing, AlertRule, StandingFigure
from app.models.people import Organisation
from app.processes.season import scope, windows
from app.processes.season.scope import Scope

KINDS = {
    "overdue": ("逾期任务总数达到", "件"),
    "queue": ("一个机构的待办达到", "件"),
    "window": ("窗口截止前尚有未办事项，还剩", "个工作日"),
}
MOST = 100_000


@dataclass(frozen=True)
class Crossing:
    """What is beyond a threshold: `subject` names it in the table, `words` for people."""

    subject: str
    words: str
    value: int


def rules_of(session: Session, person_id: int, grant_id: int) -> dict[str, AlertRule]:
    wanted = select(AlertRule).where(AlertRule.person_id == person_id, AlertRule.grant_id == grant_id)
    return {row.kind: row for row in session.scalars(wanted)}


def count_crossed(session: Session, person_id: int, grant_id: int) -> int:
    """How many things he has been told of that are beyond his thresholds still."""
    mine = select(AlertRule.id).where(AlertRule.person_id == person_id, AlertRule.grant_id == grant_id)
    wanted = select(func.count()).select_from(AlertCrossing).where(AlertCrossing.rule_id.in_(mine))
    return session.scalar(wanted) or 0


def crossed(session: Session, person_id: int, grant_id: int) -> list[str]:
    """What is beyond his thresholds as the figures stand, in words."""
    rules = rules_of(session, person_id, grant_id)
    return [each.words for rule in rules.values() for each in _crossings(session, rule)]


def set_rules(session: Session, person_id: int, grant_id: int, said: Mapping[str, str]) -> None:
    """Thresholds by kind; an empty one is given up. Refused, every fault at once."""
    wrong = [kind for kind in KINDS if said.get(kind, "").strip() and not _number(said[kind])]
    if wrong:
        raise Refused(*(Problem("number", f"“{KINDS[kind][0]}”请填写1至{MOST}之间的整数。", kind) for kind in wrong))
    known = rules_of(session, person_id, grant_id)
    for kind in KINDS:
        number, rule = _number(said.get(kind, "")), known.get(kind)
        if rule is not None and rule.threshold != number:
            session.execute(delete(AlertCrossing).where(AlertCrossing.rule_id == rule.id))
        if number is None and rule is not None:
            session.delete(rule)
        elif number is not None and rule is not None:
            rule.threshold = number
        elif number is not None:
            about = {"kind": kind, "threshold": number, "set_at": clock.now(session)}
            session.add(AlertRule(person_id=person_id, grant_id=grant_id, **about))
    session.flush()


def check(database: Database) -> int:
    """Compare every threshold with the figures as they stand; returns how many people were told something."""
    with database.reading() as session:
        rules = session.scalars(select(AlertRule).order_by(AlertRule.id)).all()
        found = {rule.id: list(_crossings(session, rule)) for rule in rules}
        known = _known(session)
        news = {rule.id: _differs(known.get(rule.id, {}), found[rule.id]) for rule in rules}
    if not any(news.values()):
        return 0
    with database.transaction() as session:
        return sum(_keep(session, rule, found[rule.id]) for rule in rules if news[rule.id])


def _differs(known: Mapping[str, datetime], found: list[Crossing]) -> bool:
    return set(known) != {each.subject for each in found}


def _known(session: Session) -> dict[int, dict[str, datetime]]:
    found: dict[int, dict[str, datetime]] = {}
    for row in session.scalars(select(AlertCrossing)):
        found.setdefault(row.rule_id, {})[row.subject] = row.since
    return found


def _keep(session: Session, rule: AlertRule, found: list[Crossing]) -> int:
    """Write what is crossed; what is new among it is told, in one notification."""
    if session.get(AlertRule, rule.id) is None:
        return 0  # given up meanwhile
    known = set(session.scalars(select(AlertCrossing.subject).where(AlertCrossing.rule_id == rule.id)))
    gone = known - {each.subject for each in found}
    session.execute(delete(AlertCrossing).where(AlertCrossing.rule_id == rule.id, AlertCrossing.subject.in_(gone)))
    fresh = [each for each in found if each.subject not in known]
    of_rule = {"rule_id": rule.id, "since": clock.now(session)}
    session.add_all(AlertCrossing(**of_rule, subject=each.subject, value=each.value) for each in fresh)
    if not fresh:
        return 0
    words = "；".join(each.words for each in fresh[:20])
    more = f"；等{len(fresh)}项" if len(fresh) > 20 else ""
    notifications.post(session, [rule.person_id], "figures_alert", {"words": f"{words}{more}"})
    return 1


def _crossings(session: Session, rule: AlertRule) -> Iterator[Crossing]:
    """Nothing for who no longer holds the post in which he set it."""
    grants = permissions.grants_of(session, rule.person_id).acting_as(rule.grant_id)
    for notice in scope.notices(session, grants):
        yield from _BY_KIND[rule.kind](session, scope.of(session, grants, notice), rule.threshold)


def _overdue(session: Session, season: Scope, threshold: int) -> Iterator[Crossing]:
    count = session.scalar(select(func.sum(StandingFigure.overdue)).where(season.steps())) or 0
    if count >= threshold:
        yield Crossing(f"notice {season.notice.id}", f"{season.notice.number}逾期任务{count}件", count)


def _queue(session: Session, season: Scope, threshold: int) -> Iterator[Crossing]:
    table, count = StandingFigure, func.sum(StandingFigure.count)
    grouped = select(Organisation.id, Organisation.name, count).join(table, table.organisation_id == Organisation.id)
    grouped = grouped.where(season.offices()).group_by(Organisation.id, Organisation.name)
    for key, name, held in session.execute(grouped.having(count >= threshold).order_by(count.desc())):
        yield Crossing(f"notice {season.notice.id} office {key}", f"{name}待办{held}件", held)


def _window(session: Session, season: Scope, threshold: int) -> Iterator[Crossing]:
    for line in windows.near(session, season):
        ends = line.state == "open" and line.window.closes is not None
        if ends and line.left and line.days <= threshold:
            words = f"{line.committee.name}{line.words}{line.said}，{line.left_words}{line.left}件"
            yield Crossing(f"window {line.committee.id} {line.name}", words, line.days)


_BY_KIND = {"overdue": _overdue, "queue": _queue, "window": _window}


def _number(said: str) -> int | None:
    words = said.strip()
    return int(words) if words.isdecimal() and 0 < int(words) <= MOST else None
