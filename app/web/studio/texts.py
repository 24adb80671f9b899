"""文字: the notice's heading, what its page says in words, and its own wording of messages."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.drafts import shelf, store, texts
from app.domain.said import whole_number
from app.domain.schedules import TEXT_NAMES
from app.errors import Conflict, Problem, Refused
from app.web.errors import status_of
from app.web.session import reading, transaction
from app.web.studio.frame import designer, draft_page

blueprint = Blueprint("studio_texts", __name__, url_prefix="/studio/drafts/<int:draft_id>/texts")


@blueprint.get("")
def show(draft_id: int) -> ResponseReturnValue:
    return _page(draft_id, None, [])


@blueprint.post("")
def save(draft_id: int) -> ResponseReturnValue:
    by, said = designer(), {name: value.replace("\r\n", "\n").strip() for name, value in request.form.items()}
    heading = {name: said.get(name, "") for name in texts.HEADINGS}
    own = {name.removeprefix("text:"): value for name, value in said.items() if name.startswith("text:")}
    revision = whole_number(said.get("revision"))
    try:
        with transaction() as session:
            store.get(session, draft_id)
            texts.save(session, draft_id, heading, own, revision=revision, by=by)
    except (Refused, Conflict) as problem:
        return _page(draft_id, (heading, own, revision), problem.problems), status_of(problem)
    flash("已保存。", "success")
    return redirect(url_for("studio_texts.show", draft_id=draft_id))


def _page(draft_id: int, typed: tuple[dict[str, str], dict[str, str], int] | None, problems: list[Problem]) -> str:
    """The form with what was typed, or as saved."""
    with reading() as session:
        draft = store.get(session, draft_id)
        heading, own, above, revision = texts.said(session, draft)
        parents = shelf.parents(session)
    if typed is not None:
        heading, own, revision = typed
    names = texts.names()
    others = {key: key for key in own if key not in names}
    return draft_page(
        "studio/texts.html",
        draft,
        "texts",
        heading=heading,
        own=own,
        above=above,
        revision=revision,
        parents=parents,
        problems=problems,
        pages={**TEXT_NAMES, **others},
        messages={key: label for key, label in names.items() if key not in TEXT_NAMES},
        usual={key: texts.usual(key) for key in names},
    )
