"""转办、委派: giving a task to somebody else, for good or for an opinion; the answer; taking a request back."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import people
from app.errors import Refused
from app.models.process import Task
from app.processes import delegations, transfers, withdrawals
from app.processes.tasks import Actor
from app.web import tasks as task_pages
from app.web.inbox import filters_of_request
from app.web.promptness import deliver_soon
from app.web.session import grants, run, visitor
from app.web.views.handing import Back

blueprint = Blueprint("handing", __name__)

FIELDS = ("to", "reason", "opinion")


@blueprint.post("/tasks/<int:task_id>/transfer")
def transfer(task_id: int) -> ResponseReturnValue:
    """转办 to person `to` for `reason`."""
    return _ask(task_id, "transfer", transfers.transfer, "已转办{}。")


@blueprint.post("/tasks/<int:task_id>/delegate")
def delegate(task_id: int) -> ResponseReturnValue:
    """委派 to person `to` for `reason`."""
    return _ask(task_id, "delegate", delegations.delegate, "已委派{}，答复后回到您的待办。")


@blueprint.post("/tasks/<int:task_id>/answer")
def answer(task_id: int) -> ResponseReturnValue:
    """The opinion one was asked for."""
    actor, said = _actor(), _said()
    try:
        run(lambda session: delegations.answer(session, task_id, actor, opinion=said["opinion"]))
    except Refused as refused:
        return task_pages.page_of(task_id, Back("answer", said, refused.problems)), 422
    deliver_soon()
    flash("已答复，事项已回到交办人。", "success")
    return redirect(url_for("tasks.inbox"))


@blueprint.post("/asked/<int:asked_id>/withdraw")
def withdraw(asked_id: int) -> ResponseReturnValue:
    """收回 what is not answered yet."""
    actor = _actor()
    task_id = run(lambda session: withdrawals.withdraw(session, asked_id, actor).id)
    deliver_soon()
    flash("已收回。", "success")
    return redirect(url_for("task.show", task_id=task_id))


def _ask(task_id: int, verb: str, act: Callable[..., Task], words: str) -> ResponseReturnValue:
    """One person asked; the dialog comes back with what is to be mended."""
    actor, said = _actor(), _said()
    to = int(said["to"]) if said["to"].isdecimal() else 0

    def work(session: Session) -> tuple[Task, str]:
        task = act(session, task_id, actor, to, reason=said["reason"])
        return task, people.get(session, to).name

    try:
        task, name = run(work)
    except Refused as refused:
        return task_pages.page_of(task_id, Back(verb, said, refused.problems)), 422
    deliver_soon()
    flash(words.format(name), "success")
    return redirect(task_pages.next_of(task, filters_of_request()))


def _actor() -> Actor:
    return Actor(visitor().person_id, grants())


def _said() -> dict[str, str]:
    return {key: request.form.get(key, "").strip() for key in FIELDS}
