"""申报数量备案 (form 7) at a unit's desk: the year's numbers, corrected here, with every version kept."""

from typing import Any

from flask import Blueprint, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import attachments, desk, dictionaries, permissions, quotas, schedules
from app.domain.desk import Desk
from app.errors import NotFound, Problem, Refused
from app.models.notice import Notice
from app.processes import documents, quota_filing
from app.processes.documents import of_unit
from app.web.documents import download
from app.web.session import grants, reading, transaction, visitor
from app.web.views import papers
from app.web.views.task_page import FormPart

blueprint = Blueprint("quotas", __name__)
NOT_READ = "提交的内容无法识别，请刷新页面后重试。您填写的内容已保存在本页。"


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
            "form": _form(session, version_id, quotas.prefilled(session, *place)),
        }
    return render_template("recommendation/quota.html", **context)


@blueprint.post("/recommendation/<level>/<key>/quota")
def file(level: str, key: str) -> ResponseReturnValue:
    """{values} → {location}; a version more."""
    mine, said = _desk(level), request.get_json(silent=True)
    values = said.get("values") if isinstance(said, dict) else None
    if not isinstance(values, dict):
        raise Refused(Problem("no_values", NOT_READ))
    with transaction() as session:
        notice, version_id = _notice(session, mine, key)
        place = (mine.organisation_id, notice.year)
        quota_filing.file(session, place, version_id, values, visitor().person_id)
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


def _form(session: Session, notice_version_id: int, values: dict[str, Any]) -> FormPart:
    schema = quota_filing.schema(session, notice_version_id)
    files = attachments.named(session, papers.evidence_ids(schema, values))
    entries = {str(key): papers.file_entry(row) for key, row in files.items()}
    now = clock.local(clock.now(session))
    context = {"organisations": [], "attachments": entries}
    return FormPart(schema, values, context, None, now.date().isoformat(), now.isoformat(), saved=False)
