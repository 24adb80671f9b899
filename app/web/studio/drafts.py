"""One draft: its overview, the lists of its files, discarding it."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domain.drafts import store
from app.domain.drafts.paths import KINDS
from app.errors import NotFound
from app.processes.studio import checks, overview, scenarios
from app.web.session import reading, transaction
from app.web.studio import listing
from app.web.studio.frame import draft_page

blueprint = Blueprint("studio_drafts", __name__, url_prefix="/studio/drafts")


@blueprint.get("/<int:draft_id>")
def show(draft_id: int) -> ResponseReturnValue:
    with reading() as session:
        draft = store.get(session, draft_id)
        findings = checks.of_draft(session, draft)
        todos = overview.todos(session, draft)
        playable = scenarios.count(session, draft_id)
    return draft_page("studio/draft.html", draft, "overview", findings=findings, todos=todos, playable=playable)


@blueprint.get("/<int:draft_id>/list/<folder>")
def files(draft_id: int, folder: str) -> ResponseReturnValue:
    """The draft's files of one kind, inherited ones among them."""
    if folder not in KINDS:
        raise NotFound
    return listing.page(draft_id, folder)


@blueprint.post("/<int:draft_id>/discard")
def discard(draft_id: int) -> ResponseReturnValue:
    with transaction() as session:
        title = store.get(session, draft_id).title
        store.discard(session, draft_id)
    flash(f"草稿《{title}》已删除。", "success")
    return redirect(url_for("studio.index"))
