"""Unit publicity: its terms, what it freezes, its days and its end (R-124…R-126, R-130)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import batches, declarations, parameters, publicity_content, publicity_days, publicity_rounds
from app.domain.calendar import calendar_of
from app.domain.deadline_rules import DeadlineRule, Due, due, opening
from app.domain.offices import Actor
from app.domain.publicity_days import Period
from app.domain.wording import day_words
from app.errors import Problem, Refused
from app.models.process import Deadline
from app.models.recommendation import Publicity, UnitBatch

RULE = publicity_rounds.RULE
CHANNELS = {"unit": "本单位", "superior": "上级主管部门"}
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike on a printed sheet
_BEGINNING_OF_WORK = time(9)


@dataclass(frozen=True)
class Plan:
    """What the unit fills in to start: `channels` [{kind: unit|superior, name, phone}], `proof` attachment ids.

    `planned`: when it starts on the board; an earlier day than today means that it was held off line and is recorded
    afterwards (A3). Empty: now.
    """

    channels: Sequence[Mapping[str, Any]]
    place: str
    platform: str | None = None
    proof: Sequence[int] = ()
    reporting_method: str | None = None
    planned: datetime | None = None


def plan_of(values: Mapping[str, Any]) -> Plan:
    """The plan that the form `unit_publicity` gives."""
    channels = [
        {"kind": kind, "name": values.get(f"{kind}_contact_name"), "phone": values.get(f"{kind}_contact_phone")}
        for kind in CHANNELS
    ]
    planned = values.get("planned_start")
    return Plan(
        channels=channels,
        place=values.get("place") or "",
        platform=values.get("platform") if values.get("has_platform") else None,
        proof=values.get("platform_proof") or (),
        reporting_method=values.get("reporting_method") or None,
        planned=_instant(planned) if planned else None,
    )


def rule_of(session: Session, batch: UnitBatch) -> DeadlineRule:
    return parameters.deadline_rule(session, batch.notice_version_id, RULE)


def preview(session: Session, batch: UnitBatch, planned: datetime | None = None) -> Due:
    """What days a publicity confirmed now would have; shown before confirming (G7)."""
    start = _begins(session, planned, publicity_rounds.last(session, batch.id))
    return due(rule_of(session, batch), start, calendar_of(session))


def start(session: Session, batch: UnitBatch, actor: Actor, plan: Plan) -> Publicity:
    """Freeze what is shown and begin to count; every name turns PUBLICITY.

    After a round that was superseded the next one has the whole period anew, under the same access code. Refused with
    sentence 19 for a missing channel, for a missing place, proof or photograph, while a name is checked again, and for
    a day on which the round before was still shown.
    """
    _check_plan(plan)
    names = [line.declaration for line in batches.lines(session, batch.id) if line.entry.recommended]
    if not names:
        raise Refused(Problem("nobody", "本批没有推荐人选，不能开始公示。"))
    before = publicity_rounds.require_begin(session, batch)
    _check_after(plan, before)
    starts_at, rule = _begins(session, plan.planned, before), rule_of(session, batch)
    counted = due(rule, starts_at, calendar_of(session))
    publicity = Publicity(
        batch_id=batch.id,
        round=before.round + 1 if before else 1,
        snapshot_digest=publicity_content.freeze(session, batch.id, [name.id for name in names]),
        access_code=before.access_code if before else _code(),
        starts_at=starts_at,
        ends_at=counted.due_at,
        last_day=counted.last_day,
        working_days=rule.count or counted.working_days,
        provisional=counted.provisional,
        channels=[dict(channel) for channel in plan.channels],
        place=plan.place.strip(),
        platform=plan.platform or None,
        proof=list(plan.proof),
        reporting_method=plan.reporting_method,
        held_off_line=_before_today(session, plan.planned),
        confirmed_at=clock.now(session),
        confirmed_by=actor.person_id,
    )
    publicity_rounds.add(session, publicity)
    declarations.set_status_of(session, [name.id for name in names], "PUBLICITY")
    return publicity


def period(session: Session, publicity: Publicity) -> Period:
    """The round's days and which of them is now; its end is what the deadline row says, where there is one.

    A round that was superseded keeps the end it had when it was ended, and the day on which it was.
    """
    if not publicity_rounds.is_read(session, publicity):
        return periods(session, [publicity])[publicity.id]
    batch = batches.get(session, publicity.batch_id)
    return _period(session, publicity, batch, publicity_rounds.announced(session, publicity))


def periods(session: Session, found: Sequence[Publicity]) -> dict[int, Period]:
    """Publicity id → its period; a fixed number of statements."""
    batches_of = batches.several(session, [each.batch_id for each in found])
    announced = publicity_days.announced(session, RULE, [batch.instance_id for batch in batches_of.values()])
    return {
        each.id: _period(session, each, batch, announced.get((batch.instance_id, each.starts_at)))
        for each in found
        for batch in [batches_of[each.batch_id]]
    }


def _period(session: Session, publicity: Publicity, batch: UnitBatch, announced: Deadline | None) -> Period:
    calendar = calendar_of(session)
    counted = due(rule_of(session, batch), publicity.starts_at, calendar)
    ends_at = announced.due_at if announced else None
    return publicity_days.period(counted, ends_at, publicity.superseded_at or clock.now(session), calendar)


def close(session: Session, publicity: Publicity, actor: Actor, outcome: str | None, photo: Sequence[int] = ()) -> None:
    """End the publicity; from now on nobody sees it.

    Refused with sentence 20 before its last day is over, and where a record is no longer what was shown of it.
    """
    early = too_early(session, publicity)
    if early is not None:
        raise Refused(early)
    if changed := publicity_content.changed(session, publicity):
        raise Refused(_changed("、".join(line.applicant for line in changed)))
    if photo:
        publicity.photo = [*publicity.photo, *photo]
    publicity.closed_at, publicity.closed_by, publicity.outcome = clock.now(session), actor.person_id, outcome


def too_early(session: Session, publicity: Publicity) -> Problem | None:
    """Sentence 20 while the last day of the publicity is not over."""
    shown = period(session, publicity)
    return _too_early(shown) if clock.now(session) < shown.ends_at else None


def _begins(session: Session, planned: datetime | None, before: Publicity | None) -> datetime:
    """Where counting begins; never while the round before was still shown."""
    start = _start(session, planned)
    return max(start, before.superseded_at) if before is not None and before.superseded_at is not None else start


def _start(session: Session, planned: datetime | None) -> datetime:
    """Now; a day in the past as it was held, a moment still to come as planned."""
    now = clock.now(session)
    if planned is None:
        return now
    if _before_today(session, planned):
        return opening(clock.local(planned).date(), _BEGINNING_OF_WORK)
    return max(now, planned)


def _before_today(session: Session, planned: datetime | None) -> bool:
    return planned is not None and clock.local(planned).date() < clock.local(clock.now(session)).date()


def _instant(value: Any) -> datetime:
    """A form's date-time (text or value, without zone) on the notices' wall clock."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)


