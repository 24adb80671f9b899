"""Uploading one file at once, and showing it to whoever may see it (D22)."""

from flask import Blueprint, Response, jsonify, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import attachment_access, attachments, permissions
from app.domain.attachments import LIMIT, Upload
from app.domain.forms import schema
from app.domain.forms.schema import Component
from app.errors import NotFound, Problem, Refused
from app.models.process import Task
from app.processes import tasks
from app.web.session import grants, keep_answer, limiter, reading, settings, transaction, visitor
from app.web.views import papers

blueprint = Blueprint("attachments", __name__)

LARGEST_REQUEST = 64 * 1024 * 1024  # bytes; above it the server stops reading, below it the words of sentence 13 answer
MEGABYTE = 1024 * 1024
PER_PERSON = "240 per minute"
POLICY = "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@blueprint.post("/attachments")
@limiter.limit(PER_PERSON)
def upload() -> ResponseReturnValue:
    """Multipart `file` and `field`; `task` in the address says for which task. Answers what the browser has to know."""
    who = visitor()
    request.max_content_length = LARGEST_REQUEST
    file, field = request.files.get("file"), request.form.get("field", "")
    if file is None or not file.filename:
        raise Refused(Problem("no_file", "请选择要上传的文件。", field or None))
    content = file.stream.read()
    with transaction() as session:
        task = _task(session)
        component = _component(session, task, field) if task else None
        arrived = Upload(file.filename, content, field or None)
        stored = attachments.store(
            session,
            settings().attachments,
            arrived,
            who.person_id,
            task.declaration_id if task else None,
            _limit(component),
        )
        entry = papers.file_entry(stored)
        keep_answer(session, **entry)
    return jsonify(entry), 201


@blueprint.get("/attachments/<int:attachment_id>")
def show(attachment_id: int) -> ResponseReturnValue:
    """The file itself, under its own name, never to be kept by the browser."""
    visitor()
    with reading() as session:
        found = attachments.get(session, attachment_id)
        attachment_access.require_see(session, grants(), found)
    path = attachments.path_of(settings().attachments, found)
    if not path.is_file():
        raise NotFound(f"附件“{found.name}”的文件不在存储中，请联系系统管理员核对附件备份。")
    response: Response = send_file(path, mimetype=found.media_type, download_name=found.name, conditional=True)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"  # the viewer beside the form shows it
    return response


def _task(session: Session) -> Task | None:
    """The task the file is for; only who may do it may add to it."""
    said = request.args.get("task", "")
    if not said.isdecimal():
        return None
    task = tasks.get(session, int(said))
    permissions.require_act(session, visitor().person_id, task, grants())
    return task


def _component(session: Session, task: Task, field: str) -> Component | None:
    """The form's evidence field of that key, in a table or not."""
    form = tasks.sheet(session, task.id).schema
    if form is None:
        return None
    found = (component for component, _ in schema.every_component(form["components"]))
    return next((each for each in found if each.get("key") == field and each.get("type") == "evidence"), None)


def _limit(component: Component | None) -> int:
    """Bytes; the field's own limit never goes above the product's."""
    said = (component or {}).get("maxSizeMB")
    return LIMIT if said is None else min(LIMIT, int(said * MEGABYTE))
