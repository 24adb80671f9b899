"""The history: events appended to the chain of their instance, and the erasing of an event's words (D32).

Only this module writes events. The head of a chain stands on the instance's row, so that whoever saves an instance
saves the head with it.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, insert, null, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Base
from app.domain import history_proof
from app.domain.history_proof import ERASED
from app.errors import NotFound, Problem, Refused
from app.models.history import CommonChain, DailyHead
from app.models.process import Event, ProcessInstance

COMMON = 0  # the chain of events that belong to no instance
EVENT = Base.metadata.tables["event"]
_INSTANCE = Base.metadata.tables["process_instance"]
_NEW_EVENTS = insert(EVENT)
# a fact of the chain → its column
COLUMNS = {
    "number": "number",
    "kind": "kind",
    "task": "task_id",
    "element": "element_id",
    "declaration": "declaration_id",
    "person": "person_id",
    "organisation": "organisation_id",
    "payload_digest": "payload_digest",
}
_OPTIONAL = ("task_id", "element_id", "declaration_id", "person_id", "organisation_id")
_READ_AT_ONCE = 1000


@dataclass(frozen=True)
class Links:
    """New events as rows, and the head of their chain once they are written."""

    rows: list[dict[str, Any]]
    number: int
    digest: str


def links(chain: ProcessInstance | CommonChain, events: Sequence[Mapping[str, Any]], at: datetime) -> Links:
    """Chain `events` (kind, payload, other columns) to the head that `chain` carries; nothing is written yet."""
    instance_id = chain.id if isinstance(chain, ProcessInstance) else None
    number, digest, rows = chain.history_number, chain.history_digest, []
    for event in events:
        number += 1
        salt = os.urandom(16).hex()
        summary = history_proof.payload_digest(salt, _text(event["payload"]))
        row = {**dict.fromkeys(_OPTIONAL), "instance_id": instance_id, "number": number, "at": at, **event}
        row |= {"salt": salt, "payload_digest": summary}
        digest = row["digest"] = history_proof.link(digest, _facts(row))
        rows.append(row)
    return Links(rows, number, digest)


def write(session: Session, made: Links) -> None:
    """Insert the rows; whoever made the links stores the new head on its chain."""
    if made.rows:
        session.connection().execute(_NEW_EVENTS, made.rows)


def append(session: Session, kind: str, *, instance_id: int | None = None, payload: Any = None, **facts: Any) -> None:
    """One event outside an instance's own work; `facts` are other columns of Event. The chain is locked for it."""
    append_all(session, [{"kind": kind, "payload": payload or {}, **facts}], instance_id)


def append_all(session: Session, events: Sequence[Mapping[str, Any]], instance_id: int | None = None) -> None:
    """Events (kind, payload, other columns) outside an instance's own work, in one chain."""
    chain = _locked(session, instance_id)
    made = links(chain, events, clock.now(session))
    chain.history_number, chain.history_digest = made.number, made.digest
    session.flush()
    write(session, made)


def append_many(session: Session, events: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Events (kind, payload, other columns) of many instances, whose states are not read; four statements for all."""
    instance = _INSTANCE
    columns = (instance.c.id, instance.c.history_number, instance.c.history_digest)
    chains = select(*columns).where(instance.c.id.in_(list(events))).order_by(instance.c.id).with_for_update()
    made, now = [], clock.now(session)
    for row in session.execute(chains):
        chain = ProcessInstance(id=row.id, history_number=row.history_number, history_digest=row.history_digest)
        made.append((row.id, links(chain, events[row.id], now)))
    if not made:
        return
    session.flush()
    head = update(instance).where(instance.c.id == bindparam("of")).values(version=instance.c.version + 1)
    head = head.values(history_number=bindparam("number"), history_digest=bindparam("head"))
    session.connection().execute(head, [{"of": key, "number": each.number, "head": each.digest} for key, each in made])
    write(session, Links([row for _, each in made for row in each.rows], 0, ""))


def erase(session: Session, instance_id: int | None, number: int, *, reason: str, person_id: int) -> None:
    """Take the words out of an event for good; who did it and why is an event itself. The chain stays valid."""
    wanted = select(Event).where(Event.number == number, Event.instance_id.is_not_distinct_from(instance_id))
    event = session.scalars(wanted).first()
    if event is None:
        raise NotFound("没有找到该条记录。")
    if not reason.strip():
        raise Refused(Problem("missing", "请填写擦除的原因。", "reason"))
    if not may_erase(event):
        raise Refused(Problem("erased", "该条记录的内容已经擦除，或它本身就是擦除的记录。"))
    session.execute(
        update(Event)
        .where(Event.id == event.id)
        .values(payload=null(), salt=null())
        .execution_options(synchronize_session=False)
    )
    session.expire(event)
    words = {"number": number, "kind": event.kind, "reason": reason.strip()}
    facts = {"declaration_id": event.declaration_id, "person_id": person_id}
    append(session, ERASED, instance_id=instance_id, payload=words, **facts)


def may_erase(event: Event) -> bool:
    """Whether it has words that may go; who erased what must stay known."""
    return event.payload is not None and event.kind != ERASED


def records(session: Session, instance_id: int | None = None) -> Iterator[dict[str, Any]]:
    """The whole history, or one instance's, as `history_proof` checks it and an exported file holds it."""
    head = select(ProcessInstance.id, ProcessInstance.history_number, ProcessInstance.history_digest)
    events = select(EVENT).order_by(EVENT.c.instance_id, EVENT.c.number)
    if instance_id is not None:
        head, events = head.where(ProcessInstance.id == instance_id), events.where(EVENT.c.instance_id == instance_id)
    else:
        common = session.get(CommonChain, 1)
        if common is not None:
            yield _head(COMMON, common.history_number, common.history_digest)
    for row in session.execute(head.order_by(ProcessInstance.id)):
        yield _head(*row)
    for event in session.execute(events.execution_options(yield_per=_READ_AT_ONCE)).mappings():
        text = None if event["payload"] is None else _text(event["payload"])
        facts = {**_facts(event), "salt": event["salt"], "digest": event["digest"]}
        yield {"record": "event", **facts, "payload": text}
    if instance_id is None:
        for day in session.scalars(select(DailyHead).order_by(DailyHead.day)):
            yield {"record": "day", "day": day.day.isoformat(), "heads": day.heads, "digest": day.digest}


def check(session: Session, instance_id: int | None = None) -> history_proof.Report:
    """Whether the whole history, or one instance's, is as it was written."""
    return history_proof.check(records(session, instance_id))


def _locked(session: Session, instance_id: int | None) -> ProcessInstance | CommonChain:
    """The chain with the head that is stored now, held until the transaction ends."""
    if instance_id is None:
        common = session.get(CommonChain, 1, with_for_update=True)
        if common is None:
            common = CommonChain(id=1, history_number=0, history_digest="")
            session.add(common)
        return common
    instance = session.get_one(ProcessInstance, instance_id)
    session.refresh(instance, ["version", "history_number", "history_digest"], with_for_update=True)
    return instance


def _facts(row: Mapping[Any, Any]) -> dict[str, Any]:
    facts = {fact: row[column] for fact, column in COLUMNS.items()}
    return {**facts, "chain": row["instance_id"] or COMMON, "at": clock.microseconds(row["at"])}


def _text(payload: Any) -> str:
    """The payload as it is hashed, the same before it is stored and after it was read."""
    return orjson.dumps(payload, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def _head(chain: int, number: int, digest: str) -> dict[str, Any]:
    return {"record": "head", "chain": chain, "number": number, "digest": digest}
