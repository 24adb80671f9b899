"""Where a step stands among the processes that call one another, and how a token gets there."""

from collections.abc import Sequence

from app import clock
from app.domain import deadline_rows
from app.errors import MoveRefused, Problem, Refused
from app.models.process import Task
from app.processes.work import Work

WORDS = {
    "not_live": "此步骤已不在办理中，请刷新后再办。",
    "not_a_step": "所在位置不是可移动的步骤，请移动它所属的环节。",
    "multi_instance": "此步骤是重复办理中的一份，请移动整个环节。",
    "unknown": "所选步骤不在本流程或调用它的流程中。",
    "others": "离开本流程会一并取消其他正在办理的步骤，请改为移动调用它的环节。",
    "parallel": "所选步骤在另一条并行分支上，不能移动。",
    "not_a_call": "所选步骤不是调用的流程。",
    "gateway": "不能移动到并行（包容）网关，请选择它前面的步骤。",
    "boundary": "不能移动到边界事件，请选择它之后的步骤。",
    "start": "不能移动到等待启动的事件。",
    "event_gateway": "所选步骤在事件网关之后，请选择该网关。",
}


def way_to(task: Task) -> tuple[str, ...]:
    """The calls from the outermost process to the task's step; a step known by its calling element is that element."""
    path = tuple(task.path)
    return path if path and path[-1] == task.element_id else (*path, task.element_id)


def onward(task: Task, way: Sequence[str]) -> tuple[str, ...]:
    """What is left of `way` from the innermost process that it shares with the task: as `Run.move` takes it."""
    shared = 0
    for own, other in zip(task.path, way[:-1], strict=False):
        if own != other:
            break
        shared += 1
    return tuple(way[shared:])


def put(
    begun: Work, task: Task, to: tuple[str, ...], *, words: dict[str, str] | None = None, whole: bool = False
) -> None:
    """Take the token out of an open task and put it on `to`; the deadlines of what goes are closed.

    `whole`: where several people do the task's step, all their tasks go.

    Refused, with everything as it was, where the step cannot be entered from there; `words` replace the reasons.
    """
    session = begun.session
    before = deadline_rows.open_of(session, begun.instance.id)
    try:
        removed = set(begun.run.move(task.engine_task_id, to, {}, several=whole))
    except MoveRefused as refusal:
        said = {**WORDS, **(words or {})}.get(refusal.reason, refusal.message)
        raise Refused(Problem(f"move_{refusal.reason}", said, "to")) from refusal
    for row in before:
        if row.engine_task_id in removed:
            row.closed_at = clock.now(session)
