"""我的申请书: the applicant's own declarations, their way in plain words, and what he may do with them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import closings, declarations, payments
from app.errors import Conflict, NotAllowed, NotFound
from app.models.declaration import Declaration
from app.processes import conditions, course, form8, instances, standing, taking_back, urging
from app.processes.documents import shelf
from app.processes.tick import tick
from app.web import clauses
from app.web.promptness import note_delivery
from app.web.session import database, grants, reading, transaction, visitor

blueprint = Blueprint("declarations", __name__)


@blueprint.get("/declarations")
def mine() -> ResponseReturnValue:
    person_id = visitor().person_id
    note_delivery(person_id, "list")
    with reading() as session:
        lines = standing.mine(session, person_id)
        closing = closings.of_declarations(session, [line.declaration for line in lines])
    return render_template("declarations/mine.html", lines=lines, closing=closing)


@blueprint.get("/declarations/<int:declaration_id>")
def show(declaration_id: int) -> ResponseReturnValue:
    with reading() as session:
        declaration = _own(session, declaration_id)
        clauses.under(session, declaration.notice_version_id)
        line = standing.line(session, declaration)
        steps = course.of(session, declaration)
        urged = urging.urged(session, declaration.id)
        paid = payments.is_paid(session, declaration.id)
        take_back = taking_back.last_of(session, grants(), declaration)
        papers = shelf.of(session, declaration)
    context = {"line": line, "steps": steps, "urged": urged, "paid": paid, "take_back": take_back, "papers": papers}
    return render_template("declarations/show.html", **context)


@blueprint.get("/declarations/<int:declaration_id>/conditions")
def check(declaration_id: int) -> ResponseReturnValue:
    """检查条件."""
    with reading() as session:
        declaration = _own(session, declaration_id)
        clauses.under(session, declaration.notice_version_id)
        found = conditions.of(session, declaration)
    return render_template("declarations/conditions.html", declaration=declaration, found=found)


@blueprint.get("/declarations/<int:declaration_id>/sheet")
def sheet(declaration_id: int) -> ResponseReturnValue:
    """预览公示表, for the screen and for A3 paper."""
    with reading() as session:
        declaration = _own(session, declaration_id)
        found = form8.preview(session, declaration)
    return render_template("declarations/sheet.html", declaration=declaration, sheet=found)


@blueprint.post("/declarations/<int:declaration_id>/withdraw")
def withdraw(declaration_id: int) -> ResponseReturnValue:
    """撤回: told to the declaration's own process and carried out at once."""
    with transaction() as session:
        declaration = _own(session, declaration_id)
        if declaration.ended_as is not None:
            raise Conflict(f"申请书已经办结（{declarations.outcome_of(declaration)}），无需撤回。")
        instances.withdraw(session, declaration, visitor().person_id)
    tick(database())
    flash("已撤回申请书。", "success")
    return redirect(url_for("declarations.show", declaration_id=declaration_id))


@blueprint.post("/declarations/<int:declaration_id>/urge")
def urge(declaration_id: int) -> ResponseReturnValue:
    """催办."""
    with transaction() as session:
        told = urging.urge(session, _own(session, declaration_id), visitor().person_id)
    flash(f"已提醒{told}名办理人员。" if told else "该机构暂无办理人员，请电话联系。", "success")
    return redirect(url_for("declarations.show", declaration_id=declaration_id))


def _own(session: Session, declaration_id: int) -> Declaration:
    """The visitor's own declaration; another person's is not told apart from one that does not exist."""
    person_id = visitor().person_id
    try:
        found = declarations.get(session, declaration_id)
    except NotFound:
        found = None
    if found is None or found.person_id != person_id:
        raise NotAllowed("没有找到您的这份申请书。请从“我的申请书”重新进入。")
    return found
