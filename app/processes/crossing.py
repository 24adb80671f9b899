"""One running instance put on another version of its notice, and back again (D18a).

State, open tasks and records follow the new diagrams; deadlines, timers, drafts and ballots stay as they are. Whoever
calls holds the instance's row.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import deadline_rows, history, people
from app.engine import migrate
from app.engine.migrate import Obstacle
from app.engine.parser import Definitions
from app.errors import Conflict, Problem, Refused
from app.models.process import ProcessInstance, Task
from app.processes import bundles, waits, withdrawals, work
from app.processes.waits import NOTHING, Work

WORDS = {
    "gone": "正在办理的“{}”在新版本的流程图中已不存在",
    "kind": "“{}”在新版本的流程图中换成了另一种元素",
    "message": "“{}”等待的消息在新版本中已更名",
    "called": "“{}”在新版本中调用另一流程或已取消",
    "join": "并行汇合“{}”的来路已变更，已经到达的分支无法对应",
    "parallel": "“{}”在新版本的流程图中处于另外的并行分支",
    "due": "新增的“{}”移入时即已到期，会立即触发",
}


def obstacles(session: Session, instance: ProcessInstance, version_id: int) -> list[str]:
    """Why the instance cannot go on under that version, each in a sentence's part; empty where it can."""
    old, new = _definitions(session, instance.notice_version_id), _definitions(session, version_id)
    if old.digest == new.digest:
        return []
    return [_words(old, each) for each in migrate.obstacles(instance.state, instance.process_key, old, new)]


def cross(
    session: Session, instance: ProcessInstance, version_id: int, *, reason: str, by: int | None
) -> dict[str, Any]:
    """Put the instance on the version; gives what it was before, as `back` takes it.

    Conflict for one that has ended or is on that version already, Refused where something stands in the way.
    """
    if instance.status == "ended" or instance.notice_version_id == version_id:
        raise Conflict("该实例已经办结，或已在所选版本上。")
    found = obstacles(session, instance, version_id)
    if found:
        raise Refused(*(Problem("obstacle", f"{words}。") for words in found))
    old, new = _definitions(session, instance.notice_version_id), _definitions(session, version_id)
    before = {"version": instance.notice_version_id, "waits": instance.waits}
    instance.state = migrate.rewritten(instance.state, instance.process_key, old, new)
    _pin(session, instance, version_id, new)
    clock.now(session)  # newly armed timers ask for it
    begun = work.opened(session, instance, person_id=by)
    begun.run.advance()
    if begun.run.passed:
        raise Refused(Problem("due", f"{_words(new, Obstacle(begun.run.passed[0][1], 'due'))}。"))
    work.note(begun, "migrated", payload={"from": before["version"], "to": version_id, "reason": reason})
    before["tasks"] = _redraw(begun)
    work.save(begun)
    return before


def back(session: Session, instance: ProcessInstance, state: bytes, before: Mapping[str, Any], by: int | None) -> None:
    """As it was before it crossed; what was armed or opened for the new diagrams is taken away."""
    was = before["waits"] or NOTHING
    now = instance.waits or NOTHING
    fresh = set(now["timers"]) - set(was["timers"])
    deadline_rows.close(session, [key for key, task, _ in now["deadlines"] if task in fresh])
    for task_id, drawn in before["tasks"].items():
        session.execute(update(Task).where(Task.id == int(task_id), Task.status == "open").values(**drawn))
    instance.state, instance.waits = state, dict(was)
    _pin(session, instance, before["version"], _definitions(session, before["version"]))
    session.flush()
    said = {"to": before["version"]}
    history.append(session, "migration_undone", instance_id=instance.id, person_id=by, payload=said)


def place(session: Session, instance: ProcessInstance) -> str:
    """Where the instance stands, in the words of its diagram."""
    elements = _definitions(session, instance.notice_version_id).elements
    standing = [elements[key] for _, key in (instance.waits or NOTHING)["active"] if key in elements]
    named = [each for each in standing if each.name]
    inside = [each.name for each in named if each.kind not in ("callActivity", "subProcess")]
    return "、".join(dict.fromkeys(inside or (each.name for each in named)))[:300]


def _redraw(begun: Work) -> dict[str, dict[str, Any]]:
    """Bring open tasks in line with diagrams that say something else of them; gives what they said before, by id.

    A task that goes to another post leaves the hands of whoever had claimed it; where nobody holds the post, that is
    an incident.
    """
    session, before = begun.session, {}
    rows = session.scalars(select(Task).where(Task.instance_id == begun.instance.id, Task.status == "open")).all()
    tasks = {task.id: task for task in begun.run.user_tasks()}
    for row in rows:
        task = tasks[row.engine_task_id]
        said = waits.drawn(begun, task)
        if (row.role, row.organisation_id) != (said["role"], said["organisation_id"]):
            said["person_id"] = waits.person(begun, task, said["role"])
            withdrawals.drop(session, row, "因本件移到新版本而终止")
            _require_holder(begun, said)
        was = {key: getattr(row, key) for key in said}
        if was != said:
            before[str(row.id)] = was
            for key, value in said.items():
                setattr(row, key, value)
    session.flush()
    return before


def _require_holder(begun: Work, said: Mapping[str, Any]) -> None:
    now = clock.now(begun.session)
    if said["person_id"] is None and not people.holders(begun.session, said["role"], said["organisation_id"], now):
        begun.session.add(waits.nobody(begun, {**said, "created_at": now}))


def _pin(session: Session, instance: ProcessInstance, version_id: int, definitions: Definitions) -> None:
    """The instance, and the records that it works on, belong to the version."""
    was = instance.notice_version_id
    instance.notice_version_id, instance.definition_digest = version_id, definitions.digest
    for table in work.SUBJECTS.values():
        if hasattr(table, "notice_version_id"):
            its = (table.instance_id == instance.id) & (table.notice_version_id == was)
            wanted = update(table).where(its).values(notice_version_id=version_id)
            session.execute(wanted, execution_options={"synchronize_session": "fetch"})
    session.flush()


def _definitions(session: Session, version_id: int) -> Definitions:
    return bundles.of_version(session, version_id).definitions


def _words(definitions: Definitions, obstacle: Obstacle) -> str:
    element = definitions.elements.get(obstacle.element)
    name = element.name if element else definitions.names.get(obstacle.element, "")
    return WORDS[obstacle.reason].format(name or obstacle.element)
