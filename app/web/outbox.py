"""消息发送: what went out by mail and SMS, what did not arrive, and sending it once more."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import outbox, outbox_page, permissions, quiet
from app.web.instances import page_number
from app.web.session import grants, reading, settings, transaction, visitor

blueprint = Blueprint("outbox", __name__)

ALL = "all"


@blueprint.get("/outbox")
def index() -> ResponseReturnValue:
    """What needs a hand; with `show=all` everything."""
    _administrator()
    everything = request.args.get("show") == ALL
    with reading() as session:
        lines, total = outbox_page.lines(session, () if everything else outbox.TROUBLED, page_number())
    return render_template(
        "outbox/index.html",
        lines=lines,
        total=total,
        everything=everything,
        page=page_number(),
        pages=max(1, -(-total // outbox_page.PAGE)),
        channels=outbox.CHANNELS,
        statuses=outbox.STATUSES,
        troubled=outbox.TROUBLED,
        reasons=quiet.REASONS,
        server=settings().mail,
        sms=settings().sms,
    )


@blueprint.post("/outbox/<int:delivery_id>/again")
def again(delivery_id: int) -> ResponseReturnValue:
    """重发."""
    _administrator()
    with transaction() as session:
        outbox_page.again(session, delivery_id)
    flash("已安排重发。", "success")
    return redirect(url_for("outbox.index"))


def _administrator() -> None:
    visitor()
    permissions.require_role(grants(), "system_admin")
