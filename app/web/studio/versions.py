"""版本: publishing a draft with every reason that speaks against it, and the versions of a notice with their cases."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import notices
from app.domain.deadline_rules import opening
from app.domain.drafts import cloning, store, versions, yaml_text
from app.domain.drafts.paths import HEADING
from app.domain.said import day, whole_number
from app.errors import Conflict, Problem, Refused
from app.models.notice import Notice
from app.processes.studio import amending, publishing, running, scenarios
from app.processes.studio.publishing import Checked
from app.web.errors import status_of
from app.web.session import reading, transaction
from app.web.studio.frame import designer, draft_page

blueprint = Blueprint("studio_versions", __name__, url_prefix="/studio")

KEPT = {
    "nobody": "全部按新规定办理",
    "submitted": "此前已提交的仍按原规定办理",
    "started": "此前已开始填报的仍按原规定办理",
}
assert KEPT.keys() == set(versions.KEEP_OLD)


@blueprint.get("/drafts/<int:draft_id>/versions")
def of_draft(draft_id: int) -> ResponseReturnValue:
    """With what was said of a supplementary notice that is looked at before it is published (`number`, …)."""
    return page(draft_id, dict(request.args), [])


@blueprint.post("/drafts/<int:draft_id>/publish")
def publish(draft_id: int) -> ResponseReturnValue:
    """Play the draft's scenarios, check everything once more, and publish; refused with every reason."""
    by, said = designer(), {name: request.form.get(name, "").strip() for name in ("effective_on", "note")}
    with reading() as session:
        draft = store.get(session, draft_id)
        files, around = store.own_files(session, draft_id), cloning.beside_each_other(session, draft)
    try:
        first = day(said["effective_on"])
        if said["effective_on"] and first is None:
            raise Refused(Problem("date", "请按年月日填写施行日期。", "effective_on"))
        effective = opening(first) if first else None
        checked = Checked(files, scenarios.play(draft.key, around))
        with transaction() as session:
            version = publishing.publish(session, draft_id, checked, by=by, note=said["note"], effective_at=effective)
            words = f"已发布第{version.ordinal}版（{version.number}）。"
    except (Refused, Conflict) as problem:
        return page(draft_id, said, problem.problems), status_of(problem)
    flash(words, "success")
    return redirect(url_for("studio_versions.of_draft", draft_id=draft_id))


@blueprint.get("/notices/<key>")
def of_notice(key: str) -> ResponseReturnValue:
    """A notice's versions and amendments, without a draft."""
    with reading() as session:
        notice = versions.find(session, key)
        found = versions.of_notice(session, key)
        changed = versions.changes(session, [each.version.id for each in found])
    return render_template("studio/versions.html", notice=notice, versions=found, changes=changed, kept=KEPT)


@blueprint.get("/versions/<int:version_id>/instances")
def instances(version_id: int) -> ResponseReturnValue:
    """What runs on a version, and what has ended on it; for who may open a case there is 办理监控."""
    page = whole_number(request.args.get("page")) or 1
    with reading() as session:
        version = notices.version(session, version_id)
        notice = session.get_one(Notice, version.notice_id)
        rows, pages = running.of_version(session, version_id, page)
    return render_template(
        "studio/instances.html", version=version, notice=notice, rows=rows, page=min(page, pages), pages=pages
    )


def page(draft_id: int, said: dict[str, str], problems: list[Problem]) -> str:
    """The versions with the forms for publishing the draft, filled in as `said`."""
    with reading() as session:
        draft = store.get(session, draft_id)
        found = versions.of_notice(session, draft.key)
        changed = versions.changes(session, [each.version.id for each in found])
        given = yaml_text.mapping(store.text_of(session, draft, HEADING)[0])
        amendable = not draft.published_version_id and amending.is_possible(session, draft)
        playable = scenarios.count(session, draft_id)
    start = {"effective_on": "" if found else str(given.get("in_force_from", "")), "note": draft.note}
    return draft_page(
        "studio/publish.html",
        draft,
        "versions",
        said=start | said,
        amendable=amendable,
        versions=found,
        changes=changed,
        kept=KEPT,
        scenarios=playable,
        problems=problems,
    )
