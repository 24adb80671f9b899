"""我的业绩库: what a person has achieved, entered once; and picking from it while he fills in a declaration."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import achievements, attachments, declarations, permissions
from app.errors import NotAllowed, NotFound, Problem, Refused
from app.processes import library, tasks
from app.web.session import grants, keep_answer, reading, transaction, visitor
from app.web.views import papers

blueprint = Blueprint("achievements", __name__)


@blueprint.get("/achievements")
def mine() -> ResponseReturnValue:
    """The library as one form of record tables; it saves itself."""
    person_id = _oneself()
    with reading() as session:
        schema, rows = library.schema(session), achievements.rows_of(session, person_id)
        files = attachments.named(session, papers.evidence_ids(schema, rows))
        page = {
            "schema": schema,
            "values": rows,
            "context": {"attachments": {str(key): papers.file_entry(row) for key, row in files.items()}},
            "token": achievements.token_of(session, person_id),
            "now": clock.local(clock.now(session)),
            "years": sorted({year for years in achievements.years_used(session, person_id).values() for year in years}),
            "count": sum(map(len, rows.values())),
        }
    return render_template("achievements.html", **page)


@blueprint.post("/achievements/draft")
def draft() -> ResponseReturnValue:
    """{values, token} → {token} that the next save must bring."""
    person_id, said = _oneself(), _said()
    with transaction() as session:
        token = library.save(session, person_id, said["values"], said.get("token"))
        keep_answer(session, token=token)
    return jsonify(token=token)


@blueprint.post("/achievements")
def save() -> ResponseReturnValue:
    """保存: as the draft, then the page anew."""
    person_id, said = _oneself(), _said()
    with transaction() as session:
        library.save(session, person_id, said["values"], said.get("token"))
    flash("业绩库已保存。", "success")
    return jsonify(location=url_for("achievements.mine"))


@blueprint.post("/achievements/taken-over")
def take_over() -> ResponseReturnValue:
    """从最近一次申报带入."""
    person_id = _oneself()
    with transaction() as session:
        count = library.take_over(session, person_id)
    flash(f"已带入{count}项。" if count else "最近一次申报中的内容都已在业绩库中。", "success")
    return redirect(url_for("achievements.mine"))


@blueprint.get("/tasks/<int:task_id>/achievements")
def offered(task_id: int) -> ResponseReturnValue:
    """`table` → {rows: [{row, years}]}: what the person may pick into that table of his form."""
    with reading() as session:
        task = tasks.get(session, task_id)
        _require_own(session, task_id)
        found = library.offered(session, task, request.args.get("table", ""))
    return jsonify(rows=found)


@blueprint.post("/tasks/<int:task_id>/achievements")
def pick(task_id: int) -> ResponseReturnValue:
    """{table, ids} → {rows, attachments}: copies for this declaration, with their files as its own."""
    said = request.get_json(silent=True)
    table, ids = (said.get("table"), said.get("ids")) if isinstance(said, dict) else (None, None)
    with transaction() as session:
        _require_own(session, task_id)
        if not isinstance(table, str) or not isinstance(ids, list):
            raise Refused(Problem("not_json", "所选内容无法识别，请刷新页面后重试。您填写的内容没有丢失。"))
        rows, files = library.pick(session, task_id, grants(), table, map(str, ids))
        entries = {str(key): papers.file_entry(row) for key, row in attachments.named(session, files).items()}
    return jsonify(rows=rows, attachments=entries)


def _require_own(session: Session, task_id: int) -> None:
    """Only the applicant himself, on the form in which he declares."""
    task = tasks.get(session, task_id)
    permissions.require_act(session, visitor().person_id, task, grants())
    if task.role != "applicant" or declarations.get(session, task.declaration_id).person_id != visitor().person_id:
        raise NotFound("业绩库只能由申报人本人在申请书中选用。")


def _oneself() -> int:
    person_id = visitor().person_id
    if not grants().personal:
        raise NotAllowed("业绩库由本人以个人身份使用，您当前以机构身份登录。请切换身份为“个人”后再办。")
    return person_id


def _said() -> dict[str, Any]:
    said = request.get_json(silent=True)
    if not isinstance(said, dict) or not isinstance(said.get("values"), dict):
        raise Refused(Problem("not_json", "提交的内容无法识别，请刷新页面后重试。您填写的内容已保存在本页。"))
    return said
