"""消息发送: what went out by mail and SMS, what did not arrive and why, sending again, giving up, a test to oneself."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain import direct_letters, outbox, outbox_page, permissions, quiet
from app.domain.outbox_page import Filter
from app.domain.said import day, whole_number, whole_numbers
from app.domain.templates.texts import TEXTS
from app.errors import Problem, Refused
from app.web.instances import page_number
from app.web.session import grants, limiter, reading, settings, transaction, visitor

blueprint = Blueprint("outbox", __name__)

TESTS = "20 per hour"
KEEPER = "system_admin"


@blueprint.app_context_processor
def marks_of_menu() -> dict[str, Any]:
    return {"menu_marks": menu_marks}


def menu_marks() -> dict[str, int]:
    """Address of a menu's entry → how many things there need a hand; called by the navigation."""
    if not current_user.is_authenticated or not grants().holds(KEEPER):
        return {}
    with reading() as session:
        return {url_for("outbox.index"): outbox_page.in_trouble(session)}


@blueprint.get("/outbox")
def index() -> ResponseReturnValue:
    """What needs a hand; with `show=all` everything; narrowed by channel, event, receiver, since and cause."""
    return _page([])


@blueprint.post("/outbox/<int:delivery_id>/again")
def again(delivery_id: int) -> ResponseReturnValue:
    """重发."""
    _administrator()
    with transaction() as session:
        outbox_page.again(session, delivery_id, visitor().person_id)
    flash("已安排重发。", "success")
    return redirect(url_for("outbox.index"))


@blueprint.post("/outbox/handle")
def handle() -> ResponseReturnValue:
    """重发 or 不再发送: the ticked ones (`id`), or with `all` whatever the list's filter finds up to `until`."""
    _administrator()
    found, until, by = _filter(request.form), whole_number(request.form.get("until")), visitor().person_id
    chosen: Collection[int] | Filter = found if request.form.get("all") else whole_numbers(request.form.getlist("id"))
    giving_up = request.form.get("what") == "give_up"
    try:
        if not isinstance(chosen, Filter) and not chosen:
            raise Refused(Problem("missing", "请先勾选消息。"))
        with transaction() as session:
            if giving_up:
                count = outbox_page.give_up(session, by, chosen, until, request.form.get("reason", ""))
            else:
                count = outbox_page.send_again(session, by, chosen, until)
    except Refused as refused:
        return _page(refused.problems), 422
    flash(f"{'不再发送' if giving_up else '已安排重发'}{count}条消息。", "success")
    return redirect(url_for("outbox.index", **_kept(found)))


@blueprint.post("/outbox/test")
@limiter.limit(TESTS)
def test() -> ResponseReturnValue:
    """A message to oneself."""
    _administrator()
    try:
        with transaction() as session:
            direct_letters.send_test(session, visitor().person_id, request.form.get("channel", ""))
    except Refused as refused:
        return _page(refused.problems), 422
    flash("测试消息即将发出，刷新本页可看到结果。", "success")
    return redirect(url_for("outbox.index", show=outbox_page.ALL, event=direct_letters.TEST))


def _page(problems: list[Problem]) -> str:
    _administrator()
    said = request.form if request.method == "POST" else request.args
    by, page = _filter(said), page_number()
    with reading() as session:
        lines, total = outbox_page.lines(session, by, page)
        causes = outbox_page.causes(session, by)
    return render_template(
        "outbox/index.html",
        lines=lines,
        total=total,
        causes=causes,
        by=by,
        kept=_kept(by),
        page=page,
        pages=max(1, -(-total // outbox_page.PAGE)),
        until=max((line.delivery.id for line in lines), default=0) if page == 1 else whole_number(said.get("until")),
        channels=outbox.CHANNELS,
        statuses=outbox.STATUSES,
        troubled=outbox.TROUBLED,
        reasons=quiet.REASONS,
        events={key: texts[0] for key, texts in TEXTS.items()},
        server=settings().mail,
        sms=settings().sms,
        reason=request.form.get("reason", ""),
        problems=problems,
    )


def _filter(said: Mapping[str, str]) -> Filter:
    """What an address or a form says; what it says wrongly narrows nothing."""
    status, channel, event = (said.get(name, "") for name in ("show", "channel", "event"))
    return Filter(
        status=status if status in (outbox_page.ALL, *outbox.STATUSES) else "",
        channel=channel if channel in outbox.CHANNELS else "",
        event=event if event in TEXTS else "",
        receiver=said.get("receiver", "").strip()[:80],
        since=day(said.get("since")),
        cause=said.get("cause", "")[: outbox.CAUSE],
    )


def _kept(by: Filter) -> dict[str, Any]:
    """The filter as an address says it."""
    found = {"show" if name == "status" else name: value for name, value in asdict(by).items() if value}
    return {name: str(value) for name, value in found.items()}


def _administrator() -> None:
    visitor()
    permissions.require_role(grants(), KEEPER)
