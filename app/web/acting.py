"""What the forms of all actions on one case share: the permission, the page's age, the reason, the way back."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import intervention_access
from app.errors import Problem, Refused
from app.models.process import ProcessInstance
from app.processes import incidents, instance_page, interventions
from app.web import clauses
from app.web.promptness import deliver_soon
from app.web.session import database, grants, run, visitor


def act(
    instance_id: int,
    action: str,
    work: Callable[[Session], None],
    again: Callable[[Sequence[Problem]], str],
    done: str,
) -> ResponseReturnValue:
    """Carry it out in one transaction; what is refused comes back on its form, everything filled in still there."""
    who = grants()

    def once(session: Session) -> None:
        intervention_access.require(session, who, instance_page.seen_by(session, who, instance_id), action)
        seen = number(request.form.get("seen", ""))  # of the page that it was sent from
        if seen is not None:
            interventions.require_seen(session, instance_id, seen)
        work(session)

    try:
        with incidents.recorded(database(), instance_id=instance_id):
            run(once)
    except Refused as refused:
        return again(refused.problems), 422
    deliver_soon()
    flash(done, "success")
    return redirect(url_for("instances.page", instance_id=instance_id))


def render(
    session: Session, name: str, instance: ProcessInstance, problems: Sequence[Problem], context: dict[str, Any]
) -> str:
    """The form `name` with what it was filled with; it carries the number of the last event that it knows of."""
    clauses.under(session, instance.notice_version_id)
    shared = {"title": instance_page.title(session, instance), "seen": instance.history_number, "reason": reason()}
    return render_template(f"instances/{name}.html", instance=instance, problems=problems, **shared, **context)


def instance_of(session: Session, instance_id: int, action: str) -> ProcessInstance:
    """The instance, where the visitor may take the action on it. NotFound, NotAllowed."""
    visitor()
    who = grants()
    instance = instance_page.seen_by(session, who, instance_id)
    intervention_access.require(session, who, instance, action)
    return instance


def reason() -> str:
    return request.form.get("reason", "")


def number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() else None
