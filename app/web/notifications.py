"""The bell: how many notifications are unread, the list, marking them read."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain import notifications
from app.web.promptness import note_delivery
from app.web.session import reading, transaction, visitor

blueprint = Blueprint("notifications", __name__)


@blueprint.app_context_processor
def bell_of_page() -> dict[str, Any]:
    return {"unread_count": unread_count}


def unread_count() -> int:
    """For the bell in the navigation; called by the template."""
    if not current_user.is_authenticated:
        return 0
    with reading() as session:
        return notifications.count_unread(session, visitor().person_id)


@blueprint.get("/notifications")
def index() -> ResponseReturnValue:
    person_id = visitor().person_id
    note_delivery(person_id, "notification")
    with reading() as session:
        found = notifications.of_person(session, person_id)
    return render_template("notifications.html", found=found)


@blueprint.post("/notifications/read")
def read() -> ResponseReturnValue:
    """Mark one's own `id`s read, or all of them where none is named."""
    person_id = visitor().person_id
    ids = [int(each) for each in request.form.getlist("id") if each.isdecimal()]
    with transaction() as session:
        if ids:
            notifications.mark_read(session, person_id, ids)
        else:
            notifications.mark_all_read(session, person_id)
    return redirect(url_for("notifications.index"))
