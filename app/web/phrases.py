"""常用语: one's own and those of the body one works for, to add, change and delete."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import phrases
from app.errors import Refused
from app.web.desks import own_desks
from app.web.session import grants, reading, transaction

blueprint = Blueprint("phrases", __name__)


@blueprint.get("/phrases")
def index() -> ResponseReturnValue:
    return _show({})


@blueprint.post("/phrases")
def add() -> ResponseReturnValue:
    return _save(None)


@blueprint.post("/phrases/<int:phrase_id>")
def change(phrase_id: int) -> ResponseReturnValue:
    return _save(phrase_id)


@blueprint.post("/phrases/<int:phrase_id>/delete")
def delete(phrase_id: int) -> ResponseReturnValue:
    own_desks()
    with transaction() as session:
        phrases.delete(session, grants(), phrase_id)
    flash("已删除。", "success")
    return redirect(url_for("phrases.index"))


def _save(phrase_id: int | None) -> ResponseReturnValue:
    """Keep what was typed; what is wrong with it is said above the form, with everything still in it."""
    own_desks()
    said, body = request.form, request.form.get("body", "")
    try:
        with transaction() as session:
            phrases.save(session, grants(), phrase_id, said, int(body) if body.isdecimal() else None)
    except Refused as refusal:
        return _show({"said": said, "problems": refusal.problems, "changing": phrase_id}), 422
    flash("已保存。", "success")
    return redirect(url_for("phrases.index"))


def _show(more: dict[str, object]) -> str:
    desks = own_desks()
    with reading() as session:
        found = phrases.of(session, grants())
    bodies = {desk.organisation_id: desk.name for desk in desks}
    return render_template(
        "phrases.html", phrases=found, kinds=phrases.KINDS, places=phrases.PLACES, bodies=bodies, **{"said": {}, **more}
    )
