"""移到新版本: running cases put on a version in one action, looked at before, followed meanwhile, undone after."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import notices
from app.errors import Problem, Refused
from app.models.notice import Notice, NoticeVersion
from app.processes import migrations
from app.web.session import database, keep_answer, reading, transaction
from app.web.studio.frame import designer

blueprint = Blueprint("studio_migrations", __name__, url_prefix="/studio")

LISTED = 100  # instances of one outcome that a page names


@blueprint.get("/versions/<int:version_id>/migrations")
def index(version_id: int) -> ResponseReturnValue:
    """The version's migrations, and how many instances run on the notice's other versions."""
    return _index(version_id, [])


@blueprint.post("/versions/<int:version_id>/migrations")
def plan(version_id: int) -> ResponseReturnValue:
    """Look at every running instance of the notice; nothing moves yet."""
    by, reason = designer(), request.form.get("reason", "")
    try:
        with transaction() as session:
            made = migrations.plan(session, notices.version(session, version_id).id, reason=reason, by=by)
            address = url_for("studio_migrations.show", migration_id=made.id)
            keep_answer(session, location=address)
    except Refused as refused:
        return _index(version_id, refused.problems), 422
    return redirect(address)


@blueprint.get("/migrations/<int:migration_id>")
def show(migration_id: int) -> ResponseReturnValue:
    return _show(migration_id, "studio/migration.html")


@blueprint.get("/migrations/<int:migration_id>/progress")
def progress(migration_id: int) -> ResponseReturnValue:
    """The moving part of the page, which asks for itself while instances move."""
    return _show(migration_id, "studio/_migration.html")


@blueprint.post("/migrations/<int:migration_id>/<any(start, stop):act>")
def act(migration_id: int, act: str) -> ResponseReturnValue:
    with transaction() as session:
        {"start": migrations.start, "stop": migrations.stop}[act](session, migration_id)
    return redirect(url_for("studio_migrations.show", migration_id=migration_id))


@blueprint.post("/migrations/<int:migration_id>/undo")
def undo(migration_id: int) -> ResponseReturnValue:
    """撤销: whoever has not been worked on since goes back."""
    migrations.undo(database(), migration_id, designer())
    return redirect(url_for("studio_migrations.show", migration_id=migration_id))


def _index(version_id: int, problems: list[Problem]) -> str:
    with reading() as session:
        version = notices.version(session, version_id)
        context = {
            "version": version,
            "notice": _notice(session, version),
            "rows": migrations.of_version(session, version_id),
            "elsewhere": migrations.elsewhere(session, version_id),
        }
    return render_template(
        "studio/migrations.html", problems=problems, said=request.form, states=migrations.STATES, **context
    )


def _show(migration_id: int, template: str) -> str:
    with reading() as session:
        sheet = migrations.sheet(session, migration_id)
        version = notices.version(session, sheet.migration.notice_version_id)
        stayed = {
            outcome: migrations.items(session, migration_id, outcome, LISTED)
            for outcome in ("refused", "skipped")
            if sheet.counts[outcome]
        }
        notice = _notice(session, version)
    return render_template(
        template,
        sheet=sheet,
        version=version,
        notice=notice,
        stayed=stayed,
        outcomes=migrations.OUTCOMES,
        states=migrations.STATES,
    )


def _notice(session: Session, version: NoticeVersion) -> Notice:
    return session.get_one(Notice, version.notice_id)
