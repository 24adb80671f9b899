"""Result publicity: open to everybody in its days, frozen when it begins, mirrored by the approving body (R-201)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import declarations, dictionaries, parameters, publicity_days, snapshots
from app.domain.calendar import calendar_of
from app.domain.deadline_rules import DeadlineRule, Due, due
from app.domain.offices import Actor
from app.domain.publicity_days import Period
from app.domain.results import names
from app.errors import NotFound, Problem, Refused
from app.models.review import ResultPublicity, ReviewSession

RULE = "result_publicity"  # the parameter that holds how long a result is shown
_SECOND = timedelta(seconds=1)
CHANNELS = {"office": "评委会组建单位", "approving": "核准备案机构"}


@dataclass(frozen=True)
class Shown:
    """One name as the public reads it."""

    declaration_id: int
    name: str
    unit: str
    title: str
    specialty: str


def rule_of(session: Session, review: ReviewSession) -> DeadlineRule:
    return parameters.deadline_rule(session, review.notice_version_id, RULE, review.committee_id)


def preview(session: Session, review: ReviewSession) -> Due:
    """What days a publicity that is begun now would have; shown before it is confirmed."""
    return due(rule_of(session, review), clock.now(session), calendar_of(session))


def start(session: Session, review: ReviewSession, actor: Actor, values: Mapping[str, Any]) -> ResultPublicity:
    """Freeze the names that passed and begin to count; each of them turns PASSED_PUBLICITY.

    Refused for a missing channel, for another number of names than the office confirmed, and where nobody passed.
    """
    passed = [name for name in names.of_session(session, review.id) if name.open]
    _check(passed, values)
    now, rule = clock.now(session), rule_of(session, review)
    counted = due(rule, now, calendar_of(session))
    before = last(session, review.id)
    shown = ResultPublicity(
        session_id=review.id,
        round=before.round + 1 if before else 1,
        snapshot_digest=snapshots.freeze(session, _content(session, review, passed)),
        starts_at=now,
        ends_at=counted.due_at,
        last_day=counted.last_day,
        working_days=rule.count or counted.working_days,
        provisional=counted.provisional,
        channels=[
            {"kind": kind, "name": values[f"{kind}_contact_name"], "phone": values[f"{kind}_contact_phone"]}
            for kind in CHANNELS
        ],
        reporting_method=values.get("reporting_method") or None,
        started_by=actor.person_id,
    )
    session.add(shown)
    session.flush()
    declarations.set_status_of(session, [name.declaration.id for name in passed], "PASSED_PUBLICITY")
    return shown


def mirror(session: Session, review: ReviewSession, actor: Actor) -> None:
    """同步公示: the approving body shows the same list in its own name from now on."""
    shown = of_session(session, review.id)
    shown.mirrored_by, shown.mirrored_at = actor.organisation_id, clock.now(session)


def close(session: Session, review: ReviewSession) -> None:
    """The days are over: nobody sees it any more, and who is not held waits to be confirmed."""
    shown = of_session(session, review.id)
    shown.closed_at = clock.now(session)
    waiting = [name.declaration.id for name in names.of_session(session, review.id) if name.open]
    declarations.set_status_of(session, waiting, "CONFIRMING")


def last(session: Session, session_id: int) -> ResultPublicity | None:
    """The latest round of the session's result publicity; None before the first."""
    wanted = select(ResultPublicity).where(ResultPublicity.session_id == session_id)
    return session.scalar(wanted.order_by(ResultPublicity.round.desc()).limit(1))


def of_session(session: Session, session_id: int) -> ResultPublicity:
    found = last(session, session_id)
    if found is None:
        raise NotFound("本次评审会议的结果尚未公示。")
    return found


def periods(session: Session, found: Sequence[tuple[ResultPublicity, ReviewSession]]) -> dict[int, Period]:
    """Publicity id → its days; two statements at most, and the rules of the notices."""
    announced = publicity_days.announced(session, RULE, [review.instance_id for _, review in found])
    calendar, now = calendar_of(session), clock.now(session)
    return {
        shown.id: publicity_days.period(
            due(rule_of(session, review), shown.starts_at, calendar),
            row.due_at if (row := announced.get((review.instance_id, shown.starts_at))) else None,
            shown.closed_at or now,
            calendar,
        )
        for shown, review in found
    }


def on_show(session: Session) -> list[tuple[ResultPublicity, ReviewSession, Period]]:
    """What the public may read now, the newest first: begun, not closed and its days not over."""
    rows = session.execute(
        select(ResultPublicity, ReviewSession)
        .join(ReviewSession, ReviewSession.id == ResultPublicity.session_id)
        .where(ResultPublicity.closed_at.is_(None))
        .order_by(ResultPublicity.id.desc())
    )
    found = [(shown, review) for shown, review in rows.all()]
    days, now = periods(session, found), clock.now(session)
    return [(shown, review, days[shown.id]) for shown, review in found if now < days[shown.id].ends_at]


def content(session: Session, shown: ResultPublicity) -> list[Shown]:
    """The frozen names, never today's records."""
    return [Shown(**row) for row in snapshots.read(session, shown.snapshot_digest)["names"]]


def last_moment(session: Session, review: ReviewSession) -> datetime:
    """The last second of the publicity, after which 15 working days are counted (R-203)."""
    shown = of_session(session, review.id)
    ends_at = periods(session, [(shown, review)])[shown.id].ends_at
    return ends_at - _SECOND


def _content(session: Session, review: ReviewSession, passed: Sequence[names.Name]) -> dict[str, Any]:
    """{"session": id, "names": […]}: what a reader needs to know a person, and neither numbers nor votes."""
    units = names.units(session, passed)
    return {"session": review.id, "names": [_row(name, units[name.declaration.id]) for name in passed]}


def _row(name: names.Name, unit: str) -> dict[str, Any]:
    declaration = name.declaration
    return {
        "declaration_id": declaration.id,
        "name": name.applicant,
        "unit": unit,
        "title": dictionaries.label("title", declaration.title),
        "specialty": dictionaries.label("specialty", declaration.specialty),
    }


def _check(passed: Sequence[names.Name], values: Mapping[str, Any]) -> None:
    problems = []
    for kind, office in CHANNELS.items():
        if not (values.get(f"{kind}_contact_name") and str(values.get(f"{kind}_contact_phone") or "").strip()):
            message = f"公示应列明受理渠道，请补充{office}的联系人和电话。"
            problems.append(Problem("channels", message, f"{kind}_contact_name", "N1 §三(一)；R-201"))
    confirmed = values.get("confirmed_count")
    if confirmed is not None and confirmed != len(passed):
        message = f"本次评审通过现有{len(passed)}人可以公示，您确认的为{confirmed}人，请核对名单后再办。"
        problems.append(Problem("count", message, "confirmed_count"))
    if not passed:
        problems.append(Problem("nobody", "本次评审没有可以公示的通过人员。"))
    if problems:
        raise Refused(*problems)
