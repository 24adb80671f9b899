"""经办时长台账: of one case for its applicant and its overseers, and of an office; each to take along."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import declarations, people, permissions
from app.domain.said import whole_number
from app.domain.wording import moment_words
from app.errors import NotAllowed, NotFound
from app.models.declaration import Declaration
from app.models.process import ProcessInstance
from app.processes import instance_page, monitor
from app.processes.figures import ledger, office_ledger
from app.processes.figures.ledger import Ledger
from app.processes.figures.office_ledger import Line
from app.processes.season import scope
from app.web.instances import page_number
from app.web.session import grants, reading, visitor
from app.web.sheets import FORMATS, Sheet, download

blueprint = Blueprint("ledger", __name__)

CASE = ("办理主体", "任务", "接收时间", "办结时间", "用时（工作日）", "暂停计时（工作日）", "超出期限（工作日）")
OFFICE = ("申报编号", "申报人", "任务", "岗位", "接收时间", "办结时间", "用时（工作日）", "暂停计时（工作日）")


@blueprint.get("/declarations/<int:declaration_id>/ledger")
def own(declaration_id: int) -> ResponseReturnValue:
    """The applicant's own case."""
    person_id = visitor().person_id
    with reading() as session:
        declaration = session.get(Declaration, declaration_id)
        if declaration is None or declaration.person_id != person_id:
            raise NotAllowed("没有找到您的这份申请书。请从“我的申请书”重新进入。")
        back = url_for("declarations.show", declaration_id=declaration.id)
        return _case(session, declaration, back)


@blueprint.get("/instances/<int:instance_id>/ledger")
def of_instance(instance_id: int) -> ResponseReturnValue:
    """The case that an instance is about."""
    visitor()
    who = grants()
    permissions.require_role(who, *monitor.OVERSEERS)
    with reading() as session:
        instance = instance_page.get(session, instance_id)
        wanted = select(ProcessInstance.id).where(ProcessInstance.id == instance_id, monitor.visible(who))
        if session.scalar(wanted) is None:
            raise NotAllowed(f"您当前身份为{who.title}，不能查看此办理事项。如需查看，请切换身份或联系管理人员。")
        if instance.declaration_id is None:
            raise NotFound("此办理事项不是一份申请书的办理，没有经办时长台账。")
        back = url_for("instances.page", instance_id=instance_id)
        return _case(session, declarations.get(session, instance.declaration_id), back)


@blueprint.get("/season/ledger")
def of_office() -> ResponseReturnValue:
    """`office`: the id of a body that one may look at, `q` a part of its name; else the first of them."""
    visitor()
    who = grants()
    permissions.require_role(who, *scope.VIEWERS)
    said, words = request.args.get("office", ""), request.args.get("q", "").strip()
    chosen = whole_number(said) if said and not words else None
    with reading() as session:
        offices = office_ledger.offices(session, who, words)
        known = offices if chosen is None else office_ledger.offices(session, who, chosen=chosen)
        office = next(iter(known), None)
        if office is None and (said or words):
            raise NotFound("没有您可以查看的这一机构的经办记录。")
        if office is None:
            return render_template("season/ledger.html", office=None, offices=[])
        if request.args.get("format") in FORMATS:
            return _office_file(office.name, office_ledger.exported(session, who, office.id), request.args["format"])
        found = office_ledger.listing(session, who, office.id, page_number())
        steps, names = office_ledger.steps(session, who, office.id), office_ledger.names(session, office.id)
        openable = monitor.openable(session, who, {row.instance_id for row in found.rows})
    return render_template(
        "season/ledger.html",
        office=office,
        offices=offices,
        q=words,
        found=found,
        steps=[(names.get(element, element), spread) for element, spread in steps],
        headings=OFFICE,
        roles=people.ROLES,
        openable=openable,
    )


def _case(session: Session, declaration: Declaration, back: str) -> ResponseReturnValue:
    found = ledger.of_declaration(session, declaration)
    applicant = people.get(session, declaration.person_id).name
    if request.args.get("format") in FORMATS:
        return download(Sheet(f"{applicant}经办时长台账", CASE, _rows(found)), request.args["format"])
    return render_template(
        "season/case_ledger.html", ledger=found, applicant=applicant, declaration=declaration, back=back, headings=CASE
    )


def _rows(found: Ledger) -> list[list[object]]:
    return [
        [stay.tier, stay.task, moment_words(stay.entered), stay.left and moment_words(stay.left), stay.days, stay.held,
         stay.late]
        for stay in found.stays
    ]  # fmt: skip


def _office_file(name: str, lines: Sequence[Line], kind: str) -> ResponseReturnValue:
    rows = [
        [row.number, row.applicant, row.task, people.ROLES.get(row.role, row.role), moment_words(row.entered),
         moment_words(row.left), row.days, row.held]
        for row in lines
    ]  # fmt: skip
    most = office_ledger.MOST
    title = f"{name}经办时长台账" + (f"（前{most}项）" if len(rows) == most else "")
    return download(Sheet(title, OFFICE, rows), kind)
