"""Unit publicity: its terms, what it freezes, its days and its end (R-124…R-126, R-130)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import attachments, batches, declarations, parameters, publicised, snapshots
from app.domain.calendar import Calendar, Skipped, calendar_of
from app.domain.deadline_rules import DeadlineRule, Due, due, opening
from app.domain.identity import mask_identity
from app.domain.offices import Actor
from app.errors import NotFound, Problem, Refused
from app.models.process import Deadline
from app.models.recommendation import Publicity, UnitBatch
from app.rows import HELD

RULE = "unit_publicity"  # the parameter that holds how long a unit publicises
CHANNELS = {"unit": "本单位", "superior": "上级主管部门"}
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike on a printed sheet
_OF_BATCH = select(Publicity).where(Publicity.batch_id == bindparam("batch"))
_BEGINNING_OF_WORK = time(9)
_INSTANT = timedelta(microseconds=1)


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


@dataclass(frozen=True)
class Period:
    """Where a publicity stands: day `number` of `total` working days, the days not counted and why."""

    first_day: date
    last_day: date
    ends_at: datetime
    number: int
    total: int
    provisional: bool
    skipped: tuple[Skipped, ...]


def of_batch(session: Session, batch_id: int) -> Publicity:
    begun = (each for each in [*session.new, *session.info.get(HELD, ())] if isinstance(each, Publicity))
    found = next((each for each in begun if each.batch_id == batch_id), None)
    found = found or session.scalar(_OF_BATCH, {"batch": batch_id})
    if found is None:
        raise NotFound("本批尚未开始公示。")
    return found


def rule_of(session: Session, batch: UnitBatch) -> DeadlineRule:
    return parameters.deadline_rule(session, batch.notice_version_id, RULE)


def preview(session: Session, batch: UnitBatch, planned: datetime | None = None) -> Due:
    """What days a publicity confirmed now would have; shown before confirming (G7)."""
    start = _start(session, planned)
    return due(rule_of(session, batch), start, calendar_of(session))


def start(session: Session, batch: UnitBatch, actor: Actor, plan: Plan) -> Publicity:
    """Freeze what is shown and begin to count; every name turns PUBLICITY.

    Refused with sentence 19 for a missing channel, and for a missing place, proof or photograph.
    """
    _check_plan(plan)
    names = [line.declaration for line in batches.lines(session, batch.id) if line.entry.recommended]
    if not names:
        raise Refused(Problem("nobody", "本批没有推荐人选，不能开始公示。"))
    counted = preview(session, batch, plan.planned)
    publicity = Publicity(
        batch_id=batch.id,
        snapshot_digest=freeze(session, [name.id for name in names]),
        access_code=_code(),
        starts_at=_start(session, plan.planned),
        ends_at=counted.due_at,
        last_day=counted.last_day,
        working_days=rule_of(session, batch).count or counted.working_days,
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
    session.add(publicity)
    batch.phase = "publicity"
    declarations.set_status_of(session, [name.id for name in names], "PUBLICITY")
    return publicity


def freeze(session: Session, declaration_ids: Sequence[int]) -> str:
    """Freeze form 8 and the files of these declarations; returns the snapshot's digest.

    `content` = {"declarations": {id: {headings, tables}}, "numbers": {id: masked identity number},
    "files": {hash: name}}; a row names its evidence by hash.
    """
    records = {each: declarations.record_of(declarations.get(session, each)) for each in declaration_ids}
    files = attachments.named(session, {file for record in records.values() for file in publicised.files_in(record)})
    digests = {key: file.digest for key, file in files.items()}
    content = {
        "declarations": {str(each): publicised.content(record, digests) for each, record in records.items()},
        "numbers": {str(each): mask_identity(record.get("id_number")) for each, record in records.items()},
        "files": {file.digest: file.name for file in files.values()},
    }
    return snapshots.freeze(session, content)


def period(session: Session, publicity: Publicity) -> Period:
    """The publicity's days and which of them is now; its end is what the deadline row says, where there is one."""
    return periods(session, [publicity])[publicity.id]


def periods(session: Session, found: Sequence[Publicity]) -> dict[int, Period]:
    """Publicity id → its period; a fixed number of statements."""
    batches_of = batches.several(session, [each.batch_id for each in found])
    announced = _announced(session, [batch.instance_id for batch in batches_of.values()])
    return {
        each.id: _period(session, each, batches_of[each.batch_id], announced.get(batches_of[each.batch_id].instance_id))
        for each in found
    }


def _period(session: Session, publicity: Publicity, batch: UnitBatch, announced: Deadline | None) -> Period:
    calendar = calendar_of(session)
    counted = due(rule_of(session, batch), publicity.starts_at, calendar)
    ends_at = announced.due_at if announced and announced.due_at else counted.due_at
    last_day = clock.local(ends_at - _INSTANT).date()
    today = min(clock.local(clock.now(session)).date(), last_day)
    number = _working_days(calendar, counted.first_day, today)
    total = _working_days(calendar, counted.first_day, last_day)
    skipped = tuple(skip for skip in counted.skipped if counted.first_day <= skip[0] <= last_day)
    return Period(counted.first_day, last_day, ends_at, number, total, counted.provisional, skipped)


def close(session: Session, publicity: Publicity, actor: Actor, outcome: str | None, photo: Sequence[int] = ()) -> None:
    """End the publicity; from now on nobody sees it. Refused with sentence 20 before its last day is over."""
    early = too_early(session, publicity)
    if early is not None:
        raise Refused(early)
    if photo:
        publicity.photo = [*publicity.photo, *photo]
    publicity.closed_at, publicity.closed_by, publicity.outcome = clock.now(session), actor.person_id, outcome
    batches.get(session, publicity.batch_id).phase = "closed"


def too_early(session: Session, publicity: Publicity) -> Problem | None:
    """Sentence 20 while the last day of the publicity is not over."""
    shown = period(session, publicity)
    return _too_early(shown) if clock.now(session) < shown.ends_at else None


def _announced(session: Session, instance_ids: Sequence[int | None]) -> dict[int | None, Deadline]:
    """The deadline rows of the batches' diagrams: they are the truth, also after a change not passed on (D13)."""
    wanted = select(Deadline).where(Deadline.instance_id.in_(instance_ids), Deadline.rule == RULE)
    return {row.instance_id: row for row in session.scalars(wanted.order_by(Deadline.id))} if instance_ids else {}


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


def _too_early(shown: Period) -> Problem:
    resting = "、".join(_printed(day) for day, _ in shown.skipped)
    note = f"（其间{resting}不计）" if resting else ""
    end = _printed(shown.last_day)
    message = f"本次公示自{_printed(shown.first_day)}起算，至{end}满{shown.total}个工作日{note}。请于{end}结束后办理。"
    return Problem("publicity_not_over", message, None, "N1 §一(二)；N2 §四(二)3(1)；R-124")


def _printed(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _working_days(calendar: Calendar, first: date, until: date) -> int:
    if until < first:
        return 0
    between = calendar.working_days_between(first, until).count
    return between + (1 if calendar.is_working(first) else 0)


def _code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
