"""更正公示内容: the running round of a batch's publicity ends, some names are checked again, and it begins anew."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import batches, permissions, publicity_rounds
from app.domain.offices import Actor as Office
from app.errors import NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task
from app.models.recommendation import UnitBatch
from app.processes import waits, work
from app.processes.tasks import Actor

FORM = "unit_close"


def task_of(session: Session, batch: UnitBatch) -> Task:
    """The open task in which the running publicity will be closed. NotFound where none runs."""
    wanted = select(Task).where(Task.instance_id == batch.instance_id, Task.form_key == FORM, Task.status == "open")
    found = session.scalar(wanted.order_by(Task.id.desc()).limit(1))
    if found is None:
        raise NotFound("本批没有正在进行的公示，不能更正公示内容。")
    return found


def restart(session: Session, batch_id: int, actor: Actor, reason: str, names: Iterable[int]) -> None:
    """For whoever closes the publicity; what the diagrams draw follows by message.

    The batch's instance is held first, so that nobody closes the round at the same moment. Raises NotFound, NotAllowed,
    Refused; also where a case runs by a diagram that does not wait for the message.
    """
    batch = batches.get(session, batch_id)
    if batch.instance_id is None:
        raise NotFound("本批没有正在进行的公示，不能更正公示内容。")
    work.locked(session, batch.instance_id)
    task = task_of(session, batch)
    permissions.require_act(session, actor.person_id, task, actor.grants)
    wanted = set(names)
    publicity_rounds.supersede(session, batch, Office(actor.person_id, task.organisation_id), reason, wanted)
    of_names = select(Declaration.instance_id).where(Declaration.id.in_(wanted))
    _require_waiting(session, publicity_rounds.CHANGED, {batch.instance_id})
    _require_waiting(session, publicity_rounds.CORRECT, set(session.scalars(of_names)))


def _require_waiting(session: Session, message: str, instances: set[int | None]) -> None:
    """Refused where one of them would never take the message: what was begun could not be carried on."""
    found = session.scalars(select(ProcessInstance).where(ProcessInstance.id.in_(instances)))
    if {each.id for each in found if waits.taker(each, message) is not None} != instances:
        raise Refused(Problem("not_drawn", "本批按先前版本的流程图办理，不能更正公示内容。请联系系统管理员。"))
