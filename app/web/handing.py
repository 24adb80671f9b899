"""转办、委派、加签、抄送: what the holder of a task asks of others, their answers, and taking a request back."""

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import people
from app.domain.said import whole_numbers
from app.domain.task_requests import AFTER
from app.errors import Refused
from app.models.process import Task
from app.processes import copies, delegations, incidents, signers, signing, tasks, transfers, withdrawals
from app.processes.tasks import Actor
from app.web import tasks as task_pages
from app.web.inbox import filters_of_request
from app.web.promptness import deliver_soon
from app.web.session import database, grants, reading, run, visitor
from app.web.views.handing import Back

blueprint = Blueprint("handing", __name__)

FIELDS = ("reason", "when", "agreed", "opinion")
SEVERAL = ("sign", "copy")  # verbs that name several people at once


@blueprint.post("/tasks/<int:task_id>/transfer")
def transfer(task_id: int) -> ResponseReturnValue:
    """转办 to person `to` for `reason`."""
    return _ask(task_id, "transfer", transfers.transfer, "已转办{}。")


@blueprint.post("/tasks/<int:task_id>/delegate")
def delegate(task_id: int) -> ResponseReturnValue:
    """委派 to person `to` for `reason`."""
    return _ask(task_id, "delegate", delegations.delegate, "已委派{}，答复后回到您的待办。")


@blueprint.post("/tasks/<int:task_id>/sign")
def sign(task_id: int) -> ResponseReturnValue:
    """加签: every `to` in this order, `when` before or after one's own decision."""
    when = request.form.get("when", "")
    words = "已加签{}。" if when == AFTER else "已加签{}，签署后回到您的待办。"

    def act(session: Session, key: int, actor: Actor, to: Sequence[int], *, reason: str) -> Task:
        return signers.add(session, key, actor, to, when=when, reason=reason)

    return _ask(task_id, "sign", act, words)


@blueprint.post("/tasks/<int:task_id>/copy")
def copy(task_id: int) -> ResponseReturnValue:
    """抄送 to every `to`; the task stays where it is."""

    def act(session: Session, key: int, actor: Actor, to: Sequence[int], *, reason: str) -> Task:
        return copies.send(session, key, actor, to, note=reason)

    return _ask(task_id, "copy", act, "已抄送{}。")


@blueprint.post("/tasks/<int:task_id>/answer")
def answer(task_id: int) -> ResponseReturnValue:
    """The opinion one was asked for, and whether one agrees (`agreed`: yes or no) where one's signature is asked."""
    actor, said = _actor(), _said()
    agreed = {"yes": True, "no": False}.get(said["agreed"])
    with reading() as session:
        instance_id = tasks.get(session, task_id).instance_id
    try:
        incidents.run(
            database(),
            lambda session: signing.answer(session, task_id, actor, agreed=agreed, opinion=said["opinion"]),
            task_id=task_id,
            instance_id=instance_id,
        )
    except Refused as refused:
        return task_pages.page_of(task_id, Back("answer", said, refused.problems)), 422
    deliver_soon()
    flash("已答复。", "success")
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
    """People asked; the dialog comes back with what is to be mended. Where the task stays here, so does its page."""
    actor, said = _actor(), _said()
    to = whole_numbers(request.form.getlist("to"))

    def work(session: Session) -> tuple[Task, str]:
        one = to if verb in SEVERAL else (to or [0])[0]
        task = act(session, task_id, actor, one, reason=said["reason"])
        return task, "、".join(people.get(session, each).name for each in to)

    try:
        task, names = run(work)
    except Refused as refused:
        said["to"] = " ".join(map(str, to))
        return task_pages.page_of(task_id, Back(verb, said, refused.problems)), 422
    deliver_soon()
    flash(words.format(names), "success")
    if task.request_id is None and verb != "transfer":
        return redirect(url_for("task.show", task_id=task_id, **filters_of_request().kept))
    return redirect(task_pages.next_of(task, filters_of_request()))


def _actor() -> Actor:
    return Actor(visitor().person_id, grants())


def _said() -> dict[str, str]:
    return {key: request.form.get(key, "").strip() for key in FIELDS}