def _check_plan(plan: Plan) -> None:
    given = {
        channel.get("kind")
        for channel in plan.channels
        if channel.get("name") and str(channel.get("phone") or "").strip()
    }
    missing = [name for kind, name in CHANNELS.items() if kind not in given]
    problems = []
    if missing:
        message = f"公示应同时列明本单位和上级主管部门的受理渠道，请补充{'、'.join(missing)}的联系人和电话。"
        field = f"{next(kind for kind, name in CHANNELS.items() if name in missing)}_contact_name"
        problems.append(Problem("channels", message, field, "N2 §四(二)3(1)；R-125"))
    if not plan.place.strip():
        problems.append(Problem("missing", "请填写公示地点。", "place", "R-124"))
    if plan.platform and not plan.proof:
        problems.append(Problem("missing", "在办公平台公示的，请上传办公平台公示证明。", "platform_proof", "R-124"))
    if problems:
        raise Refused(*problems)


def _check_after(plan: Plan, before: Publicity | None) -> None:
    if before is None or before.superseded_at is None or plan.planned is None:
        return
    ended = clock.local(before.superseded_at).date()
    if clock.local(plan.planned).date() < ended:
        message = f"上一次公示已于{day_words(ended)}终止，重新公示应在此之后开始，并重新计满规定的工作日。"
        raise Refused(Problem("too_soon", message, "planned_start", "R-124"))


def _changed(names: str) -> Problem:
    message = (
        f"{names}的申报材料已有变动，与公示的内容不一致，不能结束公示。"
        "请在“推荐批次”页点“更正公示内容”，按现在的内容重新公示，公示期重新起算。"
    )
    return Problem("content_changed", message, None, "N1 §一(四)；R-124；R-140")


def _too_early(shown: Period) -> Problem:
    resting = "、".join(day_words(day) for day, _ in shown.skipped)
    note = f"（其间{resting}不计）" if resting else ""
    end = day_words(shown.last_day)
    message = f"本次公示自{day_words(shown.first_day)}起算，至{end}满{shown.total}个工作日{note}。请于{end}结束后办理。"
    return Problem("publicity_not_over", message, None, "N1 §一(二)；N2 §四(二)3(1)；R-124")


def _code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
