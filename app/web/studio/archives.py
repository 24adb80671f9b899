"""A notice as one file: a draft or a published version to take along, and a file taken in as a new draft."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import notices
from app.domain.drafts import archive, cloning, folder, store
from app.domain.drafts.cloning import Files
from app.errors import ConfigurationError, NotFound, Problem, Refused
from app.web.session import keep_answer, reading, transaction
from app.web.studio.frame import designer

blueprint = Blueprint("studio_archives", __name__, url_prefix="/studio")


@blueprint.get("/drafts/<int:draft_id>/export")
def of_draft(draft_id: int) -> ResponseReturnValue:
    with reading() as session:
        draft = store.get(session, draft_id)
        files = store.own_files(session, draft_id)
    return _zip(draft.key, files)


@blueprint.get("/versions/<int:version_id>/export")
def of_version(version_id: int) -> ResponseReturnValue:
    with reading() as session:
        said, files = cloning.of_version(session, version_id)
    return _zip(said.key, {path: text.encode() for path, text in cloning.renewed(said, files).items()})


@blueprint.get("/import")
def form() -> ResponseReturnValue:
    return render_template("studio/import.html", problems=[])


@blueprint.post("/import")
def take() -> ResponseReturnValue:
    """Make a draft of the file; one that no notice can be read from leaves nothing behind."""
    by, file = designer(), request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused(Problem("missing", "请选择ZIP文件。", "file"))
        said, files = archive.unpacked(file.stream.read(archive.MOST_BYTES + 1))
        with transaction() as session:
            based_on = _carried_on(session, said.key)
            draft = cloning.begin(session, said, files, by=by, note=f"导入：{file.filename}", based_on=based_on)
            _readable(draft.key, store.own_files(session, draft.id))
            address = url_for("studio_drafts.show", draft_id=draft.id)
            keep_answer(session, location=address)
    except Refused as refused:
        return render_template("studio/import.html", problems=refused.problems), 422
    flash(f"已导入为草稿《{said.title}》。", "success")
    return redirect(address)


def _readable(key: str, files: Files) -> None:
    try:
        folder.read(key, files)
    except ConfigurationError as fault:
        raise Refused(Problem("unreadable", fault.message, "file")) from None


def _carried_on(session: Session, key: str) -> int | None:
    """A notice that is published here goes on from its latest version."""
    try:
        return notices.latest(session, key).id
    except NotFound:
        return None


def _zip(key: str, files: Files) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{key}.zip"'}
    return Response(archive.packed(key, files), mimetype="application/zip", headers=headers)
