"""The way out: one instance as the engine's library writes it, for whoever goes on without this program (D8)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import functions
from app.domain.deadline_rows import WAKES
from app.engine.run import Run
from app.errors import NotFound
from app.functions.case import Case
from app.models.process import Deadline, ProcessInstance
from app.processes import bundles


def export(session: Session, instance_id: int) -> str:
    """JSON of SpiffWorkflow's serializer, diagrams included, with the due instants of its rows. Raises NotFound.

    Records, deadlines and history are not part of it: they stand in the tables.
    """
    instance = session.get(ProcessInstance, instance_id)
    if instance is None:
        raise NotFound("没有这个流程实例。")
    definitions = bundles.of_version(session, instance.notice_version_id).definitions
    case = Case(session, instance)
    run = Run.restore(definitions, instance.process_key, functions.bind(case), case.asked_by, instance.state)
    due = select(Deadline.engine_task_id, Deadline.due_at).where(Deadline.instance_id == instance_id, WAKES)
    run.set_due({task: moment.isoformat() if moment else None for task, moment in session.execute(due)})
    return run.export()
