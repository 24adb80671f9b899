"""申报数量备案 (form 7) at a unit's desk: the year's numbers, corrected here, with every version kept."""

from flask import Blueprint, flash, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import desk, dictionaries, permissions, quotas, schedules
from app.domain.desk import Desk
from app.errors import NotFound
from app.models.notice import Notice
from app.processes import desk_forms, documents
from app.processes.documents import of_unit
from app.web.documents import download
from app.web.session import grants, reading, transaction, visitor
from app.web.views import desk_form

blueprint = Blueprint("quotas", __name__)


@blueprint.get("/recommendation/<level>/<key>/quota")
def show(level: str, key: str) -> ResponseReturnValue:
    """The form with the version in force, and what was filed before."""
    mine = _desk(level)
    with reading() as session:
        notice, version_id = _notice(session, mine, key)
        place = (mine.organisation_id, notice.year)
        versions = quotas.versions(session, *place)
        context = {
            "desk": mine,
            "notice": notice,
            "versions": versions,
            "filers": quotas.filers(session, versions),
            "lines": quotas.lines(session, versions[0]) if versions else [],
            "names": {level: dictionaries.label("level", level) for level in quotas.LEVELS},
            "hints": quotas.hints(versions[0].values) if versions else [],
            "form": desk_form.part(session, version_id, quotas.FORM, quotas.prefilled(session, *place)),
        }
    return render_template("recommendation/quota.html", **context)


@blueprint.post("/recommendation/<level>/<key>/quota")
def file(level: str, key: str) -> ResponseReturnValue:
    """{values} → {location}; a version more."""
    mine, values = _desk(level), desk_form.said()
    with transaction() as session:
        notice, version_id = _notice(session, mine, key)
        place = (mine.organisation_id, notice.year)
        current, person_id = quotas.prefilled(session, *place), visitor().person_id
        cleaned = desk_forms.checked(session, (version_id, quotas.FORM), values, current, person_id)
        quotas.file(session, *place, cleaned, person_id)
    flash("已记为本单位本年度的申报数量备案。", "success")
    return jsonify(location=url_for("quotas.show", level=level, key=key))


@blueprint.get("/recommendation/<level>/<key>/quota.pdf")
def printed(level: str, key: str) -> ResponseReturnValue:
    """附件7 to print, sign and seal; as it would begin where nothing is filed yet."""
    mine = _desk(level)
    with reading() as session:
        notice, version_id = _notice(session, mine, key)
        paper = of_unit.quota_form(session, mine.organisation_id, notice.year, version_id)
        content = documents.pdf(session, paper)
    return download(paper, content)


def _desk(level: str) -> Desk:
    visitor()
    who = grants()
    permissions.require_role(who, *desk.LEVELS)
    found = next((each for each in desk.desks(who) if each.level == level), None)
    if found is None:
        raise NotFound
    return found


def _notice(session: Session, mine: Desk, key: str) -> tuple[Notice, int]:
    """The notice and its version in force; NotFound where nobody declares through this desk under it."""
    if key not in {season.key for season in desk.seasons(session, mine)}:
        raise NotFound("没有人通过本单位按此通知申报。")
    notice, version = schedules.find(session, key)
    return notice, version.id
