"""办理监控: the list, its filters and columns in the address, and the same as a table to take along."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain import people
from app.domain.explanations import moment_words
from app.domain.said import whole_number
from app.models.declaration import Declaration
from app.models.process import ProcessInstance
from app.processes import instance_filters, monitor
from app.processes.instance_filters import Filters
from app.processes.instance_rows import Holding, Row
from app.processes.monitor import Place
from app.web import saved_views
from app.web.instances import blueprint
from app.web.oversight import overseer
from app.web.session import reading
from app.web.sheets import FORMATS, Sheet, download

__all__ = ["blueprint"]
COLUMNS = {
    "process": "流程",
    "notice": "通知",
    "version": "通知版本",
    "committee": "评委会",
    "about": "申报人（单位）",
    "identity": "身份证号",
    "number": "编号",
    "stage": "办理阶段",
    "task": "当前环节",
    "holder": "当前办理人",
    "since": "等待自",
    "deadline": "期限",
    "status": "状态",
    "started": "开始时间",
}
USUAL = ("process", "notice", "about", "stage", "task", "holder", "since", "deadline", "status")
DAYS = (1, 3, 5, 10, 20)  # working days overdue
MOST = 20_000  # rows that one file takes


@blueprint.get("/instances")
def index() -> ResponseReturnValue:
    who, filters, columns = overseer(), Filters.of(request.args), _columns()
    with reading() as session:
        listing = monitor.listing(session, who, filters, _place(), identities="identity" in columns)
        views = saved_views.part(session, who, "instances")
    kept: dict[str, Any] = filters.kept
    chosen = {} if columns == USUAL else {"column": list(columns)}
    context: dict[str, Any] = {
        "names": instance_filters.NAMES,
        "days": DAYS,
        "all_columns": COLUMNS,
        "columns": columns,
    }
    context |= {"kept": kept | chosen, "chosen": chosen, "filters": filters, "most": MOST}
    context["without"] = lambda name: {key: value for key, value in (kept | chosen).items() if key != name}
    return render_template("instances/index.html", listing=listing, views=views, **context)


@blueprint.get("/instances/export")
def export() -> ResponseReturnValue:
    """Every page of the list as it is filtered now, in the columns chosen; `format` csv or xlsx."""
    who, filters, columns, kind = overseer(), Filters.of(request.args), _columns(), request.args.get("format", "")
    with reading() as session:
        rows, total = monitor.exported(session, who, filters, MOST, identities="identity" in columns)
        lines = [[_text(row, column) for column in columns] for row in rows]
    if total > MOST:
        said = f"共{total}件，本表只列出最近开始的{MOST}件。请缩小筛选范围后再导出其余的。"
        lines.append([said, *[""] * (len(columns) - 1)])
    headings = [COLUMNS[column] for column in columns]
    return download(Sheet("办理监控", headings, lines), kind if kind in FORMATS else "csv")


@blueprint.post("/instances/applicant")
def find_applicant() -> ResponseReturnValue:
    """The list of one applicant by his identity number, which never stands in an address."""
    who, number = overseer(), request.form.get("number", "")
    kept: dict[str, Any] = Filters.of(request.args).kept | {"column": request.args.getlist("column")}
    with reading() as session:
        person = people.by_identity(session, number)
        mine = select(ProcessInstance.id).join(Declaration, Declaration.id == ProcessInstance.declaration_id)
        person_id = person.id if person else 0
        found = session.scalar(mine.where(Declaration.person_id == person_id, monitor.visible(who)).limit(1))
    if found is None:
        flash("没有找到该身份证号的办理事项，请核对号码；不在您权限范围内的不会列出。", "error")
    else:
        kept["applicant"] = person_id
    return redirect(url_for("instances.index", **kept))


def _columns() -> tuple[str, ...]:
    """Those chosen, in their own order; the usual ones where none is."""
    chosen = set(request.args.getlist("column"))
    return tuple(each for each in COLUMNS if each in chosen) or USUAL


def _place() -> Place:
    said = {name: request.args.get(name, "") for name in ("before", "after")}
    return Place(**{name: number for name, value in said.items() if (number := whole_number(value))})


def _text(row: Row, column: str) -> str:
    """What the screen says in this column, in one line."""
    if column in _OF_TASKS:
        said = [_OF_TASKS[column](each) for each in row.holding]
        return "；".join(said) or (f"等待：{row.waits}" if column == "task" and row.waits else "")
    if column == "process":
        return f"{row.process} #{row.id}"
    if column == "version":
        return f"第{row.version}版"
    if column == "started":
        return moment_words(row.started)
    if column == "status":
        return f"{row.status} 异常{row.incidents}" if row.incidents else row.status
    return str(getattr(row, column))


def _whose(each: Holding) -> str:
    return " ".join(filter(None, (each.office, each.holder)))


def _due(each: Holding) -> str:
    return " ".join(filter(None, (each.badge.text, each.badge.provisional))) if each.badge else ""


_OF_TASKS = {
    "task": lambda each: each.task,
    "holder": _whose,
    "since": lambda each: moment_words(each.since),
    "deadline": _due,
}
