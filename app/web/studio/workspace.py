"""/studio: every notice by year and authority, what is published and what is in the making; the way to a new draft."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain.drafts import cloning, shelf
from app.domain.drafts.cloning import Files
from app.domain.drafts.heading import Heading
from app.domain.said import whole_number
from app.errors import NotFound, Problem, Refused
from app.web.session import keep_answer, reading, transaction
from app.web.studio.frame import designer

blueprint = Blueprint("studio", __name__, url_prefix="/studio")

FIELDS = ("key", "title", "number", "issuer", "year", "in_force_from", "parent")


@blueprint.get("")
def index() -> ResponseReturnValue:
    with reading() as session:
        years = shelf.years(session)
        shipped = shelf.unpublished_packages(session)
    return render_template("studio/index.html", years=years, shipped=shipped)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """The heading of a new draft; `base` is `version:ID` or `package:KEY`, nothing for an empty one.

    With `same` the draft is to be another version of the same notice, else the notice of the next year.
    """
    base, same = request.args.get("base", ""), request.args.get("same")
    with reading() as session:
        said = _base(session, base)[0]
    given = cloning.next_year(said) if base and not same else said
    return _show({name: str(getattr(given, name) or "") for name in FIELDS}, base, said, [])


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    by, base = designer(), request.form.get("base", "")
    said = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        with transaction() as session:
            _, files, version = _base(session, base)
            draft = cloning.begin(
                session, _heading(said), files, by=by, note=request.form.get("note", "").strip(), based_on=version
            )
            address = url_for("studio_drafts.show", draft_id=draft.id)
            keep_answer(session, location=address)
    except Refused as refused:
        with reading() as session:
            origin = _base(session, base)[0]
        return _show(said, base, origin, refused.problems), 422
    flash(f"已建立草稿《{draft.title}》。", "success")
    return redirect(address)


def _show(said: dict[str, str], base: str, origin: Heading, problems: list[Problem]) -> str:
    with reading() as session:
        parents = shelf.parents(session)
    return render_template(
        "studio/new.html",
        said=said,
        base=base,
        origin=origin,
        parents=parents,
        note=request.form.get("note", ""),
        problems=problems,
    )


def _base(session: Session, base: str) -> tuple[Heading, Files, int | None]:
    """Heading and files to begin with, and the version they are of. NotFound."""
    kind, _, which = base.partition(":")
    if not base:
        return Heading("", "", "", "", 0, ""), {}, None
    if kind == "version" and which.isdecimal():
        return *cloning.of_version(session, int(which)), int(which)
    if kind == "package":
        return *cloning.of_package(which), None
    raise NotFound


def _heading(said: dict[str, str]) -> Heading:
    year = whole_number(said["year"])
    return Heading(
        said["key"], said["title"], said["number"], said["issuer"], year, said["in_force_from"], said["parent"] or None
    )
