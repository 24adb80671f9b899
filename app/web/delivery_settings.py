"""发送时间和提醒: quiet hours of e-mail and SMS, what does not wait for them, and reminders of deadlines."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import house_settings, permissions, quiet, reminder_rules
from app.domain.quiet import Hours, Rules
from app.domain.said import whole_number
from app.domain.templates.texts import TEXTS
from app.errors import Conflict, Problem, Refused
from app.web.errors import status_of
from app.web.session import grants, reading, transaction, visitor

_NUMBER = re.compile(r"[^\s、，,；;]+")
_KINDS = ("before", "after")

blueprint = Blueprint("delivery_settings", __name__, url_prefix="/outbox/hours")


@blueprint.get("")
def show() -> ResponseReturnValue:
    _administrator()
    return _page(None, [])


@blueprint.post("")
def save() -> ResponseReturnValue:
    _administrator()
    said = Rules(email=_hours("email"), sms=_hours("sms"), urgent=tuple(request.form.getlist("urgent")))
    try:
        with transaction() as session:
            quiet.save(session, said, seen=whole_number(request.form.get("seen")), by=visitor().person_id)
    except (Refused, Conflict) as problem:
        return _page(said, problem.problems), status_of(problem)
    flash("已保存，等待中的消息按新的时间发送。", "success")
    return redirect(url_for("delivery_settings.show"))


@blueprint.post("/reminders")
def remind() -> ResponseReturnValue:
    """`before` and `after`: working days, in words that separate numbers however they like."""
    _administrator()
    before, after = ([whole_number(each) for each in _NUMBER.findall(request.form.get(key, ""))] for key in _KINDS)
    try:
        with transaction() as session:
            seen = whole_number(request.form.get("seen"))
            reminder_rules.save(session, before, after, seen=seen, by=visitor().person_id)
    except (Refused, Conflict) as problem:
        return _page(None, problem.problems), status_of(problem)
    flash("已保存提醒的工作日数。", "success")
    return redirect(url_for("delivery_settings.show"))


def _page(said: Rules | None, problems: list[Problem]) -> str:
    with reading() as session:
        now, reminders = quiet.rules(session), reminder_rules.rules(session)
        versions = house_settings.versions(session, quiet.NAME)[:5]
    return render_template(
        "outbox/hours.html",
        said=said or now,
        number=now.number,
        reminders={key: request.form.get(key) or "、".join(map(str, getattr(reminders, key))) for key in _KINDS},
        reminders_number=reminders.number,
        versions=versions,
        channels=quiet.CHANNELS,
        names={template: texts[0] for template, texts in TEXTS.items()},
        problems=problems,
    )


def _hours(channel: str) -> Hours:
    begins, ends = (request.form.get(f"{channel}-{name}", "").strip() for name in ("begins", "ends"))
    return Hours(begins, ends, bool(request.form.get(f"{channel}-working_days")))


def _administrator() -> None:
    visitor()
    permissions.require_role(grants(), "system_admin")
