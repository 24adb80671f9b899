"""机构联系方式: whom applicants call at a body, step by step, and 机关代字, kept by the body's own administrator."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import organisations, people, permissions
from app.errors import Problem, Refused
from app.models.people import Organisation
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("contacts", __name__)

KEEPERS = tuple(sorted(people.ADMINISTRATOR_ROLES))


@blueprint.get("/organisations/<int:organisation_id>/contacts")
def show(organisation_id: int) -> ResponseReturnValue:
    _keeper(organisation_id)
    with reading() as session:
        return _page(session, organisation_id, [])


@blueprint.get("/organisations/contacts")
def own() -> ResponseReturnValue:
    """The contacts of the body one acts for."""
    visitor()
    permissions.require_role(grants(), *KEEPERS)
    body = next(grant.organisation_id for grant in grants().held if grant.role in KEEPERS)
    return redirect(url_for("contacts.show", organisation_id=body))


@blueprint.post("/organisations/<int:organisation_id>/contacts")
def write(organisation_id: int) -> ResponseReturnValue:
    """`name` and `phone` of the body, `name-STEP` and `phone-STEP` where a step has its own, `document_code`."""
    _keeper(organisation_id)
    try:
        with transaction() as session:
            _write(session, organisation_id)
    except Refused as refused:
        with reading() as session:
            return _page(session, organisation_id, refused.problems), 422
    flash("联系方式已保存。", "success")
    return redirect(url_for("contacts.show", organisation_id=organisation_id))


def _write(session: Session, organisation_id: int) -> None:
    body, problems = organisations.get(session, organisation_id), []
    for step in ("", *organisations.steps_of(body)):
        suffix = f"-{step}" if step else ""
        name, phone = (request.form.get(f"{key}{suffix}", "").strip() for key in ("name", "phone"))
        try:
            if step and not name and not phone:
                organisations.clear_contact(session, organisation_id, step)
            else:
                organisations.set_contact(session, organisation_id, name, phone, step or None)
        except Refused as refused:
            problems += [Problem(each.code, each.message, f"phone{suffix}") for each in refused.problems]
    if "document_code" in request.form:
        organisations.set_document_code(session, organisation_id, request.form["document_code"])
    if problems:
        raise Refused(*problems)


def _page(session: Session, organisation_id: int, problems: list[Problem]) -> str:
    body = organisations.get(session, organisation_id)
    steps = organisations.steps_of(body)
    said = request.form if problems else _kept(body)
    numbered = "acceptance" in steps or bool(body.document_code)
    return render_template(
        "administration/contacts.html", body=body, steps=steps, said=said, numbered=numbered, problems=problems
    )


def _kept(body: Organisation) -> dict[str, str]:
    own = {"name": body.contact_name, "phone": body.contact_phone, "document_code": body.document_code}
    for step, contact in body.contacts.items():
        own |= {f"name-{step}": contact.get("name"), f"phone-{step}": contact.get("phone")}
    return {key: value or "" for key, value in own.items()}


def _keeper(organisation_id: int) -> None:
    visitor()
    permissions.require_keeper(grants(), organisation_id)
