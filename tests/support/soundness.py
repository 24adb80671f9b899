"""What must hold after every step of every case: the rows say what the engine waits for, nobody is forgotten."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import people
from app.domain.deadline_rows import WAKES
from app.models.process import Deadline, ProcessInstance, Task
from app.processes import work


def faults(session: Session) -> list[str]:
    """Every breach found in the running instances, in words; none is what a test wants."""
    found = []
    for instance in session.scalars(select(ProcessInstance).where(ProcessInstance.status == "running")).all():
        run = work.opened(session, instance).run
        tasks = session.scalars(select(Task).where(Task.instance_id == instance.id, Task.status == "open")).all()
        rows = {
            "tasks": (sorted(task.engine_task_id for task in tasks), sorted(each.id for each in run.user_tasks())),
            "timers": (_timers(session, instance), sorted(each.id for each in run.waiting() if each.due)),
            "messages": (
                sorted((instance.waits or {}).get("messages", ())),
                sorted(f"{each.id} {each.message}" for each in run.waiting() if each.message),
            ),
        }
        found += [f"{instance.process_key}: {kind}" for kind, (kept, lives) in rows.items() if kept != lives]
        found += [f"{task.element_id}: nobody" for task in tasks if not _asked(session, task)]
        ways = [(task.element_id, *task.path) for task in tasks]
        found += [f"{way}: twice" for way in set(ways) if ways.count(way) > 1]
        if not tasks and not run.waiting():
            found.append(f"{instance.process_key}: waits for nothing")
        alive = {task.engine_task_id for task in tasks} | {each.id for each in run.waiting()}
        left = select(Deadline).where(Deadline.instance_id == instance.id, Deadline.closed_at.is_(None))
        found += [f"{row.rule}: left open" for row in session.scalars(left) if row.engine_task_id not in alive]
    return found


def _timers(session: Session, instance: ProcessInstance) -> list[str]:
    return sorted(session.scalars(select(Deadline.engine_task_id).where(Deadline.instance_id == instance.id, WAKES)))


def _asked(session: Session, task: Task) -> bool:
    if task.role == "applicant":
        return task.person_id is not None
    return bool(people.holders(session, task.role, task.organisation_id, clock.now(session)))
