"""One file of a draft in its editor; new files, and giving the draft's own copy up for the shared one."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.drafts import starters, store
from app.domain.drafts.paths import KINDS, PAPERS, kind_of, path_of
from app.domain.drafts.store import File
from app.domain.said import whole_number
from app.errors import Conflict, NotFound, Refused
from app.models.draft import NoticeDraft
from app.processes.studio import words
from app.web.session import reading, transaction
from app.web.studio import listing
from app.web.studio.frame import beside, designer, draft_page, tab_of

blueprint = Blueprint("studio_files", __name__, url_prefix="/studio/drafts/<int:draft_id>")

EDITORS = {"diagrams": "studio-board", "decisions": "studio-decision", "forms": "studio-form"}  # kind → entry of assets


@blueprint.get("/files/<path:path>")
def show(draft_id: int, path: str) -> ResponseReturnValue:
    """`view=source` shows the plain text whatever the kind."""
    with reading() as session:
        draft = store.get(session, draft_id)
        found = _file(session, draft, path)
        vocabulary = words.of_draft(session, draft)
    kind = kind_of(path)
    return draft_page(
        "studio/file.html",
        draft,
        tab_of(path),
        beside=beside(path),
        kind=kind,
        label=KINDS.get(kind) or PAPERS[path],
        file=found,
        state=_state(draft, found, vocabulary),
        editor=EDITORS.get(kind, ""),
        source=request.args.get("view") == "source",
    )


@blueprint.post("/files")
def create(draft_id: int) -> ResponseReturnValue:
    """A new file of one kind, empty or a copy of another (`like`: its path)."""
    by, kind = designer(), request.form.get("kind", "")
    if kind not in KINDS:
        raise NotFound
    try:
        path = path_of(kind, request.form.get("name", "").strip())
        with transaction() as session:
            draft = store.get(session, draft_id)
            store.require_new(session, draft, path)
            like = request.form.get("like", "")
            copied = (like, store.file(session, draft, like).content.decode()) if like else None
            store.save(session, draft_id, path, starters.of(kind, path, copied), revision=0, by=by, reason="新建")
    except Refused as refused:
        return listing.page(draft_id, kind, refused.problems), 422
    return redirect(url_for("studio_files.show", draft_id=draft_id, path=path))


@blueprint.post("/give-up/<path:path>")
def give_up(draft_id: int, path: str) -> ResponseReturnValue:
    """恢复为共用; a file that nothing is inherited for is gone."""
    by, revision = designer(), whole_number(request.form.get("revision"))
    try:
        with transaction() as session:
            draft = store.get(session, draft_id)
            origin = store.file(session, draft, path).origin
            store.give_up(session, draft_id, path, revision=revision, by=by)
    except Conflict as overtaken:
        flash(overtaken.message, "error")
        return redirect(url_for("studio_files.show", draft_id=draft_id, path=path))
    flash("已恢复为共用的文件。" if origin else "已删除。", "success")
    if origin:
        return redirect(url_for("studio_files.show", draft_id=draft_id, path=path))
    return redirect(url_for("studio_drafts.files", draft_id=draft_id, folder=kind_of(path)))


def _file(session: Session, draft: NoticeDraft, path: str) -> File:
    """A paper that the draft does not have yet is an empty one; any other file must be there."""
    try:
        return store.file(session, draft, path)
    except NotFound:
        if path not in PAPERS:
            raise
        return File(path, b"", 0)


def _state(draft: NoticeDraft, file: File, vocabulary: dict[str, Any]) -> dict[str, Any]:
    """What the editors begin with."""
    return {
        "draft": draft.id,
        "path": file.path,
        "content": file.content.decode(),
        "revision": file.revision,
        "inherited": file.inherited and bool(file.origin),
        "readonly": draft.published_version_id is not None,
        "urls": {
            "save": url_for("studio_content.save", draft_id=draft.id, path=file.path),
            "lint": url_for("studio_content.lint", draft_id=draft.id),
            "vocabulary": url_for("studio_content.vocabulary", draft_id=draft.id),
            "presence": url_for("studio_content.presence", draft_id=draft.id),
            "export": url_for("studio_content.export", draft_id=draft.id, path=file.path),
            "try": url_for("studio_trials.decision", draft_id=draft.id),
            "check": url_for("studio_trials.form", draft_id=draft.id),
            "choices": url_for("studio_trials.choices", draft_id=draft.id),
            "preview": url_for("studio_trials.preview", draft_id=draft.id),
            "take_over": url_for("studio_foreign.take_over", draft_id=draft.id, path=file.path),
        },
        "vocabulary": vocabulary,
    }
