"""The demo's clock in the browser: the banner on every page, 快进到下一期限, 指定时间 (D11); nothing in production."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.domain import calendar, said, wording
from app.domain.calendar import WEEKDAYS
from app.errors import NotFound, Problem, Refused
from app.processes import fast_forward
from app.processes.fast_forward import Coming
from app.web.addresses import ours
from app.web.session import database, reading, settings, visitor

blueprint = Blueprint("clock", __name__)


@dataclass(frozen=True)
class Banner:
    """`value` is the instant for the field 指定时间; `rest` the reason why nobody works today."""

    shown: str
    weekday: str
    rest: str
    value: str
    coming: Coming | None
    coming_at: str


@blueprint.app_context_processor
def banner_of_page() -> dict[str, Any]:
    return {"demo_clock": demo_clock}


def demo_clock() -> Banner | None:
    """What the banner says; None in production. Called by the template, so that JSON answers cost nothing."""
    if not settings().demo:
        return None
    with reading() as session:
        now, days = clock.now(session), calendar.calendar_of(session)
        coming = fast_forward.coming(session) if current_user.is_authenticated else None
    wall = clock.local(now)
    return Banner(
        shown=wording.moment_words(now),
        weekday=WEEKDAYS[wall.weekday()],
        rest="" if days.is_working(wall.date()) else days.why_resting(wall.date()),
        value=wall.strftime("%Y-%m-%dT%H:%M"),
        coming=coming,
        coming_at=wording.moment_words(coming.at) if coming else "",
    )


@blueprint.post("/clock/next")
def next_due() -> ResponseReturnValue:
    """Go to the next instant at which something falls due, and let it happen."""
    _demo_only()
    with reading() as session:
        coming = fast_forward.coming(session)
    if coming is None:
        flash("没有等待到期的事项。", "success")
        return redirect(_back())
    fast_forward.advance_to(database(), coming.at)
    flash(f"演示时钟已到{wording.moment_words(coming.at)}：{coming.what}。", "success")
    return redirect(_back())


@blueprint.post("/clock/set")
def set_moment() -> ResponseReturnValue:
    """Go to `moment` (Shanghai wall time), through everything that falls due on the way; never backwards."""
    _demo_only()
    moment = said.moment(request.form.get("moment"))
    if moment is None:
        raise Refused(Problem("moment", "请填写日期和时间，例如2023年10月31日17:30。", "moment"))
    fast_forward.advance_to(database(), moment)
    flash(f"演示时钟已到{wording.moment_words(moment)}。", "success")
    return redirect(_back())


def _demo_only() -> None:
    if not settings().demo:
        raise NotFound
    visitor()


def _back() -> str:
    wanted = request.form.get("back", "")
    return wanted if ours(wanted) else url_for("login.home")
