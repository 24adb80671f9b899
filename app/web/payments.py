"""评审缴费: who owes and who has paid, the cashier's list from upload to booking, ticking off on the screen."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import payments, permissions
from app.domain.amount_words import capitals
from app.domain.cashier_file import Entry
from app.domain.said import day
from app.errors import Problem, Refused
from app.processes import cashier, payment_list
from app.web.promptness import deliver_soon
from app.web.session import database, grants, reading, transaction, visitor
from app.web.sheets import FORMATS, Sheet, download

blueprint = Blueprint("payments", __name__)

HEADINGS = (
    "受理编号", "申报人", "申报职称", "评委会", "缴费状态", "应缴金额（元）", "实缴金额（元）", "缴费日期", "票据号码",
    "缴费方式", "催缴时间",
)  # fmt: skip
ROWS = ("行号", "编号", "姓名", "金额（元）", "缴费日期", "票据号码", "结果", "说明")
RESULTS = {
    "read": "可以登记",
    "ready": "等待登记",
    "mismatch": "不符",
    "booked": "已登记缴费",
    "refused": "未能登记",
}


@blueprint.get("/registers/payments")
def index() -> ResponseReturnValue:
    """Who owes and who has paid; `state` and `q` narrow, `format` takes what is shown along."""
    return _index([])


def _index(problems: list[Problem]) -> Response | str:
    visitor()
    who = grants()
    permissions.require_role(who, *payment_list.COLLECTORS, "manager", "system_admin")
    state, words = request.args.get("state", ""), request.args.get("q", "").strip()
    with reading() as session:
        lines = payment_list.lines(session, who, state, words)
        lists = cashier.lists(session, who)
    if request.args.get("format") in FORMATS:
        name = "欠费清单" if state == payment_list.ARREARS else "评审缴费清单"
        return download(Sheet(name, HEADINGS, [_row(line) for line in lines]), request.args["format"])
    page = _page()
    return render_template(
        "payments/index.html",
        headings=HEADINGS,
        lines=lines[(page - 1) * payment_list.PAGE : page * payment_list.PAGE],
        count=len(lines),
        page=page,
        pages=max(1, -(-len(lines) // payment_list.PAGE)),
        lists=lists,
        collects=who.holds("finance"),
        methods=payments.METHODS,
        states={payment_list.ARREARS: "欠费（未缴及延期未缴）", **payment_list.STATES},
        state=state,
        q=words,
        owed=sum(line.fee for line in lines if line.state in payment_list.OWING),
        paid=sum(line.amount or 0 for line in lines if line.state == "paid"),
        problems=problems,
        said=request.form,
    )


@blueprint.post("/registers/payments/lists")
def take() -> ResponseReturnValue:
    """Take the cashier's file; nothing is booked yet. The same file leads to the list it made before."""
    visitor()
    cashier.office_of(grants())
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused(Problem("missing", "请选择要导入的清单文件。", "file"))
        with transaction() as session:
            taken = cashier.take(session, grants(), file.filename, file.stream.read())
    except Refused as refused:
        return _index(refused.problems), 422
    return redirect(url_for("payments.show", list_id=taken.id))


@blueprint.post("/registers/payments/ticked")
def tick_off() -> ResponseReturnValue:
    """The people ticked on the screen, with one day and way of paying and a receipt number each."""
    visitor()
    cashier.office_of(grants())
    said = request.form
    try:
        with transaction() as session:
            lines = {str(line.task_id): line for line in payment_list.lines(session, grants()) if line.task_id}
            chosen = [(key, lines[key]) for key in said.getlist("task") if key in lines]
            entries = [_ticked(number, line, said, key) for number, (key, line) in enumerate(chosen, 1)]
            taken = cashier.tick_off(session, grants(), entries)
    except Refused as refused:
        return _index(refused.problems), 422
    return redirect(url_for("payments.show", list_id=taken.id))


