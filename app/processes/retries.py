"""Trying again what an incident stopped: the person's completion in his name, the timer, the message."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import history, people, permissions
from app.errors import Conflict, DiagramFault, Problem, Refused
from app.models.process import Incident
from app.processes import incidents, messages, repairs, tasks, timers
from app.processes.incidents import Attempt
from app.processes.tasks import Actor

Also = Callable[[Session], None]
NOT_KEPT = "此异常没有可以重试的办理，请由办理人重新办理，或注明处理情况。"
DROPPED = "此异常已经处理，或办理人已修改所填内容，不再需要重试。"
NOT_DUE = "此异常涉及的定时已取消，或计时暂停、尚未到时，现在不能重试。"


def again(database: Database, incident_id: int, person_id: int, also: Also | None = None) -> None:
    """Try one again; `also` is written in the transaction in which it goes through.

    Raises DiagramFault where it fails anew, Conflict where it was solved meanwhile, Refused where nothing was kept.
    """
    with database.reading() as session:
        found = session.get(Incident, incident_id)
        if found is None or found.status != "open":
            raise Conflict(DROPPED)
        if not can_be_retried(found):
            raise Refused(Problem("not_kept", NOT_KEPT))
    if found.attempt is None:
        _at_once(database, found, person_id, also)
        return
    attempt = Attempt(found.person_id or 0, dict(found.attempt.get("values") or {}), None)

    def replay(session: Session) -> None:
        _replay(session, incident_id, person_id)
        if also is not None:
            also(session)

    incidents.run(database, replay, attempt, task_id=found.task_id, instance_id=found.instance_id)


def can_be_retried(incident: Incident) -> bool:
    """Whether what it stopped is kept: a person's completion, a timer or a message."""
    return incident.attempt is not None or incident.deadline_id is not None or incident.message_id is not None


def _at_once(database: Database, incident: Incident, by: int, also: Also | None) -> None:
    """Its timer or message, whose turn is now; when it goes through, the incident is solved."""
    with database.transaction() as session:
        leased = None if incident.deadline_id is None else timers.lease_one(session, incident.deadline_id)
        if incident.deadline_id is not None and leased is None:
            raise Conflict(NOT_DUE)
        if incident.message_id is not None:
            messages.revive_one(session, incident.message_id)
        about = {"instance_id": repairs.instance_of(session, incident), "person_id": by}
        history.append(session, "retried", payload={"incident": incident.id}, **about)
    if leased is not None:
        timers.fire(database, leased, also)
    elif incident.message_id is not None:
        messages.deliver(database, incident.message_id, also)
    with database.reading() as session:
        after = session.get_one(Incident, incident.id)
        if after.status == "open":
            raise DiagramFault(after.element_id, after.line, after.reason)


def _replay(session: Session, incident_id: int, by: int) -> None:
    """The completion once more, by the same person with the same values and the rights he holds now."""
    found = session.get_one(Incident, incident_id, populate_existing=True, with_for_update=True)
    if found.status != "open" or found.attempt is None or found.task_id is None or found.person_id is None:
        raise Conflict(DROPPED)
    kept: Mapping[str, Any] = found.attempt
    actor = Actor(found.person_id, permissions.grants_of(session, found.person_id, clock.now(session)), kept.get("key"))
    task = tasks.complete(session, found.task_id, actor, kept["values"])
    incidents.solve(session, task_id=task.id)
    facts = {"task": task.name, "who": people.get(session, actor.person_id).name, "by": people.get(session, by).name}
    about = {"task_id": task.id, "element_id": task.element_id, "declaration_id": task.declaration_id, "person_id": by}
    history.append(session, "retried", instance_id=task.instance_id, payload=facts, **about)
