"""批量办理: a run's page, before it starts (whom it concerns), while it goes on, and afterwards (what came of each)."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.processes import bulk
from app.processes.tasks import Actor
from app.web.promptness import deliver_soon
from app.web.session import database, grants, reading, transaction, visitor

blueprint = Blueprint("bulk", __name__)


@blueprint.get("/bulk/<int:run_id>")
def show(run_id: int) -> ResponseReturnValue:
    return _show(run_id, "bulk/run.html")


@blueprint.post("/bulk/<int:run_id>/start")
def start(run_id: int) -> ResponseReturnValue:
    """The list was read: begin."""
    with transaction() as session:
        bulk.start(session, run_id, visitor().person_id)
    return redirect(url_for("bulk.show", run_id=run_id))


@blueprint.post("/bulk/<int:run_id>/next")
def carry_on(run_id: int) -> ResponseReturnValue:
    """The next few items; the page asks again by itself until the run has ended."""
    bulk.carry_on(database(), run_id, Actor(visitor().person_id, grants()))
    deliver_soon()
    if "HX-Request" in request.headers:
        return _show(run_id, "bulk/_progress.html")
    return redirect(url_for("bulk.show", run_id=run_id))


@blueprint.post("/bulk/<int:run_id>/stop")
def stop(run_id: int) -> ResponseReturnValue:
    with transaction() as session:
        bulk.stop(session, run_id, visitor().person_id)
    return redirect(url_for("bulk.show", run_id=run_id))


def _show(run_id: int, template: str) -> ResponseReturnValue:
    with reading() as session:
        sheet = bulk.sheet(session, run_id, visitor().person_id)
    return render_template(template, sheet=sheet, outcomes=bulk.OUTCOMES)
