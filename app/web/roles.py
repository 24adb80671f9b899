"""岗位与权限: what each role opens, does and sees, as the product itself decides it, and who holds it where."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.domain import intervention_access, people, permissions, posts, role_holders
from app.domain.permissions import Grant, Grants
from app.errors import NotFound
from app.processes import role_work
from app.web import menus
from app.web.instances import page_number
from app.web.session import grants, reading, visitor

blueprint = Blueprint("roles", __name__)


@blueprint.get("/administration/roles")
def index() -> ResponseReturnValue:
    _administrator()
    with reading() as session:
        counts = role_holders.counts(session, clock.now(session))
        steps = role_work.steps(session)
    return render_template("administration/roles.html", roles=people.ROLES, counts=counts, steps=steps)


@blueprint.get("/administration/roles/<role>")
def show(role: str) -> ResponseReturnValue:
    _administrator()
    if role not in people.ROLES:
        raise NotFound("没有这一岗位。")
    with reading() as session:
        holders, total = role_holders.of_role(session, role, clock.now(session), page_number())
        steps = role_work.steps(session).get(role, [])
    alone = Grants(0, () if role == "applicant" else (Grant(0, role, None, None, None),), personal=role == "applicant")
    return render_template(
        "administration/role.html",
        role=role,
        title=people.ROLES[role],
        opened=[label for label, _ in menus.menus_for(current_app, alone)],
        steps=steps,
        sees_all=alone.sees_all,
        also=[people.ROLES[each] for each in permissions.SEES_ALSO.get(role, ())],
        acts=intervention_access.ACTIONS.values() if role in intervention_access.MANAGERS else [],
        by_rule=role == intervention_access.OFFICE,
        by_hand=role in posts.GRANTABLE,
        by_binding=role in people.ADMINISTRATOR_ROLES,
        bodiless=role in people.PRODUCT_ROLES,
        apart=[people.ROLES[each] for pair in posts.APART if role in pair for each in sorted(pair - {role})],
        holders=holders,
        total=total,
        page=page_number(),
        pages=max(1, -(-total // role_holders.PAGE)),
    )


def _administrator() -> None:
    visitor()
    permissions.require_role(grants(), "system_admin")
