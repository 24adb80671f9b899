"""委托评审函: letters recorded with their lists by whom the entrusted people pass through, and printed."""

from flask import Blueprint, flash, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import dictionaries, entrustments, organisations, permissions, schedules
from app.domain.permissions import Grants
from app.errors import NotFound
from app.models.notice import Notice
from app.processes import desk_forms, documents
from app.processes.documents import of_letter
from app.web.documents import download
from app.web.session import grants, reading, transaction, visitor
from app.web.views import desk_form

blueprint = Blueprint("entrustments", __name__)


@blueprint.get("/entrustments")
def index() -> ResponseReturnValue:
    """The letters recorded, and the notices under which one may record another."""
    who = _recorder()
    with reading() as session:
        letters = entrustments.letters(session, who)
        notices = entrustments.notices_of(session, who)
        bodies = {letter.entrusting_id for letter, _, _ in letters}
        units = {body: organisations.get(session, body).name for body in bodies}
    return render_template(
        "entrustments/index.html",
        letters=letters,
        notices=notices,
        units=units,
        series={each["code"]: each["label"] for each in dictionaries.entries("series")},
    )


@blueprint.get("/entrustments/new/<key>")
def new(key: str) -> ResponseReturnValue:
    """The form, its list prefilled with those who stand on no letter yet."""
    who = _recorder()
    with reading() as session:
        notice, version_id = _notice(session, who, key)
        people = _people(session, who, key)
        form = desk_form.part(session, version_id, entrustments.FORM, {"people": people})
    return render_template("entrustments/new.html", notice=notice, form=form, people=people)


@blueprint.post("/entrustments/new/<key>")
def record(key: str) -> ResponseReturnValue:
    """{values} → {location}."""
    who, values, person_id = _recorder(), desk_form.said(), visitor().person_id
    with transaction() as session:
        _, version_id = _notice(session, who, key)
        current = {"people": _people(session, who, key)}
        cleaned = desk_forms.checked(session, (version_id, entrustments.FORM), values, current, person_id)
        letter = entrustments.record(session, who, key, cleaned, person_id)
        number = letter.number
    flash(f"已登记委托评审函{number}。", "success")
    return jsonify(location=url_for("entrustments.index"))


@blueprint.get("/entrustments/<int:letter_id>.pdf")
def printed(letter_id: int) -> ResponseReturnValue:
    """附件3 with its list."""
    visitor()
    who = grants()
    with reading() as session:
        paper = of_letter.entrustment(session, entrustments.require_letter(session, who, letter_id))
        content = documents.pdf(session, paper)
    return download(paper, content)


def _recorder() -> Grants:
    visitor()
    who = grants()
    permissions.require_role(who, *entrustments.FIELDS)
    return who


def _notice(session: Session, who: Grants, key: str) -> tuple[Notice, int]:
    if key not in {notice.key for notice in entrustments.notices_of(session, who)}:
        raise NotFound("没有人通过本单位按此通知申报委托评审。")
    notice, version = schedules.find(session, key)
    return notice, version.id


def _people(session: Session, who: Grants, key: str) -> list[dict[str, str]]:
    """Rows of the list, in the form's columns."""
    return [
        {
            "_id": str(each.declaration.id),
            "name": each.name,
            "employer": each.employer,
            "target_title": dictionaries.label("title", each.declaration.title),
            "listed": "yes",
        }
        for each in entrustments.candidates(session, who, key)
        if not each.letter
    ]
