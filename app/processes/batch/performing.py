"""Performing what was started: items leased in small lots, each done for itself, so that whoever dies loses none."""

import uuid
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import history, permissions
from app.errors import AppError, Conflict, DiagramFault, NotFound
from app.models.batch_action import BatchAction, BatchItem
from app.processes.batch import actions, register

AT_ONCE = 10  # items of one batch action before the next one has its turn
LEASE = timedelta(seconds=120)
NO_POST = "发起人现在没有办理此批量操作的岗位。"
BROKEN = "系统故障，未执行。请稍后单独办理，或联系系统管理员。"
EVENT = "batched"  # in the history of the item's process

_log = structlog.get_logger()


def take_up(database: Database) -> int:
    """Go on with every batch action that was started; returns how many items were dealt with."""
    with database.reading() as session:
        under_way = session.scalars(select(BatchAction.id).where(_under_way()).order_by(BatchAction.id)).all()
    return sum(_some_of(database, batch_id) for batch_id in under_way)


def _some_of(database: Database, batch_id: int) -> int:
    token = str(uuid.uuid4())
    with database.reading() as session:
        pending, free = _waiting(session, batch_id)
    if pending and not free:
        return 0  # another worker is at them
    with database.transaction() as session:
        leased = _lease(session, batch_id, token) if pending else []
    for item_id in leased:
        _perform(database, item_id, token)
    if len(leased) == pending:
        with database.transaction() as session:
            _end_if_over(session, batch_id)
    return len(leased)


def _perform(database: Database, item_id: int, token: str) -> None:
    """One item; what kept it undone is written down in a transaction of its own."""
    try:
        with database.reading() as session:
            item = session.get_one(BatchItem, item_id)
            batch = session.get_one(BatchAction, item.batch_action_id)
            action = register.get(batch.action)
            grants = permissions.grants_of(session, batch.person_id)
            why = actions.obstacles(session, action, batch, grants, [item]).get(item_id)
        if not grants.roles & set(action.roles):
            return _note(database, item_id, token, "failed", NO_POST)
        if why is not None:
            return _note(database, item_id, token, "skipped", why)
        action.run(database, batch, item, lambda session: _done(session, batch, item, token))
    except DiagramFault as fault:
        _note(database, item_id, token, "failed", str(fault))
    except AppError as error:
        outcome = "skipped" if isinstance(error, Conflict | NotFound) else "failed"
        _note(database, item_id, token, outcome, error.message)
    except Exception:
        _log.exception("an item of a batch action failed", item=item_id)
        _note(database, item_id, token, "failed", BROKEN)


def _done(session: Session, batch: BatchAction, item: BatchItem, token: str) -> None:
    """The outcome in the transaction of its effect: an item that is no longer this worker's is undone with it."""
    if not _settle(session, item.id, token, "done", None):
        raise Conflict
    label = register.get(batch.action).label
    facts = {"batch": batch.id, "action": label, "reason": batch.reason}
    history.append(session, EVENT, instance_id=item.instance_id, payload=facts, person_id=batch.person_id)


def _note(database: Database, item_id: int, token: str, outcome: str, reason: str) -> None:
    with database.transaction() as session:
        _settle(session, item_id, token, outcome, reason)


def _settle(session: Session, item_id: int, token: str, outcome: str, reason: str | None) -> bool:
    mine = (BatchItem.id == item_id) & (BatchItem.outcome == "pending") & (BatchItem.lease_by == token)
    settled = update(BatchItem).where(mine).values(outcome=outcome, reason=reason, ended_at=clock.now(session))
    done = session.execute(settled.execution_options(synchronize_session=False))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _lease(session: Session, batch_id: int, token: str) -> list[int]:
    now = clock.now(session)
    wanted = select(BatchItem.id).where(_pending(batch_id), or_(*_free(now))).order_by(BatchItem.id).limit(AT_ONCE)
    ids = list(session.scalars(wanted.with_for_update(skip_locked=True)))
    leased = update(BatchItem).where(BatchItem.id.in_(ids)).values(lease_until=now + LEASE, lease_by=token)
    session.execute(leased.execution_options(synchronize_session=False))
    return ids


def _waiting(session: Session, batch_id: int) -> tuple[int, int]:
    """How many are pending, and how many of them nobody works on."""
    free = func.count().filter(or_(*_free(clock.now(session))))
    pending, at_hand = session.execute(
        select(func.count(), free).select_from(BatchItem).where(_pending(batch_id))
    ).one()
    return pending, at_hand


def _end_if_over(session: Session, batch_id: int) -> None:
    batch = session.get_one(BatchAction, batch_id)
    pending = session.scalar(select(BatchItem.id).where(_pending(batch_id)).limit(1))
    if batch.ended_at is None and pending is None:
        batch.ended_at = clock.now(session)


def _under_way() -> ColumnElement[bool]:
    return BatchAction.started_at.is_not(None) & BatchAction.ended_at.is_(None)


def _pending(batch_id: int) -> ColumnElement[bool]:
    return (BatchItem.batch_action_id == batch_id) & (BatchItem.outcome == "pending")


def _free(now: object) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return BatchItem.lease_until.is_(None), BatchItem.lease_until <= now
