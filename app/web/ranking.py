"""推荐排序: a batch's names in the unit's order, moved by hand, by keys or by number, kept as a draft."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import desk, dictionaries, organisations, permissions, phrases, quotas
from app.processes import ranking
from app.processes.ranking import Row
from app.processes.tasks import Actor
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("ranking", __name__)


@blueprint.get("/recommendation/batches/<int:batch_id>/ranking")
def show(batch_id: int) -> ResponseReturnValue:
    visitor()
    who = grants()
    with reading() as session:
        batch = desk.require_batch(session, who, batch_id)
        task = ranking.task_of(session, batch)
        permissions.require_act(session, who.person_id, task, who)
        filing = quotas.of_batch(session, batch)
        context = {
            "batch": batch,
            "body": organisations.get(session, batch.organisation_id),
            "task": task,
            "rows": ranking.rows(session, task),
            "quota": quotas.lines(session, filing) if filing else [],
            "phrases": phrases.of(session, who, "reason"),
        }
    return render_template("recommendation/ranking.html", label=dictionaries.label, **context)


@blueprint.post("/recommendation/batches/<int:batch_id>/ranking")
def save(batch_id: int) -> ResponseReturnValue:
    """Keep what the page says; `do` is save, go (on to the task itself), all, up:ID or down:ID.

    `all` recommends whoever is undecided and gives `reason` to everybody who has none yet.
    """
    who, do = Actor(visitor().person_id, grants()), request.form.get("do", "save")
    with transaction() as session:
        batch = desk.require_batch(session, who.grants, batch_id)
        task = ranking.task_of(session, batch)
        rows = ranking.given(ranking.rows(session, task), lambda name: request.form.get(name, ""))
        rows = _done(rows, do)
        ranking.save(session, task, who, rows, request.form.get("token") or None)
    if do == "go":
        return redirect(url_for("task.show", task_id=task.id))
    flash("已保存。", "success")
    return redirect(url_for("ranking.show", batch_id=batch_id))


def _done(rows: list[Row], do: str) -> list[Row]:
    step, _, row_id = do.partition(":")
    if step in ("up", "down"):
        return ranking.moved(rows, row_id, -1 if step == "up" else 1)
    if step == "all":
        reason = request.form.get("reason", "").strip()
        return [
            {**row, "recommend": row["recommend"] or "yes", "reason": row["reason"] or reason or None} for row in rows
        ]
    return rows
