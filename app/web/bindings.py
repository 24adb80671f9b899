"""注册单位: asking to register a body and to be its title administrator; its superior decides (R-105, R-106)."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import attachments, bindings, declarations, organisations, people
from app.domain.attachments import Upload
from app.domain.bindings import Registration
from app.errors import Problem, Refused
from app.models.people import BindingRequest, Organisation, Person
from app.web.session import grants, reading, settings, transaction, visitor

blueprint = Blueprint("bindings", __name__)

STATES = {"pending": "等待上级机构办理", "approved": "已同意", "refused": "退回修改"}
ROLES = {role: people.ROLES[role] for role in people.ADMINISTRATOR_ROLES}


@blueprint.get("/bindings/new")
def new() -> ResponseReturnValue:
    visitor()
    return _form([])


@blueprint.post("/bindings/new")
def ask() -> ResponseReturnValue:
    """File the request with the organisation's certificate; the form comes back with all faults at once."""
    person_id = visitor().person_id
    try:
        with transaction() as session:
            live_routes = partial(declarations.live_route_bodies, session)
            bindings.request_binding(session, person_id, _registration(session, person_id), live_routes)
    except Refused as refused:
        return _form(refused.problems), 422
    flash("注册申请已提交，由上级机构办理。", "success")
    return redirect(url_for("bindings.new"))


@blueprint.post("/bindings/<int:request_id>/approve")
def approve(request_id: int) -> ResponseReturnValue:
    who = grants()
    with transaction() as session:
        body = bindings.approve(session, who, request_id, partial(declarations.live_route_bodies, session))
    flash(f"已同意“{body.name}”注册。", "success")
    return redirect(url_for("bindings.new"))


@blueprint.post("/bindings/<int:request_id>/refuse")
def refuse(request_id: int) -> ResponseReturnValue:
    """退回修改, with the reason that the asker reads."""
    who = grants()
    with transaction() as session:
        bindings.refuse(session, who, request_id, request.form.get("note", ""))
    flash("已退回修改。", "success")
    return redirect(url_for("bindings.new"))


def _registration(session: Session, person_id: int) -> Registration:
    file = request.files.get("certificate")
    if file is None or not file.filename:
        raise Refused(Problem("no_file", "请上传组织机构代码证等证件。", "certificate"))
    upload = Upload(file.filename, file.stream.read(), "certificate")
    certificate = attachments.store(session, settings().attachments, upload, person_id)
    superior = request.form.get("superior", "").strip()
    return Registration(
        role=request.form.get("role", ""),
        name=request.form.get("name", ""),
        kind=request.form.get("kind", ""),
        credit_code=request.form.get("credit_code", ""),
        certificate_id=certificate.id,
        contact_name=request.form.get("contact_name", ""),
        contact_phone=request.form.get("contact_phone", ""),
        parent_id=_superior(session, superior).id if superior else None,
    )


def _superior(session: Session, name: str) -> Organisation:
    found = next((body for body in organisations.find(session, name) if body.name == name), None)
    if found is None:
        raise Refused(Problem("superior", f"未找到“{name}”。请联系该机构先行注册。", "superior"))
    return found


def _form(problems: list[Problem]) -> str:
    person_id, who = visitor().person_id, grants()
    with reading() as session:
        mine = session.scalars(
            select(BindingRequest).where(BindingRequest.person_id == person_id).order_by(BindingRequest.id.desc())
        ).all()
        deciding = select(BindingRequest, Person.name).join(Person, Person.id == BindingRequest.person_id)
        pending = session.execute(deciding.where(bindings.decidable(who)).order_by(BindingRequest.id)).all()
        bodies = organisations.find(session, limit=300)
    return render_template(
        "bindings/new.html",
        problems=problems,
        said=request.form,
        mine=mine,
        pending=pending,
        bodies=bodies,
        kinds=organisations.KINDS,
        roles=ROLES,
        states=STATES,
    )
