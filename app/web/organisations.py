"""One body of the hierarchy, for the administrator: who works there, what waits there, what became of it."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.domain import organisation_overview, permissions
from app.web.menus import endpoint_exists
from app.web.session import grants, reading, visitor

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/administration/organisations/<int:organisation_id>")
def show(organisation_id: int) -> ResponseReturnValue:
    administrator()
    with reading() as session:
        found = organisation_overview.of_body(session, organisation_id, clock.now(session))
        return render_template(
            "administration/organisation.html",
            found=found,
            most=organisation_overview.MOST,
            accounts_have_pages=endpoint_exists(current_app, "administration.account"),
        )


def administrator() -> int:
    """The person who asks, whose post this is."""
    who = visitor()
    permissions.require_role(grants(), "system_admin")
    return who.person_id
