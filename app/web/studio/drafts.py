"""One draft: its overview, the lists of its files, discarding it."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domain.drafts import store
from app.domain.drafts.paths import KINDS
from app.errors import NotFound
from app.processes.studio import checks, overview, words
from app.web.session import reading, transaction
from app.web.studio import recording
from app.web.studio.frame import draft_page

blueprint = Blueprint("studio_drafts", __name__, url_prefix="/studio/drafts")


@blueprint.get("/<int:draft_id>")
def show(draft_id: int) -> ResponseReturnValue:
    with reading() as session:
        draft = store.get(session, draft_id)
        findings = checks.of_draft(session, draft)
        todos = overview.todos(session, draft)
    return draft_page("studio/draft.html", draft, "overview", findings=findings, todos=todos)


@blueprint.get("/<int:draft_id>/list/<folder>")
def files(draft_id: int, folder: str) -> ResponseReturnValue:
    """The draft's files of one kind, inherited ones among them."""
    if folder not in KINDS:
        raise NotFound
    with reading() as session:
        draft = store.get(session, draft_id)
        rows = store.listed(session, draft, folder)
        titles = words.titles(session, draft, folder)
    return draft_page(
        "studio/files.html",
        draft,
        folder,
        kind=folder,
        label=KINDS[folder],
        files=rows,
        titles=titles,
        recording=recording.choices() if folder == recording.KIND and draft.published_version_id is None else None,
    )


@blueprint.post("/<int:draft_id>/discard")
def discard(draft_id: int) -> ResponseReturnValue:
    with transaction() as session:
        title = store.get(session, draft_id).title
        store.discard(session, draft_id)
    flash(f"草稿《{title}》已删除。", "success")
    return redirect(url_for("studio.index"))
