"""“能看到什么”: what an account sees in one of its identities, without becoming that person; each look is on record."""

from datetime import datetime, time
from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import account_changes, people, permissions
from app.domain.deadline_rules import opening
from app.domain.permissions import Grants
from app.domain.said import day, whole_number
from app.errors import Problem, Refused
from app.processes import sight
from app.web import menus
from app.web.session import grants, reading, run, visitor

blueprint = Blueprint("looks", __name__)


@blueprint.get("/administration/accounts/<int:person_id>/sight")
def form(person_id: int) -> ResponseReturnValue:
    _administrator()
    with reading() as session:
        return _page(session, person_id, clock.now(session), [])


@blueprint.post("/administration/accounts/<int:person_id>/sight")
def show(person_id: int) -> ResponseReturnValue:
    """As `identity` (a grant; none: himself) on the day `on`; `number` names one case to be answered for."""
    by, said = _administrator(), request.form
    try:
        at, found = run(lambda session: _look(session, person_id, by))
    except Refused as refused:
        with reading() as session:
            return _page(session, person_id, clock.now(session), refused.problems), 422
    with reading() as session:
        seen = {"sight": sight.of(session, found), "entries": menus.entries_for(current_app, found), "who": found}
        if said.get("number", "").strip():
            seen["verdict"] = sight.about(session, found, said["number"])
        return _page(session, person_id, at, [], **seen)


def _look(session: Session, person_id: int, by: int) -> tuple[datetime, Grants]:
    """Put the look on record before anything is shown. Refused."""
    said, reason = request.form, account_changes.required(request.form.get("reason", ""))
    person, at = people.get(session, person_id), _moment(session, said.get("on", ""))
    found = permissions.grants_of(session, person.id, at).acting_as(whole_number(said.get("identity")) or None)
    number = said.get("number", "").strip()[:60]
    about = f"以“{found.title}”身份{f'，{number}' if number else ''}"
    account_changes.note(session, person_id, "looked", by, reason, about=about)
    return at, found


def _page(session: Session, person_id: int, at: datetime, problems: list[Problem], **seen: Any) -> str:
    held = permissions.grants_of(session, person_id, at).held
    return render_template(
        "administration/sight.html",
        person=people.get(session, person_id),
        identities=list({grant.organisation_id: grant for grant in reversed(held)}.values())[::-1],
        on=clock.local(at).date(),
        said=request.form,
        roles=people.ROLES,
        problems=problems,
        **seen,
    )


def _moment(session: Session, said: str) -> datetime:
    """Now, or the noon of another day. Refused for what is no day."""
    now = clock.now(session)
    if not said.strip() or said.strip() == clock.local(now).date().isoformat():
        return now
    found = day(said)
    if found is None:
        raise Refused(Problem("date", "请按年月日填写日期。", "on"))
    return opening(found, time(12))


def _administrator() -> int:
    """The id of the administrator who asks. Raises LoginRequired, NotAllowed."""
    permissions.require_role(grants(), "system_admin")
    return visitor().person_id
