"""What a batch action is made of, and what keeps an item undone whichever the action is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain.permissions import Grants
from app.models.batch_action import BatchAction, BatchItem
from app.models.declaration import Declaration
from app.models.process import ProcessInstance
from app.processes import monitor, work
from app.processes.batch import places

Done = Callable[[Session], None]
Reasons = dict[int, str]  # item id → why it is left undone
MANAGERS = ("manager", "system_admin")

UNSEEN = "发起人现在没有查看此办理事项的权限。"
ENDED = "此办理事项已经办结。"
MOVED = "列入名单后已有办理进展，请核对最新情况。"
OWN = "涉及发起人本人的申报，请由其他管理人员办理。"


@dataclass(frozen=True)
class Action:
    """One thing that can be done with many.

    `chosen` turns ids of what was ticked, on a list filtered by the parts of an address, into items; `why_not` names
    those that would come to nothing, in few statements whatever their number; `run` does one item and calls `done` in
    the transaction of its effect; `says` is what people will read of it. `reasoned`: nobody starts it without a reason.
    `stays`: it is for processes that stand where they stood when the list was made. `address` reads to whom it goes,
    where it goes to somebody: it is not started before that is said. `of_incidents`: what is ticked are incidents.
    """

    code: str
    label: str
    roles: tuple[str, ...]
    chosen: Callable[[Session, Sequence[int], Mapping[str, str]], list[BatchItem]]
    why_not: Callable[[Session, BatchAction, Sequence[BatchItem]], Reasons]
    run: Callable[[Database, BatchAction, BatchItem, Done], None]
    says: Callable[[Session, BatchAction], str]
    reasoned: bool = True
    stays: bool = True
    address: Callable[[Session, str], dict[str, Any]] | None = None
    of_incidents: bool = False


def instances(session: Session, ids: Sequence[int], _said: Mapping[str, str]) -> list[BatchItem]:
    """An item for each process, with the place where it stands."""
    found = places.of_instances(session, ids)
    return [BatchItem(instance_id=key, place=found[key].words, stood=found[key].tasks) for key in ids if key in found]


def at_once(act: Callable[[Session, BatchAction, BatchItem], None]) -> Callable[..., None]:
    """A `run` whose act and outcome are one transaction, under the lock that single actions take too."""

    def run(database: Database, batch: BatchAction, item: BatchItem, done: Done) -> None:
        def once(session: Session) -> None:
            assert item.instance_id is not None
            work.locked(session, item.instance_id)
            act(session, batch, item)
            done(session)

        database.run(once)

    return run


def obstacles(
    session: Session, action: Action, batch: BatchAction, grants: Grants, items: Sequence[BatchItem]
) -> Reasons:
    """Why items would be left undone now; `grants` are the author's. A fixed number of statements."""
    ids = {each.instance_id for each in items if each.instance_id is not None}
    seen = monitor.openable(session, grants, ids)
    found = dict(action.why_not(session, batch, items))
    if action.stays:
        found |= _moved(session, items, ids)
    own = _own(session, ids, grants.person_id) if action.roles == MANAGERS else set()
    found |= {each.id: OWN for each in items if each.instance_id in own}
    hidden = {each.id: UNSEEN for each in items if each.instance_id not in seen and not bodiless(each, grants)}
    return found | hidden


def bodiless(item: BatchItem, grants: Grants) -> bool:
    """An incident before its process began belongs to those who see all."""
    return item.instance_id is None and grants.sees_all


def _own(session: Session, ids: set[int], person_id: int) -> set[int]:
    """Those of the instances that are about the person's own declaration."""
    wanted = select(ProcessInstance.id).join(Declaration, Declaration.id == ProcessInstance.declaration_id)
    return set(session.scalars(wanted.where(ProcessInstance.id.in_(ids), Declaration.person_id == person_id)))


def _moved(session: Session, items: Sequence[BatchItem], ids: set[int]) -> Reasons:
    now: Mapping[int, list[int]] = places.open_tasks(session, ids)
    running = set(
        session.scalars(
            select(ProcessInstance.id).where(ProcessInstance.id.in_(ids), ProcessInstance.status != "ended")
        )
    )
    moved = {each.id: MOVED for each in items if now.get(each.instance_id or 0, []) != each.stood}
    return moved | {each.id: ENDED for each in items if each.instance_id not in running}
