"""职称评审诚信档案: reading it, and adding an entry about a person, a body or a committee."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import integrity, permissions
from app.domain import people as registry
from app.errors import Problem, Refused
from app.models.expert import ReviewCommittee
from app.models.people import Organisation
from app.web.instances import page_number
from app.web.session import grants, reading, run, visitor

blueprint = Blueprint("integrity", __name__)

KEEPERS = ("municipal_tro", "manager", "system_admin")
FIELDS = ("subject_kind", "subject", "kind", "text", "basis")


@blueprint.get("/registers/integrity")
def index() -> ResponseReturnValue:
    return _show({}, [])


@blueprint.post("/registers/integrity")
def add() -> ResponseReturnValue:
    """An entry is only ever added; what turns out wrong is set right by a further one."""
    _keeper()
    said = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        run(lambda session: _enter(session, said))
    except Refused as refused:
        return _show(said, refused.problems), 422
    flash("已记入职称评审诚信档案。", "success")
    return redirect(url_for("integrity.index"))


def _enter(session: Session, said: dict[str, str]) -> None:
    subject = _subject(session, said["subject_kind"], said["subject"])
    about = (said["subject_kind"], subject)
    integrity.enter(session, *about, said["kind"], said["text"], said["basis"], {}, grants().person_id)


def _subject(session: Session, kind: str, named: str) -> int:
    """The id of whom the entry is about: an account or identity number, or the full name of a body or committee."""
    found: Any = None
    if kind == "person":
        person = registry.by_account(session, named) or registry.by_identity(session, named)
        found = person.id if person else None
    elif kind in integrity.SUBJECTS:
        table: Any = Organisation if kind == "organisation" else ReviewCommittee
        found = session.scalar(select(table.id).where(table.name == named))
    if found is None:
        words = "没有找到该记录对象。个人填写账号或证件号码，单位、评委会填写全称。"
        raise Refused(Problem("subject", words, "subject"))
    return int(found)


def _show(said: dict[str, str], problems: list[Problem]) -> str:
    _keeper()
    words, kind, page = request.args.get("q", "").strip(), request.args.get("kind", ""), page_number()
    with reading() as session:
        rows, total = integrity.page(session, words, kind, page)
    return render_template(
        "pools/integrity.html",
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // integrity.PAGE)),
        kinds=integrity.KINDS,
        subjects=integrity.SUBJECTS,
        said=said,
        problems=problems,
        q=words,
        kind=kind,
    )


def _keeper() -> None:
    visitor()
    permissions.require_role(grants(), *KEEPERS)
