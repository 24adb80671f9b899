"""扫描件分页: one PDF of many signed sheets is uploaded once and its pages are given to their people."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import attachments, permissions
from app.domain.attachments import Upload
from app.errors import NotFound, Problem, Refused
from app.models.attachment import Attachment
from app.models.process import Task
from app.processes import scans, tasks
from app.processes.tasks import Actor
from app.web.attachments import LARGEST_REQUEST
from app.web.session import grants, reading, settings, transaction, visitor

blueprint = Blueprint("scans", __name__)

LIMIT = 60 * 1024 * 1024  # bytes: many sheets in one file


@blueprint.get("/tasks/<int:task_id>/scan")
def show(task_id: int) -> ResponseReturnValue:
    """The upload; with a `scan` in the address, its pages and whose they are."""
    said = request.args.get("scan", "")
    with reading() as session:
        task = _task(session, task_id)
        people, count, suggestion, scan = scans.sheets(session, task), 0, {}, None
        _, label = scans.field_of(session, task)
        if said.isdecimal():
            scan = _scan(session, int(said))
            count = scans.pages(attachments.path_of(settings().attachments, scan).read_bytes())
            suggestion = scans.suggested(people, count)
    return render_template(
        "scan.html", task=task, label=label, people=people, scan=scan, count=count, suggestion=suggestion
    )


@blueprint.post("/tasks/<int:task_id>/scan")
def upload(task_id: int) -> ResponseReturnValue:
    request.max_content_length = LARGEST_REQUEST
    with reading() as session:
        _task(session, task_id)  # a stranger's file is not even read
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(Problem("no_file", "请选择要上传的扫描件。", "file"))
    content = file.stream.read()
    with transaction() as session:
        task = _task(session, task_id)
        scans.field_of(session, task)
        scans.pages(content)
        whole = Upload(file.filename, content, "file")
        stored = attachments.store(session, settings().attachments, whole, visitor().person_id, limit=LIMIT)
    return redirect(url_for("scans.show", task_id=task_id, scan=stored.id))


@blueprint.post("/tasks/<int:task_id>/scan/<int:attachment_id>")
def assign(task_id: int, attachment_id: int) -> ResponseReturnValue:
    """`first-<declaration>` and `last-<declaration>` for everybody; both empty for whoever is not in the scan."""
    with transaction() as session:
        task, scan = _task(session, task_id), _scan(session, attachment_id)
        places = {sheet.declaration_id: place for sheet in scans.sheets(session, task) if (place := _place(sheet))}
        made = scans.assign(session, settings().attachments, task, _actor(), scan, places)
    flash(f"已拆分为{made}份，放入“{task.name}”的草稿。", "success")
    return redirect(url_for("task.show", task_id=task_id))


def _place(sheet: scans.Sheet) -> tuple[int, int] | None:
    said = [request.form.get(f"{end}-{sheet.declaration_id}", "").strip() for end in ("first", "last")]
    if not any(said):
        return None
    if not all(each.isdecimal() for each in said):
        raise Refused(Problem("pages", f"{sheet.applicant}的起页和止页请填写数字。", f"first-{sheet.declaration_id}"))
    return int(said[0]), int(said[1])


def _task(session: Session, task_id: int) -> Task:
    task = tasks.get(session, task_id)
    permissions.require_act(session, visitor().person_id, task, grants())
    return task


def _scan(session: Session, attachment_id: int) -> Attachment:
    """One's own upload: nobody takes another's file apart."""
    found = attachments.get(session, attachment_id)
    if found.uploaded_by != visitor().person_id:
        raise NotFound("没有找到该附件。")
    return found


def _actor() -> Actor:
    return Actor(visitor().person_id, grants())
