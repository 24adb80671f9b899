"""单位推荐: the desk of the body that recommends — who declares through it, its batches, publicity and 推荐上报."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.clock import local
from app.domain import (
    batch_lists,
    batch_phases,
    batches,
    calendar,
    closings,
    desk,
    dictionaries,
    organisations,
    publicity,
    publicity_content,
    publicity_rounds,
    quotas,
    safe_start,
    said,
    wording,
)
from app.domain.deadline_rules import Due
from app.errors import Problem, Refused
from app.models.recommendation import Publicity, UnitBatch
from app.processes import urging
from app.web.desks import own_desk, own_desks
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("recommendation", __name__)
blueprint.add_app_template_filter(wording.day_words, "day")


@blueprint.get("/recommendation")
def index() -> ResponseReturnValue:
    """The notices of every desk one has."""
    found = own_desks()
    with reading() as session:
        shown = [(each, desk.seasons(session, each)) for each in found]
    return render_template("recommendation/index.html", desks=shown)


@blueprint.get("/recommendation/<level>/<key>")
def notice(level: str, key: str) -> ResponseReturnValue:
    """Everyone under one notice; `stage` narrows to a state."""
    mine, stage = own_desk(level), request.args.get("stage", "")
    with reading() as session:
        season = desk.season(session, mine, key)
        names = desk.names(session, mine, key)
        elsewhere = desk.held_elsewhere(session, mine, key)
        urged = urging.of_many(session, elsewhere)
        lines = batch_lists.of_body(session, mine.organisation_id, mine.role, key)
        collecting = next((each for each in lines if each.phase in batch_phases.DECIDING), None)
        batch = batches.get(session, collecting.id) if collecting else None
        latest = safe_start.of_batch(session, batch) if batch else None
        closing = closings.of_desk(session, mine, key)
        limit = closings.limit(session, mine, key)
        kind = organisations.get(session, mine.organisation_id).kind
    return render_template(
        "recommendation/notice.html",
        desk=mine,
        season=season,
        names=[name for name in names if stage in ("", name.status)],
        all_names=names,
        elsewhere=elsewhere,
        urged=urged,
        stages=desk.stages(names),
        stage=stage,
        kind=kind,
        batches=lines,
        phases=batch_phases.PHASES,
        latest=latest,
        closing=closing,
        limit=limit,
        first=next((name for name in names if name.task_id), None),
    )


@blueprint.post("/recommendation/<level>/<key>/closing")
def close_on(level: str, key: str) -> ResponseReturnValue:
    """The unit's own closing day; everybody who has not submitted is told at once."""
    mine = own_desk(level)
    day = said.day(request.form.get("closes_on"))
    if day is None:
        raise Refused(Problem("closes_on", "请填写内部截止日期。", "closes_on"))
    with transaction() as session:
        desk.season(session, mine, key)
        told = closings.set_day(session, mine, key, day, visitor().person_id)
    flash(f"已设定内部截止日期，通知未提交的{told}人。", "success")
    return redirect(url_for("recommendation.notice", level=level, key=key))


