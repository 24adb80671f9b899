"""受理登记簿 and the papers sent to applicants: lists to take along, notices to print."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import acceptance, declarations, deliveries, dictionaries, organisations, people, permissions, register
from app.domain.deadline_rules import spoken
from app.domain.permissions import Grants
from app.domain.wording import moment_words
from app.errors import NotFound
from app.models.office import CorrectionNotice, RefusalNotice, RegisterEntry
from app.models.people import Organisation
from app.web.instances import page_number
from app.web.session import grants, reading, transaction, visitor
from app.web.sheets import FORMATS, Sheet, download

blueprint = Blueprint("registers", __name__)
blueprint.add_app_template_filter(spoken, "spoken")

KEEPERS = ("committee_office", "district_tro", "manager", "system_admin")
SENDERS = (*KEEPERS, "unit_clerk", "agency", "dept_admin", "local_top_body")
PAGE = 50
SENT = ("文书", "文书编号", "申报人", "申报编号", "发出时间", "送达时间", "送达方式", "阅读时间", "答复时间")
REGISTER = ("登记号", "日期", "申报人", "申报编号", "申报职称", "经办人", "结果", "文书编号", "备注")


@blueprint.get("/registers/acceptance", endpoint="acceptance")
def acceptance_register() -> ResponseReturnValue:
    """受理登记簿 of one office and year; `outcome` and `q` narrow, `format` csv or xlsx takes it along."""
    visitor()
    who = grants()
    permissions.require_role(who, *KEEPERS)
    outcome, words = request.args.get("outcome", ""), request.args.get("q", "").strip()
    with reading() as session:
        offices = _offices(session, who)
        office = _chosen(offices, request.args.get("organisation", ""))
        years = _years(session, office.id) if office else []
        year = _year(session, years)
        rows = register.rows(session, office.id, year) if office else []
        papers = _papers(session, office.id) if office else {}
    kept = [row for row in rows if outcome in ("", row["outcome"]) and words in row["applicant"]]
    kept = [{**row, "title": dictionaries.label("title", row["title"])} for row in kept]
    if request.args.get("format") in FORMATS:
        return download(_register_sheet(office, year, kept), request.args["format"])
    return render_template(
        "registers/acceptance.html",
        headings=REGISTER,
        rows=kept,
        papers=papers,
        offices=offices,
        office=office,
        years=years,
        year=year,
        outcomes=list(register.OUTCOMES.values()),
        outcome=outcome,
        q=words,
    )


@blueprint.get("/registers/papers")
def papers() -> ResponseReturnValue:
    """告知书登记: what one office has sent to applicants, when it was delivered, how, and when it was read."""
    visitor()
    who = grants()
    permissions.require_role(who, *SENDERS)
    with reading() as session:
        offices = _offices(session, who, SENDERS)
        office = _chosen(offices, request.args.get("organisation", ""))
        lines = deliveries.sent_by(session, who, office.id) if office else []
    if request.args.get("format") in FORMATS:
        rows = [[_in_words(value) for value in row] for row in map(_sent_row, lines)]
        return download(Sheet(f"{office.name if office else ''}告知书登记", SENT, rows), request.args["format"])
    page = page_number()
    return render_template(
        "registers/papers.html",
        headings=SENT,
        lines=lines[(page - 1) * PAGE : page * PAGE],
        count=len(lines),
        page=page,
        pages=max(1, -(-len(lines) // PAGE)),
        kinds={kind: label for kind, (_, label) in deliveries.KINDS.items()},
        offices=offices,
        office=office,
    )


@blueprint.get("/registers/corrections/<int:notice_id>")
def correction(notice_id: int) -> ResponseReturnValue:
    """一次性告知书, to read and print; the applicant's first look is kept as 阅读时间."""
    return _paper(CorrectionNotice, notice_id, "registers/correction.html")


@blueprint.get("/registers/refusals/<int:notice_id>")
def refusal(notice_id: int) -> ResponseReturnValue:
    """不予受理告知书 (or 退回), to read and print."""
    return _paper(RefusalNotice, notice_id, "registers/refusal.html")


def _paper(table: type[CorrectionNotice] | type[RefusalNotice], notice_id: int, template: str) -> ResponseReturnValue:
    visitor()
    who = grants()
    with transaction() as session:
        paper = session.get(table, notice_id)
        if not isinstance(paper, CorrectionNotice | RefusalNotice):
            raise NotFound("没有找到该告知书。")
        permissions.require_see_declaration(session, who, paper.declaration_id)
        declaration = declarations.get(session, paper.declaration_id)
        if who.personal and declaration.person_id == who.person_id:
            deliveries.opened(session, paper)
        context: dict[str, Any] = {
            "paper": paper,
            "way": deliveries.WAYS.get(paper.delivered_by or "", ""),
            "declaration": declaration,
            "applicant": people.get(session, declaration.person_id).name,
            "title": dictionaries.label("title", declaration.title),
            "office": organisations.get(session, paper.organisation_id),
            "due": acceptance.due_at(session, paper) if isinstance(paper, CorrectionNotice) else None,
        }
    return render_template(template, **context)


def _sent_row(line: deliveries.Line) -> list[Any]:
    label = deliveries.KINDS[line.kind][1]
    return [label, line.number, line.applicant, line.declaration, line.sent_at, line.delivered_at, line.way,
            line.read_at, line.answered_at]  # fmt: skip


def _in_words(value: Any) -> Any:
    return moment_words(value) if isinstance(value, datetime) else value


def _offices(session: Session, who: Grants, keepers: tuple[str, ...] = KEEPERS) -> list[Organisation]:
    """The offices whose register one keeps; a manager sees every office that has one."""
    wanted = select(Organisation).order_by(Organisation.id)
    if who.sees_all:
        wanted = wanted.where(Organisation.id.in_(select(RegisterEntry.organisation_id)))
    else:
        own = [grant.organisation_id for grant in who.held if grant.role in keepers]
        wanted = wanted.where(Organisation.id.in_(organisations.answered_by(own)))
    return list(session.scalars(wanted))


def _chosen(offices: list[Organisation], said: str) -> Organisation | None:
    found = next((office for office in offices if str(office.id) == said), None)
    return found or (offices[0] if offices else None)


def _years(session: Session, organisation_id: int) -> list[int]:
    wanted = select(RegisterEntry.year).where(RegisterEntry.organisation_id == organisation_id).distinct()
    return sorted(session.scalars(wanted), reverse=True)


def _year(session: Session, years: list[int]) -> int:
    said = request.args.get("year", "")
    if said.isdecimal():
        return int(said)
    return years[0] if years else clock.local(clock.now(session)).year


def _papers(session: Session, organisation_id: int) -> dict[str, tuple[str, int]]:
    """Number of a paper → the page that shows it."""
    found: dict[str, tuple[str, int]] = {}
    tables: tuple[tuple[type[CorrectionNotice] | type[RefusalNotice], str], ...] = (
        (CorrectionNotice, "registers.correction"),
        (RefusalNotice, "registers.refusal"),
    )
    for table, endpoint in tables:
        wanted = select(table.number, table.id).where(table.organisation_id == organisation_id)
        found |= {number: (endpoint, key) for number, key in session.execute(wanted)}
    return found


def _register_sheet(office: Organisation | None, year: int, rows: list[dict[str, Any]]) -> Sheet:
    keys = ("number", "date", "applicant", "declaration", "title", "clerk", "outcome", "document", "note")
    name = f"{office.name if office else ''}{year}年受理登记簿"
    return Sheet(name, REGISTER, [[row[key] for key in keys] for row in rows])
