"""Planning a batch action: its items are frozen, each with what would keep it undone; then started, or cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import permissions
from app.domain.permissions import Grants
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.batch_action import BatchAction, BatchItem
from app.processes import incident_groups, monitor
from app.processes.batch import actions, register
from app.processes.batch.actions import Action
from app.processes.monitor import Filters

MOST = 1000  # items of one batch action
CANCELLED = "已取消，未执行。"
REASON_LENGTH = 300


@dataclass(frozen=True)
class Selection:
    """Ids of what was ticked, or of the first of what a filter found, with how many there were.

    `said` are the parts of the list's address; `query` the address itself where all that it finds is meant.
    """

    ids: Sequence[int]
    found: int
    query: str | None = None
    said: Mapping[str, str] = field(default_factory=dict)


def of_filter(session: Session, grants: Grants, said: Mapping[str, str], query: str) -> Selection:
    """Everything on the monitor's list under a filter, frozen now."""
    ids, found = monitor.matching(session, grants, Filters.of(said), MOST)
    return Selection(ids, found, query, said)


def of_cause(session: Session, grants: Grants, incident_id: int, code: str) -> Selection:
    """The open incidents with the cause of one of them, or the processes in which they happened. NotFound."""
    group = incident_groups.of_incident(session, grants, incident_id)
    found = incident_groups.ids(session, grants, group, MOST)
    if register.get(code).of_incidents:
        return Selection([incident for incident, _ in found], group.count)
    instances = list(dict.fromkeys(instance for _, instance in found if instance is not None))
    return Selection(instances, len(instances))


def plan(session: Session, code: str, grants: Grants, chosen: Selection) -> BatchAction:
    """A batch action whose items are those of `chosen` that the person may oversee; nothing happens yet.

    Raises NotAllowed, and Refused where nothing is chosen.
    """
    action = register.get(code)
    permissions.require_role(grants, *action.roles)
    found = action.chosen(session, list(dict.fromkeys(chosen.ids))[:MOST], chosen.said)[:MOST]
    seen = monitor.openable(session, grants, {each.instance_id for each in found if each.instance_id is not None})
    items = [each for each in found if each.instance_id in seen or actions.bodiless(each, grants)]
    if not items:
        raise Refused(Problem("nothing", "请先勾选要办理的事项；所选的可能已由他人办理。"))
    batch = BatchAction(action=code, person_id=grants.person_id, query=chosen.query, planned_at=clock.now(session))
    batch.found = chosen.found if chosen.found > MOST else len(items)
    session.add(batch)
    session.flush()
    for item in items:
        item.batch_action_id = batch.id
    session.add_all(items)
    session.flush()
    _look(session, action, batch, grants, items)
    return batch


def address(session: Session, batch_id: int, grants: Grants, to: str) -> None:
    """Say to whom: what would come to nothing there is left out, and what was left out for another's sake is not.

    Raises Refused, Conflict for one that was started.
    """
    batch = own(session, batch_id, grants)
    action = register.get(batch.action)
    if action.address is None or batch.started_at is not None or batch.ended_at is not None:
        raise Conflict("本次批量操作已经开始，不能更改。")
    batch.arguments = action.address(session, to)
    _look(session, action, batch, grants, items_of(session, batch.id))


def items_of(session: Session, batch_id: int) -> Sequence[BatchItem]:
    return session.scalars(select(BatchItem).where(BatchItem.batch_action_id == batch_id).order_by(BatchItem.id)).all()


def _look(session: Session, action: Action, batch: BatchAction, grants: Grants, items: Sequence[BatchItem]) -> None:
    """Leave out what would come to nothing, and say why."""
    obstacles = actions.obstacles(session, action, batch, grants, items)
    for item in items:
        item.outcome = "skipped" if item.id in obstacles else "pending"
        item.reason = obstacles.get(item.id)
    session.flush()


def get(session: Session, batch_id: int, grants: Grants) -> BatchAction:
    """NotFound for one that the person may not look at."""
    found = session.get(BatchAction, batch_id)
    if found is None or not (grants.sees_all or found.person_id == grants.person_id):
        raise NotFound("没有找到这次批量操作。")
    return found


def own(session: Session, batch_id: int, grants: Grants) -> BatchAction:
    """Refused for another's: who planned it answers for it."""
    batch = get(session, batch_id, grants)
    if batch.person_id != grants.person_id:
        raise Refused(Problem("not_author", "只有发起人可以确认执行。"))
    return batch


def start(session: Session, batch_id: int, grants: Grants, reason: str) -> None:
    """Its author has seen the list and its count. Raises Refused without a reason where one is asked for, Conflict."""
    batch = own(session, batch_id, grants)
    if batch.ended_at is not None:
        raise Conflict("本次批量操作已经结束。")
    action = register.get(batch.action)
    permissions.require_role(grants, *action.roles)
    if action.address is not None and not batch.arguments:
        raise Refused(Problem("receiver", "请先选择改派给哪个机构或者哪位人员。", "to"))
    if action.reasoned and not reason.strip():
        raise Refused(Problem("missing", "请填写原因。", "reason"))
    if batch.started_at is None:
        batch.reason, batch.started_at = reason.strip()[:REASON_LENGTH], clock.now(session)


def cancel(session: Session, batch_id: int, grants: Grants) -> None:
    """What is not done yet stays undone; for its author and for whoever sees all."""
    batch = get(session, batch_id, grants)
    session.execute(
        update(BatchItem)
        .where(BatchItem.batch_action_id == batch.id, BatchItem.outcome == "pending")
        .values(outcome="cancelled", reason=CANCELLED)
        .execution_options(synchronize_session=False)
    )
    if batch.ended_at is None:
        batch.ended_at = batch.cancelled_at = clock.now(session)
