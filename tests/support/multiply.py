"""More of everything: each row of a filled database copied, so that every list of every page grows alike.

A case is copied with all that belongs to it (its instance, tasks, deadlines, papers …); what it shares with others
(people, bodies, the batch it is recommended in) stays shared. What must be unique gets another text, or none.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, String, Table, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Session

from app.db import Base

SHARED = {
    "cal_day", "cal_revision", "cal_year", "clock_offset", "committee", "common_chain", "daily_head", "event", "expert",
    "kept_revision", "login_session", "notice", "notice_version", "number_series", "organisation", "publicity",
    "publicity_sample", "quota_filing", "resource", "snapshot", "unit_batch",
}  # fmt: skip
# columns that name a row without a foreign key
NAMES = {
    "declaration_id": "declaration", "instance_id": "process_instance", "task_id": "task", "deadline_id": "deadline",
    "receiver_id": "process_instance", "sender_id": "process_instance", "message_id": "message",
}  # fmt: skip
Copied = dict[tuple[str, int], int]  # (table, id) → id of its copy


def multiply(session: Session, times: int) -> None:
    """Let every row stand there `times` times."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in SHARED]
    before = {table.name: session.execute(select(table)).all() for table in tables}
    highest = {table.name: _highest(session, table) for table in tables}
    for number in range(1, times):
        copied: Copied = {}
        for table in tables:
            if "id" in table.c:
                for row in before[table.name]:
                    highest[table.name] += 1
                    copied[table.name, row.id] = highest[table.name]
        for table in tables:
            rows = [_copy(table, row, copied, number) for row in before[table.name]]
            if rows:
                session.execute(insert(table), rows)


def _highest(session: Session, table: Table) -> int:
    return (session.scalar(select(func.max(table.c.id))) or 0) if "id" in table.c else 0


def _copy(table: Table, row: Row[Any], copied: Copied, number: int) -> Mapping[str, Any]:
    values = dict(row._mapping)
    made = {key: _named(table, key, value, copied) for key, value in values.items()}
    if "id" in made:
        made["id"] = copied[table.name, values["id"]]
    for columns in _unique(table):
        if all(made[key] == values[key] for key in columns):
            _tell_apart(table, made, columns, number)
    return made


def _named(table: Table, key: str, value: Any, copied: Copied) -> Any:
    """A reference to something that was copied too leads to its copy; people stay the same persons."""
    foreign = next(iter(table.c[key].foreign_keys), None)
    target = foreign.column.table.name if foreign else NAMES.get(key)
    return value if target in (None, "person") or value is None else copied.get((target, value), value)


def _unique(table: Table) -> Iterable[list[str]]:
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [column.key for column in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield [column.key for column in index.columns]
    if "id" not in table.c:
        yield [column.key for column in table.primary_key]


def _tell_apart(table: Table, made: dict[str, Any], columns: list[str], number: int) -> None:
    texts = [key for key in columns if isinstance(table.c[key].type, String) and made[key] is not None]
    if texts:
        longest = table.c[texts[0]].type.length  # type: ignore[attr-defined]
        ending = f"~{number}"
        made[texts[0]] = made[texts[0]][: (longest or 1000) - len(ending)] + ending
        return
    empty = next((key for key in columns if table.c[key].nullable), None)
    if empty is not None:
        made[empty] = None
    elif isinstance(made[columns[-1]], int):
        made[columns[-1]] += number * 1_000_000
