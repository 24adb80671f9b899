"""退回 and 撤回: giving an open task back to an earlier step, and taking back one's own work."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refused
from app.processes import incidents, returns, taking_back, tasks
from app.processes.tasks import Actor
from app.web import tasks as task_pages
from app.web.inbox import filters_of_request
from app.web.promptness import deliver_soon
from app.web.session import database, grants, reading, visitor
from app.web.views.handing import Back

blueprint = Blueprint("returns", __name__)

FIELDS = ("to", "reason", "straight")


@blueprint.post("/tasks/<int:task_id>/return")
def give_back(task_id: int) -> ResponseReturnValue:
    """退回: to step `to` for `reason`; `straight` is yes where the receiver's work comes straight back."""
    actor, said = Actor(visitor().person_id, grants()), {key: request.form.get(key, "").strip() for key in FIELDS}
    to, straight = int(said["to"]) if said["to"].isdecimal() else 0, said["straight"] == "yes"
    try:
        received = incidents.run(
            database(),
            lambda session: returns.give_back(
                session, task_id, actor, to, reason=said["reason"], straight_back=straight
            ),
            instance_id=_instance(task_id),
        )
    except Refused as refused:
        return task_pages.page_of(task_id, Back("return", said, refused.problems)), 422
    deliver_soon()
    flash(f"已退回至“{received.name}”。", "success")
    with reading() as session:
        done = tasks.get(session, task_id)
    return redirect(task_pages.next_of(done, filters_of_request()))


@blueprint.post("/tasks/<int:task_id>/take-back")
def take_back(task_id: int) -> ResponseReturnValue:
    """撤回: what one has completed oneself, before the next one acts."""
    actor = Actor(visitor().person_id, grants())
    again = incidents.run(
        database(),
        lambda session: taking_back.take_back(session, task_id, actor),
        instance_id=_instance(task_id),
    )
    deliver_soon()
    flash("已撤回，原填写的内容已载入，可修改后重新办理。", "success")
    return redirect(url_for("task.show", task_id=again.id))


def _instance(task_id: int) -> int:
    with reading() as session:
        return tasks.get(session, task_id).instance_id
