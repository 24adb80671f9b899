"""评审季看板: how a season stands, its committees' calendar, the thresholds that one is told of."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import permissions, schedules, small_numbers
from app.domain.forecast import PACE_DAYS
from app.domain.permissions import Grants
from app.domain.said import whole_number
from app.errors import NotFound, Refused
from app.models.notice import Notice
from app.processes.figures import definitions
from app.processes.season import alerts, blockers, chart, offices, scope, stages, windows
from app.web.instances import page_number
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("season", __name__)
blueprint.add_app_template_filter(schedules.window_words, "window")


@blueprint.get("/season")
def show() -> ResponseReturnValue:
    """`notice` its key, `committee` its number, `page` of the offices."""
    who = _viewer()
    said = request.args.get("committee", "")
    with reading() as session:
        notice, notices = _notice(session, who)
        season = scope.of(session, who, notice, whole_number(said) if said else None)
        found = stages.groups(session, season)
        context: dict[str, Any] = {
            "season": season,
            "notices": notices,
            "committees": [] if season.by_posts else scope.of(session, who, notice).rows,
            "chosen": said if season.narrowed else "",
            "stages": stages.stages(found),
            "funnel": stages.funnel(found),
            "rates": {} if season.narrowed else _rates(session, season, found),
            "windows": windows.near(session, season),
            "blockers": blockers.found(session, season),
            "ranking": offices.ranked(session, season, page_number()),
            "crossed": _crossed(session),
            "as_of": definitions.as_of(session),
        }
    kept = {"notice": notice.key, **({"committee": said} if season.narrowed else {})}
    return render_template("season/show.html", kept=kept, smallest=small_numbers.SMALLEST, pace=PACE_DAYS, **context)


@blueprint.get("/season/calendar")
def calendar() -> ResponseReturnValue:
    """The committees' windows on one line of months."""
    who = _viewer()
    with reading() as session:
        notice, notices = _notice(session, who)
        season = scope.of(session, who, notice)
        rows = list(season.rows) or scope.schedule(session, notice)  # who has posts on the way only: it is public
        found = chart.chart(session, rows)
    names = schedules.WINDOW_NAMES
    return render_template("season/calendar.html", notice=notice, notices=notices, chart=found, names=names)


@blueprint.get("/season/alerts")
def thresholds() -> ResponseReturnValue:
    _viewer()
    with reading() as session:
        rules = alerts.rules_of(session, visitor().person_id, _grant_id())
        said = {kind: str(rule.threshold) for kind, rule in rules.items()}
        return _thresholds(session, said, [])


@blueprint.post("/season/alerts")
def set_thresholds() -> ResponseReturnValue:
    """One number a kind; an empty one is given up."""
    _viewer()
    said = {kind: request.form.get(kind, "") for kind in alerts.KINDS}
    try:
        with transaction() as session:
            alerts.set_rules(session, visitor().person_id, _grant_id(), said)
    except Refused as refused:
        with reading() as session:
            return _thresholds(session, said, refused.problems), 422
    flash("预警阈值已保存。", "success")
    return redirect(url_for("season.thresholds"))


def _thresholds(session: Session, said: dict[str, str], problems: list[Any]) -> str:
    crossed = alerts.crossed(session, visitor().person_id, _grant_id())
    return render_template("season/alerts.html", kinds=alerts.KINDS, said=said, crossed=crossed, problems=problems)


def _viewer() -> Grants:
    visitor()
    who = grants()
    permissions.require_role(who, *scope.VIEWERS)
    return who


def _grant_id() -> int:
    """The grant whose body he acts for now: what he is told later is what he sees here."""
    return visitor().acting_grant_id or 0


def _notice(session: Session, who: Grants) -> tuple[Notice, list[Notice]]:
    """The notice of the address, else the newest with declarations that he answers for."""
    found = scope.notices(session, who)
    said = request.args.get("notice", "")
    chosen = next((each for each in found if each.key == said), None)
    if chosen is None and (said or not found):
        raise NotFound("没有您可以查看的评审季。")
    return chosen or scope.busiest(session, found), found


def _rates(session: Session, season: scope.Scope, found: list[stages.Group]) -> dict[str, list[small_numbers.Rate]]:
    words = stages.words(session, season)
    return {name: stages.pass_rates(found, by, words) for by, name in (("category", "申报类别"), ("level", "申报级别"))}


def _crossed(session: Session) -> int:
    return alerts.count_crossed(session, visitor().person_id, _grant_id())
