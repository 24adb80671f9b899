"""机构与账号: the tree of bodies, accounts with their roles, and naming a substitute for an absent holder."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import directory, organisations, people, permissions
from app.domain.directory import Search
from app.domain.said import whole_number
from app.errors import NotFound, Problem, Refused
from app.models.people import RoleGrant
from app.web import substitutes
from app.web.instances import page_number
from app.web.session import grants, reading, run, visitor

blueprint = Blueprint("administration", __name__)

FIELDS = ("substitute_id", "from_on", "to_on", "reason")


@blueprint.get("/administration")
def index() -> ResponseReturnValue:
    """The tree of bodies: `q` looks for one, `kind` narrows, `under` shows a body with its subordinates."""
    _administrator()
    said = {name: request.args.get(name, "").strip() for name in ("q", "kind", "under", "merged")}
    search = Search(said["q"], said["kind"], whole_number(said["under"]), said["merged"] == "yes")
    with reading() as session:
        top = organisations.get(session, search.under) if search.under else None
        branches, total = directory.tree(session, clock.now(session), search, page_number())
    return render_template(
        "administration/organisations.html",
        branches=branches,
        total=total,
        page=page_number(),
        pages=max(1, -(-total // directory.PAGE)),
        search=search,
        kinds=organisations.KINDS,
        top=top,
        kept={key: value for key, value in said.items() if value},
    )


@blueprint.get("/administration/accounts")
def accounts() -> ResponseReturnValue:
    """Accounts and what they hold; `q` looks for a name, `organisation` narrows to a body."""
    _administrator()
    words, body = request.args.get("q", "").strip(), request.args.get("organisation", "")
    organisation_id = whole_number(body) or None
    with reading() as session:
        found, total = directory.accounts(session, clock.now(session), words, organisation_id, page_number())
        office = organisations.get(session, organisation_id) if organisation_id else None
    return render_template(
        "administration/accounts.html",
        accounts=found,
        total=total,
        page=page_number(),
        pages=max(1, -(-total // directory.PAGE)),
        q=words,
        office=office,
        kept={key: value for key, value in (("q", words), ("organisation", body)) if value},
    )


@blueprint.get("/administration/grants/<int:grant_id>/substitute")
def substitute_form(grant_id: int) -> ResponseReturnValue:
    _administrator()
    with reading() as session:
        return _form(session, grant_id, {}, [])


@blueprint.post("/administration/grants/<int:grant_id>/substitute")
def substitute(grant_id: int) -> ResponseReturnValue:
    """Name `substitute_id` from the day `from_on` to the last day `to_on`, for `reason`; the person is told."""
    _administrator()
    said = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        name = run(lambda session: substitutes.name(session, _grant(session, grant_id), said))
    except Refused as refused:
        with reading() as session:
            return _form(session, grant_id, said, refused.problems), 422
    flash(f"已指定{name}代为办理，并已通知本人。", "success")
    return redirect(url_for("administration.accounts"))


def _form(session: Session, grant_id: int, said: dict[str, str], problems: list[Problem]) -> str:
    now, absent = clock.now(session), _grant(session, grant_id)
    body = organisations.get(session, absent.organisation_id) if absent.organisation_id else None
    return render_template(
        "administration/substitute.html",
        grant=absent,
        holder=people.get(session, absent.person_id),
        post=f"{body.name if body else ''} {people.ROLES.get(absent.role, absent.role)}".strip(),
        candidates=directory.candidates(session, now, absent),
        today=clock.local(now).date(),
        said=said,
        problems=problems,
    )


def _grant(session: Session, grant_id: int) -> RoleGrant:
    found = session.get(RoleGrant, grant_id)
    if found is None or found.revoked_at is not None:
        raise NotFound("没有找到该任职。")
    return found


def _administrator() -> None:
    visitor()
    permissions.require_role(grants(), "system_admin")
