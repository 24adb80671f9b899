"""A database as one text a row, the same for two runs that did the same, whatever died on the way.

Left out or made alike, each with its reason: random ids and codes (UUIDs, receipt and access codes, salts and the
digests over them, row tokens), leases (they say which process worked, not what was done), keys of requests (the
client's own), and the time that a dead process's lease took to run out.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import zstandard
from sqlalchemy import Column, Connection, Select, Table, func, select
from sqlalchemy.orm import Session

from app.db import Base, Database
from app.domain import history
from app.domain.deadline_rows import WAKES
from app.models.process import ClockOffset, Deadline, Message, ProcessInstance, Task
from app.models.request_key import RequestKey

RANDOM = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[0-9a-f]{32}\b|^[0-9a-f]{12}$")
INSTANT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
MACHINE_TIME = 1e9  # seconds of the machine, by which a gateway merges in order
LEFT_OUT = {
    "event": {"salt", "payload_digest", "digest"},
    "process_instance": {"history_digest"},
    "daily_head": {"heads", "digest"},
    "common_chain": {"history_digest"},
    "deadline": {"lease_until", "lease_by"},
    "message": {"lease_until", "lease_by"},
    "objection": {"receipt_code"},
    "complaint": {"receipt_code"},
    "publicity": {"access_code"},
    "ballot": {"public_key", "shares"},
    "sealed_sheet": {"content"},
    "vote": {"key"},
    "resource": {"content"},  # named by its digest, which is compared
}
BESIDES = "besides"
WHOLE_TABLES = {"request_key", "clock_offset"}


@dataclass(frozen=True)
class Dump:
    """The rows of each table as they are stored, and as they compare."""

    stored: Mapping[str, list[Any]]
    rows: Mapping[str, list[str]]


def of(database: Database, like: Dump | None = None, changed: set[str] | None = None) -> Dump:
    """The whole database; what is stored as in `like` is taken from there, unread where `changed` is known."""
    unread = set() if like is None or changed is None else like.rows.keys() - changed
    stored, rows = dict[str, list[Any]](), dict[str, list[str]]()
    with database.engine.connect() as connection:
        for table in _tables():
            name = table.name
            stored[name] = like.stored[name] if like and name in unread else _stored(connection, table)
            same = like is not None and (name in unread or like.stored[name] == stored[name])
            rows[name] = like.rows[name] if like and same else _rows(connection, table, unmoved)
        stored[BESIDES] = _besides(connection)
    return Dump(stored, rows)


def stored_as(expected: Dump, database: Database) -> bool:
    """Whether no row differs from `expected` even in what is random."""
    with database.engine.connect() as connection:
        same = _besides(connection) == expected.stored[BESIDES]
        return same and all(_stored(connection, table) == expected.stored[table.name] for table in _tables())


def alike(one: Dump, other: Dump) -> bool:
    """Whether both hold the same rows, but for what is random in them."""
    besides = one.stored[BESIDES] == other.stored[BESIDES]
    return one is other or (
        besides
        and all(
            one.stored[name] == other.stored[name] or Counter(one.rows[name]) == Counter(other.rows[name])
            for name in one.rows
        )
    )


def differences(expected: Dump, database: Database, shift: Callable[[datetime], datetime]) -> list[str]:
    """For each table that differs, one row as it should be and as it is.

    `shift` puts instants of a recovery back to the time they belong to. Tables whose rows are stored alike need no
    closer look.
    """
    said = []
    with database.engine.connect() as connection:
        for table in _tables():
            if _stored(connection, table) == expected.stored[table.name]:
                continue
            wanted, found = Counter(expected.rows[table.name]), Counter(_rows(connection, table, shift))
            if wanted != found:
                missing, extra = sorted((wanted - found).elements()), sorted((found - wanted).elements())
                said.append(f"{table.name}: {_apart(next(iter(missing), ''), next(iter(extra), ''))}")
    return said


def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in WHOLE_TABLES]


def _compared(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if column.name not in LEFT_OUT.get(table.name, ())]


def _stored(connection: Connection, table: Table) -> list[Any]:
    """As the driver gives them, which is quick; what is random in them differs from run to run."""
    names = ", ".join(f'"{column.name}"' for column in _compared(table))
    key = ", ".join(f'"{column.name}"' for column in table.primary_key)
    return [tuple(row) for row in connection.exec_driver_sql(f"SELECT {names} FROM {table.name} ORDER BY {key}")]  # noqa: S608 (our own tables' names)


def _besides(connection: Connection) -> list[Any]:
    """What no comparison of ends looks at, and a process that goes on does: leases, keys of requests, the clock."""
    leased = [
        select(Deadline.id, Deadline.lease_until).where(WAKES).order_by(Deadline.id),
        select(Message.id, Message.lease_until).order_by(Message.id),
    ]
    asked = [
        select(func.count()).select_from(RequestKey),
        select(ClockOffset.offset_us, ClockOffset.frozen_us),
        *leased,
    ]
    return [tuple(map(tuple, connection.execute(each))) for each in asked]


def _rows(connection: Connection, table: Table, shift: Callable[[datetime], datetime]) -> list[str]:
    return [_row(row, shift) for row in connection.execute(select(*_compared(table))).mappings()]


def unmoved(instant: datetime) -> datetime:
    return instant


def _apart(one: str, other: str) -> str:
    """Where two rows begin to differ, with a little of what stands before."""
    place = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    begin = max(0, place - 60)
    return f"…{one[begin : place + 100]} <> …{other[begin : place + 100]}"


def inconsistencies(database: Database) -> list[str]:
    """Where rows disagree with what their instance says it waits for, or the history with its chain."""
    with database.reading() as session:
        said = [str(fault) for fault in history.check(session).faults]
        open_tasks = select(Task.instance_id, Task.engine_task_id).where(Task.status == "open")
        rows = {
            "tasks": _by_instance(session, open_tasks),
            "timers": _by_instance(session, select(Deadline.instance_id, Deadline.engine_task_id).where(WAKES)),
        }
        for instance_id, waits in session.execute(select(ProcessInstance.id, ProcessInstance.waits)):
            said += [
                f"instance {instance_id}: {what} differ from what it waits for"
                for what, found in rows.items()
                if sorted((waits or {}).get(what, ())) != sorted(found[instance_id])
            ]
    return said


def _by_instance(session: Session, query: Select[Any, Any]) -> dict[int, list[str]]:
    found = defaultdict[int, list[str]](list)
    for instance_id, key in session.execute(query):
        found[instance_id].append(key)
    return found


def back(now: datetime, waited: timedelta) -> Callable[[datetime], datetime]:
    """What a recovery did while the clock stood `waited` later happened, for the comparison, at `now`."""
    begins, ends = now + waited, now + waited + timedelta(seconds=1)
    return lambda instant: instant - waited if waited and begins <= instant < ends else instant


def _row(row: Mapping[Any, Any], shift: Callable[[datetime], datetime]) -> str:
    kept = dict(row)
    if isinstance(kept.get("state"), bytes) and kept["state"]:
        kept["state"] = orjson.loads(zstandard.decompress(kept["state"]))
    return orjson.dumps(_plain(kept, shift), option=orjson.OPT_SORT_KEYS).decode()


def _plain(value: Any, shift: Callable[[datetime], datetime]) -> Any:
    if isinstance(value, Mapping):
        pairs = [[RANDOM.sub("*", str(key)), _plain(item, shift)] for key, item in value.items()]
        return dict(pairs) if len({key for key, _ in pairs}) == len(pairs) else sorted(pairs, key=str)
    if isinstance(value, list):
        return [_plain(item, shift) for item in value]
    if isinstance(value, datetime):
        return shift(value).isoformat()
    if isinstance(value, float) and value > MACHINE_TIME:
        return 0
    if isinstance(value, str):
        return shift(datetime.fromisoformat(value)).isoformat() if INSTANT.fullmatch(value) else RANDOM.sub("*", value)
    return value.hex() if isinstance(value, bytes) else str(value) if isinstance(value, date) else value
