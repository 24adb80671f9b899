"""An instance's page as data: what it waits for, its diagram, the chosen part below, what its reader may do."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.domain import declarations, intervention_access, permissions, suspended
from app.domain.permissions import Grants
from app.models.declaration import Declaration
from app.models.process import ProcessInstance
from app.processes import (
    clock_holds,
    data_edits,
    history,
    instance_page,
    monitor,
    repairs,
    terminations,
    timeline,
    urging,
)
from app.processes.diagrams import Picture
from app.processes.documents import shelf
from app.processes.instance_page import View, Waits

TABS = {
    "course": "办理经过",
    "data": "数据",
    "tasks": "任务",
    "deadlines": "期限",
    "messages": "消息",
    "documents": "文书",
    "timeline": "历史",
    "incidents": "异常",
}
ERASER = "system_admin"
Reader = Callable[[Session, ProcessInstance], Any]


def build(
    session: Session, instance: ProcessInstance, who: Grants, tab: str | None, path: str | None
) -> dict[str, Any]:
    """`tab` chooses the part below the diagram, `path` the called process that is drawn."""
    tab = tab if tab in TABS else "course"
    view = instance_page.view(session, instance, instance_page.deepest(session, instance) if path is None else path)
    waits, part = instance_page.waits_for(session, instance), _part(session, instance, tab)
    may = intervention_access.granted(session, who, instance)
    about = session.get(Declaration, instance.declaration_id) if instance.declaration_id is not None else None
    return {
        "title": instance_page.title(session, instance),
        "instance": instance,
        "state": monitor.state_words(instance),
        "suspended": suspended.words(instance),
        "waits": waits,
        "related": instance_page.related(session, instance, who),
        "view": view,
        "picture": _linked(instance, view, tab),
        "faults": repairs.of_instance(session, instance.id),
        "part": part,
        "intact": timeline.intact(session, instance) if tab == "timeline" else "",
        "erases": ERASER in who.roles,
        "tab": tab,
        "tabs": TABS,
        "kinds": repairs.KINDS,
        "urged": urging.urged(session, instance.declaration_id) if instance.declaration_id is not None else None,
        "may": may,
        "terminable": "terminate" in may and terminations.may_be_terminated(instance, about),
        "editable": data_edits.offered(session, instance) if tab == "data" and "edit" in may else [],
        "held_by_hand": clock_holds.standing,
        **_openable(session, who, tab, part, waits),
    }


def _part(session: Session, instance: ProcessInstance, tab: str) -> Any:
    readers: dict[str, Reader] = {
        "course": lambda session, instance: history.of_instances(session, [instance.id]),
        "data": instance_page.data,
        "tasks": instance_page.tasks,
        "deadlines": instance_page.dates,
        "messages": instance_page.messages,
        "documents": _documents,
        "timeline": timeline.of_instance,
    }
    return readers[tab](session, instance) if tab in readers else None  # incidents are read for the top anyway


def _documents(session: Session, instance: ProcessInstance) -> list[shelf.Entry]:
    if instance.declaration_id is None:
        return []
    return shelf.of(session, declarations.get(session, instance.declaration_id))


def _linked(instance: ProcessInstance, view: View, tab: str) -> Picture:
    """The diagram; choosing a call activity offers the way into the process that it calls."""
    details = dict(view.picture.state["details"])
    for call in view.calls:
        key = call.path.rpartition("/")[2]
        into = url_for("instances.page", instance_id=instance.id, path=call.path, tab=tab, _anchor="diagram")
        details[key] = {"name": call.name, **details.get(key, {}), "links": [["打开所调用的流程", into]]}
    return replace(view.picture, state={**view.picture.state, "details": details})


def _openable(session: Session, who: Grants, tab: str, part: Any, waits: Waits) -> dict[str, set[int]]:
    """Of the tasks and other instances that the page lists, those whose pages its reader may open."""
    listed = [row["task"].id for row in part] if tab == "tasks" else []
    messages = [row["message"] for row in part] if tab == "messages" else []
    others = {each for message in messages for each in (message.sender_id, message.receiver_id) if each}
    return {
        "openable": permissions.openable_tasks(session, who, [*listed, *(each.task_id for each in waits.tasks)]),
        "openable_others": monitor.openable(session, who, others) if others else set(),
    }
