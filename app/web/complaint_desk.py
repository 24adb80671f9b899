"""投诉举报 at the offices: the list, one complaint with its words back and forth, the reporter's identity on record."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import permissions
from app.domain.complaints import access, desk, reporters
from app.domain.permissions import Grants
from app.errors import Problem, Refused
from app.models.complaint import Complaint
from app.web.instances import page_number
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("complaint_desk", __name__)

READERS = ("discipline", "municipal_tro", "committee_office")


@blueprint.get("/complaints")
def index() -> ResponseReturnValue:
    """The complaints that one may see, the open first; `show=all` with the closed."""
    who = _reader()
    everything = request.args.get("show") == "all"
    with reading() as session:
        lines, total = desk.lines(session, who, page_number(), everything)
    return render_template(
        "complaints/index.html",
        lines=lines,
        total=total,
        everything=everything,
        page=page_number(),
        pages=max(1, -(-total // desk.PAGE)),
    )


@blueprint.get("/complaints/<int:complaint_id>")
def show(complaint_id: int) -> ResponseReturnValue:
    return _page(complaint_id, [])


@blueprint.post("/complaints/<int:complaint_id>/notes")
def write(complaint_id: int) -> ResponseReturnValue:
    """A question or a word to the reporter."""
    who = _reader()
    try:
        with transaction() as session:
            found = _investigated(session, who, complaint_id)
            reporters.write(session, found, request.form.get("note", ""), by=who.person_id)
    except Refused as refused:
        return _page(complaint_id, refused.problems), 422
    return redirect(url_for("complaint_desk.show", complaint_id=complaint_id))


@blueprint.post("/complaints/<int:complaint_id>/reporter")
def reporter(complaint_id: int) -> ResponseReturnValue:
    """Who reported, shown once on this answer; the reading is on record before it is shown."""
    who = _reader()
    try:
        with transaction() as session:
            found = _investigated(session, who, complaint_id)
            known = reporters.read(session, who, found, request.form.get("reason", ""))
            identity = {"name": known.name if known else None, "contact": known.contact if known else None}
    except Refused as refused:
        return _page(complaint_id, refused.problems), 422
    return _page(complaint_id, [], identity)


def _page(complaint_id: int, problems: list[Problem], identity: dict[str, Any] | None = None) -> str:
    who = _reader()
    with reading() as session:
        seen = desk.sight(session, who, complaint_id)
    return render_template("complaints/show.html", seen=seen, problems=problems, identity=identity, said=request.form)


def _reader() -> Grants:
    visitor()
    who = grants()
    permissions.require_role(who, *READERS)
    return who


def _investigated(session: Session, who: Grants, complaint_id: int) -> Complaint:
    found = desk.get(session, who, complaint_id)
    access.require_investigates(session, who, found)
    return found