@blueprint.get("/recommendation/batches/<int:batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    """One batch; `start` (date and time) asks what days a publicity begun then would have."""
    visitor()
    who = grants()
    with reading() as session:
        found = desk.require_batch(session, who, batch_id)
        shown = batch_lists.publicities(session, [batch_id]).get(batch_id)
        entries = batch_lists.entries(session, batch_id)
        context = {
            "batch": found,
            "body": organisations.get(session, found.organisation_id),
            "level": "agency" if found.role == "agency" else "unit",
            "phase": batch_phases.PHASES[batch_phases.of(found, shown)],
            "entries": entries,
            "ready": [entry for entry in entries if entry.going_up],
            "excess": _excess(session, found),
            "objections": batch_lists.objections_of(session, batch_id),
            "findings": batch_lists.FINDINGS,
            "corrections": batch_lists.corrections_of(session, batch_id),
            "tasks": batch_lists.open_tasks(session, found.instance_id),
            "steps": _steps(found, shown),
            "publicity": shown,
            "period": publicity.period(session, shown) if shown else None,
            "superseded": [each for each in publicity_rounds.all_of(session, batch_id) if each.superseded_at],
            "changed": publicity_content.changed(session, shown) if shown and shown.closed_at is None else [],
            "early": _early(session, shown) if shown else "",
            "preview": None if shown else _preview(session, found),
        }
    return render_template("recommendation/batch.html", mine=not who.sees_all, **context)


@blueprint.get("/recommendation/batches/<int:batch_id>/sheet")
def sheet(batch_id: int) -> ResponseReturnValue:
    """The sheet to print and post beside the board, with the access code."""
    visitor()
    who = grants()
    with reading() as session:
        found = desk.require_batch(session, who, batch_id)
        shown = publicity_rounds.of_batch(session, batch_id)
        context = {
            "batch": found,
            "body": organisations.get(session, found.organisation_id),
            "entries": [each for each in batch_lists.entries(session, batch_id) if each.recommended],
            "publicity": shown,
            "period": publicity.period(session, shown),
            "channels": publicity.CHANNELS,
            "posted": wording.day_words(local(shown.confirmed_at).date()),
        }
    return render_template("recommendation/sheet.html", address=url_for("publicity.enter", _external=True), **context)


def _excess(session: Session, found: UnitBatch) -> list[tuple[str, int, int]]:
    """(level in words, declared, quota)"""
    over = quotas.excess(session, found)
    return [(dictionaries.label("level", level), declared, quota) for level, declared, quota in over]


def _preview(session: Session, found: UnitBatch) -> dict[str, Any] | None:
    """What days a publicity would have, before anybody confirms it (G7)."""
    planned = _planned()
    counted = publicity.preview(session, found, planned)
    start = local(planned or clock.now(session))
    rule = publicity.rule_of(session, found)
    late = counted.first_day > start.date() and _working(session, start)
    return {
        "value": start.strftime("%Y-%m-%dT%H:%M"),
        "planned": planned is not None,
        "first": wording.day_words(counted.first_day),
        "last": wording.day_words(counted.last_day),
        "days": rule.count,
        "skipped": wording.days_words(counted.skipped),
        "late": f"{rule.start_latest_time:%H:%M}" if late and rule.start_latest_time else "",
        "rest": not _working(session, start),
        "provisional": counted.provisional,
        "safe": _safe(session, found, counted),
    }


def _planned() -> datetime | None:
    planned = request.args.get("start", "").strip()
    moment = said.moment(planned)
    if planned and moment is None:
        raise Refused(Problem("start", "请填写公示开始的日期和时间。", "start"))
    return moment


def _working(session: Session, moment: datetime) -> bool:
    return calendar.calendar_of(session).is_working(local(moment).date())


def _safe(session: Session, found: UnitBatch, counted: Due) -> bool | None:
    """Whether every name still arrives in time; None where no window binds the arrival."""
    latest = safe_start.of_batch(session, found)
    return None if latest is None else counted.first_day <= latest.day


def _early(session: Session, shown: Publicity) -> str:
    problem = publicity.too_early(session, shown) if shown.closed_at is None else None
    return problem.message if problem else ""


def _steps(found: UnitBatch, shown: Publicity | None) -> list[tuple[str, str]]:
    """(step, done | now | next) of the batch, in order."""
    closed = shown is not None and shown.closed_at is not None
    done = [
        found.phase != "collecting",
        shown is not None,
        closed,
        found.submitted_at is not None,
    ]
    if found.phase == "closed" and shown is None:  # nobody was recommended: it ended with the choice
        return [("择优确定推荐人选", "done")]
    names = ("择优确定推荐人选", "单位公示", "结束公示", "推荐上报")
    now = next((number for number, each in enumerate(done) if not each), len(done))
    states = ["done" if number < now else "now" if number == now else "next" for number in range(len(done))]
    return list(zip(names, states, strict=True))
