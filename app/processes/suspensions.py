"""挂起 and 恢复: a manager stops one instance for a reason, and lets it go on.

While it is suspended its timers do not fire, messages to it wait, nobody completes its tasks and its clocks stand
still; drafts are kept. The processes it calls are inside it and stop with it. Other instances about the same
declaration (an objection, a complaint) go on: what they have to tell it waits.
"""

from sqlalchemy.orm import Session

from app import clock
from app.domain import deadlines, suspended
from app.domain.deadline_rules import SUSPENDED
from app.errors import Conflict
from app.models.process import Deadline, ProcessInstance
from app.processes import interventions, messages


def suspend(session: Session, instance_id: int, *, reason: str, person_id: int) -> ProcessInstance:
    """Stop the instance and tell whoever works on it.

    Raises what `interventions.begin` raises, and Conflict for one that is suspended already.
    """
    instance = interventions.begin(session, instance_id, reason)
    if instance.status == suspended.STATUS:
        raise Conflict(suspended.words(instance))
    instance.status, instance.suspended_at = suspended.STATUS, clock.now(session)
    instance.suspended_reason = reason.strip().rstrip("。")
    deadlines.hold_those(session, Deadline.instance_id == instance.id, SUSPENDED, by=person_id)
    facts = {"reason": instance.suspended_reason}
    interventions.note(session, instance, "suspended", person_id, facts)
    interventions.tell(session, instance, interventions.concerned(session, instance), "suspended", facts)
    return instance


def resume(session: Session, instance_id: int, *, reason: str, person_id: int) -> ProcessInstance:
    """Let a suspended instance go on: clocks with the days they had left, then timers and messages in their order.

    Raises what `interventions.begin` raises, and Conflict for one that is not suspended.
    """
    instance = interventions.begin(session, instance_id, reason)
    if instance.status != suspended.STATUS or instance.suspended_at is None:
        raise Conflict("本件没有暂停办理，无须恢复。")
    since = instance.suspended_at
    instance.status, instance.suspended_at, instance.suspended_reason = "running", None, None
    deadlines.release_those(session, Deadline.instance_id == instance.id, SUSPENDED, by=person_id)
    messages.put_off(session, instance.id, clock.now(session) - since)
    facts = {"reason": reason.strip()}
    interventions.note(session, instance, "resumed", person_id, {**facts, "since": since.isoformat()})
    interventions.tell(session, instance, interventions.concerned(session, instance), "resumed", facts)
    return instance
