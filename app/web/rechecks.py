"""复查申请: the applicant asks for it, the human-resources authority orders it, and both read what became of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import committees, declarations, dictionaries, rechecks, schedules, terms
from app.domain.deadline_rules import spoken
from app.domain.rechecks import Asked
from app.errors import NotAllowed, Problem, Refused
from app.models.declaration import Declaration
from app.processes.tick import tick
from app.web import uploads
from app.web.session import database, grants, reading, run, visitor

blueprint = Blueprint("rechecks", __name__)

AUTHORITIES = {"municipal_tro", "district_tro"}


@blueprint.get("/rechecks/new")
def new() -> ResponseReturnValue:
    _asker()
    return _page([])


@blueprint.post("/rechecks/new")
def file() -> ResponseReturnValue:
    """Register the request; what is late is registered too, and answered at once with the printed sentence."""
    _asker()
    try:
        filed = run(_file)
    except Refused as refused:
        return _page(refused.problems), 422
    tick(database())
    with reading() as session:
        kept = rechecks.get(session, filed)
        late = rechecks.late_words(kept) if rechecks.is_late(kept) else ""
    flash(late or "已登记复查申请，请等待评委会组建单位受理。", "warning" if late else "success")
    return redirect(url_for("rechecks.new"))


def _file(session: Session) -> int:
    said, who = request.form, visitor()
    declaration, by_authority = _chosen(session), not grants().personal
    named = said.get("committee", "") if by_authority else ""
    asked = Asked(
        said.get("reason", ""),
        said.get("text", ""),
        evidence=uploads.keep(session, who.person_id, declaration.id),
        by_authority=by_authority,
        committee_id=int(named) if named.isdecimal() else None,
    )
    return rechecks.file(session, declaration, asked, who.person_id).id


def _chosen(session: Session) -> Declaration:
    """One's own by its id; the authority names any by its number."""
    if not grants().personal:
        found = declarations.by_number(session, request.form.get("number", "").strip())
        if found is None:
            raise Refused(Problem("unknown_number", "没有找到该编号的申报，请核对申报编号或受理编号。", "number"))
        return found
    own = {str(each.id): each for each in rechecks.open_to(session, visitor().person_id)}
    found = own.get(request.form.get("declaration", ""))
    if found is None:
        raise Refused(Problem("missing", "请选择申请复查的申报。", "declaration"))
    return found


def _asker() -> None:
    visitor()
    who = grants()
    if not who.personal and not who.roles & AUTHORITIES:
        raise NotAllowed(f"复查由申报人本人申请，您当前身份为{who.title}。如需申请，请切换身份。")


def _page(problems: list[Problem]) -> str:
    person_id, personal = visitor().person_id, grants().personal
    with reading() as session:
        found = rechecks.open_to(session, person_id) if personal else []
        now = clock.now(session)
        choices = [(each, *_limit(session, each, now)) for each in found]
        asked = rechecks.of_person(session, person_id) if personal else []
        versions = [] if personal else [line.version.id for line in schedules.listed(session)]
        rows = [row for version in versions for row in committees.of_version(session, version)]
        scope = terms.parameter(session, found[0], "recheck_scope") if found else list(rechecks.REASONS)
    return render_template(
        "rechecks/new.html",
        problems=problems,
        said=request.form,
        personal=personal,
        choices=choices,
        reasons={key: rechecks.REASONS[key] for key in scope},
        asked=asked,
        committees=rows,
        statuses=rechecks.STATUSES,
        title=lambda each: dictionaries.label("title", each.title),
    )


def _limit(session: Session, declaration: Declaration, now: object) -> tuple[str, bool]:
    """Until when one may ask, in words, and whether that has passed."""
    due = rechecks.due_at(session, declaration)
    return ("" if due is None else spoken(due), due is not None and now >= due)  # type: ignore[operator]