@blueprint.get("/registers/payments/lists/<int:list_id>")
def show(list_id: int) -> ResponseReturnValue:
    """Row by row: before confirming what would be booked, afterwards what was."""
    visitor()
    who, only = grants(), request.args.get("only", "")
    with reading() as session:
        taken = cashier.get(session, who, list_id)
        verdicts = cashier.verdicts(session, who, taken)
        progress = cashier.progress(session, list_id)
    misfits = [verdict for verdict in verdicts if verdict.reason is not None]
    shown = misfits if only == "mismatch" else verdicts
    if request.args.get("format") in FORMATS:
        rows = [_verdict_row(verdict) for verdict in shown]
        return download(Sheet(f"{taken.name} 登记结果", ROWS, rows), request.args["format"])
    page = _page()
    return render_template(
        "payments/list.html",
        taken=taken,
        verdicts=shown[(page - 1) * payment_list.PAGE : page * payment_list.PAGE],
        page=page,
        pages=max(1, -(-len(shown) // payment_list.PAGE)),
        matching=len(verdicts) - len(misfits),
        misfits=len(misfits),
        only=only,
        progress=progress,
        headings=ROWS,
        result=_result,
    )


@blueprint.post("/registers/payments/lists/<int:list_id>/confirm")
def confirm(list_id: int) -> ResponseReturnValue:
    """登记缴费: fix what is booked, book the first rows; the page goes on by itself until all are."""
    visitor()
    expected = request.form.get("expected", "")
    with transaction() as session:
        taken = cashier.get(session, grants(), list_id)
        cashier.confirm(session, grants(), taken, int(expected) if expected.isdecimal() else -1)
    return book(list_id)


@blueprint.post("/registers/payments/lists/<int:list_id>/book")
def book(list_id: int) -> ResponseReturnValue:
    """The next rows of a confirmed list."""
    visitor()
    with reading() as session:
        cashier.get(session, grants(), list_id)
    progress = cashier.book(database(), grants(), list_id)
    deliver_soon()
    if not progress.ready:
        flash(f"已登记缴费{progress.booked}人，未登记{progress.mismatch + progress.refused}行。", "success")
    return redirect(url_for("payments.show", list_id=list_id))


@blueprint.get("/payments/<int:declaration_id>/receipt")
def receipt(declaration_id: int) -> ResponseReturnValue:
    """收据, to read and print."""
    visitor()
    with reading() as session:
        found = payment_list.receipt(session, grants(), declaration_id)
    words = capitals(found.payment.amount or 0)
    return render_template("payments/receipt.html", receipt=found, words=words, methods=payments.METHODS)


def _ticked(number: int, line: payment_list.Line, said: Any, key: str) -> Entry:
    return Entry(
        line=number,
        number=line.acceptance_no,
        name=line.applicant,
        identity=None,
        amount=str(line.fee),
        paid_on=day(said.get("paid_on")),
        receipt_no=said.get(f"receipt_no-{key}", "").strip()[:80],
        method=said.get("method") if said.get("method") in payments.METHODS else None,
    )


def _page() -> int:
    said = request.args.get("page", "1")
    return max(1, int(said)) if said.isdecimal() else 1


def _result(verdict: Any) -> str:
    return "不符" if verdict.row.status == "read" and verdict.reason else RESULTS[verdict.row.status]


def _verdict_row(verdict: Any) -> list[Any]:
    row = verdict.row
    result = _result(verdict)
    return [row.line, row.number, row.name, row.amount, row.paid_on, row.receipt_no, result, verdict.reason or ""]


def _row(line: payment_list.Line) -> list[Any]:
    return [
        line.acceptance_no,
        line.applicant,
        line.title,
        line.committee,
        payment_list.STATES[line.state],
        line.fee,
        line.amount,
        line.paid_on,
        line.receipt_no,
        line.method,
        line.reminded,
    ]
