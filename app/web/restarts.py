"""更正公示内容: what it costs is shown before the unit ends its publicity to show it anew."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import (
    batches,
    desk,
    organisations,
    permissions,
    publicity,
    publicity_content,
    safe_start,
    wording,
)
from app.domain import publicity_rounds as rounds
from app.errors import Problem, Refused
from app.models.recommendation import UnitBatch
from app.processes import restarts
from app.processes.tasks import Actor
from app.processes.tick import tick
from app.web.session import database, grants, reading, transaction, visitor

blueprint = Blueprint("restarts", __name__)


@blueprint.get("/recommendation/batches/<int:batch_id>/restart")
def show(batch_id: int) -> ResponseReturnValue:
    visitor()
    return _page(batch_id, [])


@blueprint.post("/recommendation/batches/<int:batch_id>/restart")
def begin(batch_id: int) -> ResponseReturnValue:
    """`names` are checked again before the next round; `sure` says that the warning was read."""
    who = Actor(visitor().person_id, grants())
    names = [int(each) for each in request.form.getlist("names") if each.isdigit()]
    try:
        if not request.form.get("sure"):
            raise Refused(Problem("sure", "请确认已知悉公示将终止并重新计满全部工作日。", "sure"))
        with transaction() as session:
            desk.require_batch(session, who.grants, batch_id)
            restarts.restart(session, batch_id, who, request.form.get("reason", ""), names)
    except Refused as refused:
        return _page(batch_id, refused.problems), 422
    tick(database())
    flash("本次公示已终止。所选人员审核通过后，请办理“单位公示”重新公示。", "success")
    return redirect(url_for("recommendation.batch", batch_id=batch_id))


def _page(batch_id: int, problems: list[Problem]) -> str:
    who = grants()
    with reading() as session:
        batch = desk.require_batch(session, who, batch_id)
        permissions.require_act(session, who.person_id, restarts.task_of(session, batch), who)
        context = {"batch": batch, **_context(session, batch)}
    chosen = request.form.getlist("names")
    return render_template(
        "recommendation/restart.html", problems=problems, said=request.form, chosen=chosen, **context
    )


def _context(session: Session, batch: UnitBatch) -> dict[str, Any]:
    """The names with what changed already, the period that is given up, the one that would begin now."""
    shown = rounds.of_batch(session, batch.id)
    counted, latest = publicity.preview(session, batch), safe_start.of_batch(session, batch)
    return {
        "body": organisations.get(session, batch.organisation_id),
        "names": [line for line in batches.lines(session, batch.id) if line.entry.recommended],
        "changed": {line.declaration.id for line in publicity_content.changed(session, shown)},
        "period": publicity.period(session, shown),
        "first": wording.day_words(counted.first_day),
        "last": wording.day_words(counted.last_day),
        "days": publicity.rule_of(session, batch).count,
        "latest": latest,
        "late": latest is not None and counted.first_day > latest.day,
    }
