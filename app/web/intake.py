"""导入机构、账号与任职: from a file to a look at what it would do, row by row, then all of it or nothing."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import organisations, posts
from app.domain.intake import files, sheets
from app.domain.said import whole_number
from app.errors import Conflict, Problem, Refused
from app.web.organisations import administrator
from app.web.session import reading, run
from app.web.sheets import FORMATS, Sheet, download

blueprint = Blueprint("intake", __name__)

PAGE = 100  # rows of the plan, or faults
KINDS = "<any(organisations, accounts):kind>"


@blueprint.get(f"/administration/import/{KINDS}")
def index(kind: str) -> ResponseReturnValue:
    """Handing in a file, and the files handed in last; `template` csv or xlsx gives an empty one."""
    administrator()
    columns = files.COLUMNS[kind]
    if request.args.get("template") in FORMATS:
        headings = [each.heading for each in columns]
        return download(Sheet(f"{files.KINDS[kind]}导入模板", headings, []), request.args["template"])
    with reading() as session:
        return _index(session, kind, [])


@blueprint.post(f"/administration/import/{KINDS}")
def take(kind: str) -> ResponseReturnValue:
    """Read `file`; nothing is written to the register yet."""
    by, file = administrator(), request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused(Problem("missing", "请选择要导入的文件。", "file"))
        name, content = file.filename, file.read()
        taken = run(lambda session: files.take(session, kind, name, content, by).id)
    except Refused as refused:
        with reading() as session:
            return _index(session, kind, refused.problems), 422
    return redirect(url_for("intake.show", kind=kind, file_id=taken))


@blueprint.get(f"/administration/import/{KINDS}/<int:file_id>")
def show(kind: str, file_id: int) -> ResponseReturnValue:
    """What the file would do, or its faults; `outcome` narrows, `format` takes the list along."""
    by = administrator()
    with reading() as session:
        return _show(session, kind, file_id, by, [], "")


@blueprint.post(f"/administration/import/{KINDS}/<int:file_id>/apply")
def apply(kind: str, file_id: int) -> ResponseReturnValue:
    """Do it, for a `reason`, if the register is still as it was `seen`."""
    by, reason = administrator(), request.form.get("reason", "")
    try:
        seen = request.form.get("seen", "")
        found = run(lambda session: files.apply(session, kind, file_id, reason=reason, by=by, seen=seen))
    except Refused as refused:
        with reading() as session:
            return _show(session, kind, file_id, by, refused.problems, ""), 422
    except Conflict as late:
        with reading() as session:
            return _show(session, kind, file_id, by, [], late.message), 409
    words = "，".join(f"{sheets.OUTCOMES[outcome]}{count}行" for outcome, count in found.counts.items())
    flash(f"已导入：{words}。", "success")
    return redirect(url_for("intake.show", kind=kind, file_id=file_id))


@blueprint.post("/administration/import/accounts/<int:file_id>/passwords")
def passwords(file_id: int) -> ResponseReturnValue:
    """The first passwords of the accounts made, as a file that is made this once."""
    by = administrator()
    try:
        found = run(lambda session: files.hand_out(session, file_id, by))
    except Refused as refused:
        with reading() as session:
            return _show(session, "accounts", file_id, by, refused.problems, ""), 422
    rows = [[each.body, each.name, each.account, each.password] for each in found]
    return download(Sheet("初始密码", ["机构", "姓名", "账号", "初始密码"], rows), "xlsx")


def _index(session: Session, kind: str, problems: list[Problem]) -> str:
    choices = organisations.KINDS if kind == "organisations" else posts.GRANTABLE
    return render_template(
        "administration/intake.html",
        kind=kind,
        words=files.KINDS[kind],
        columns=files.COLUMNS[kind],
        choices=list(choices.values()),
        latest=files.latest(session, kind),
        outcomes=sheets.OUTCOMES,
        problems=problems,
    )


def _show(
    session: Session, kind: str, file_id: int, by: int, problems: list[Problem], meanwhile: str
) -> str | Response:
    file = files.get(session, kind, file_id)
    about: dict[str, Any] = {"kind": kind, "words": files.KINDS[kind], "outcomes": sheets.OUTCOMES, "file": file}
    if file.content is None:
        waiting = files.waiting(session, file) if kind == "accounts" else []
        return render_template("administration/intake_done.html", waiting=len(waiting), problems=problems, **about)
    plan = files.plan(session, file, by)
    if request.args.get("format") in FORMATS and plan.faults:
        rows = [[each.line, each.column, each.text] for each in plan.faults]
        return download(Sheet(f"{file.name}错误清单", ["行", "列", "错误"], rows), request.args["format"])
    outcome, page = request.args.get("outcome", ""), max(1, whole_number(request.args.get("page")))
    chosen = [each for each in plan.entries if outcome in ("", each.outcome)]
    return render_template(
        "administration/intake_plan.html",
        plan=plan,
        chosen=chosen[(page - 1) * PAGE : page * PAGE],
        faults=plan.faults[(page - 1) * PAGE : page * PAGE],
        outcome=outcome,
        page=page,
        pages=max(1, -(-len(plan.faults or chosen) // PAGE)),
        reason=request.form.get("reason", ""),
        problems=[] if plan.faults else problems,
        meanwhile=meanwhile,
        **about,
    )
