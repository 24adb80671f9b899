"""Many declarations at the same step without walking each: the rows of one instance written again for other people.

Only the way there is spared. A copy has its own person, declaration, instance, open tasks, timers, deadlines and
subscriptions, so whatever is done to it afterwards is done by the engine on its own state. Its history begins with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.cli.scenarios import people
from app.db import Base
from app.models.declaration import Declaration

_TABLES = Base.metadata.tables
_DECLARATION, _INSTANCE, _DEADLINE = (_TABLES[name] for name in ("declaration", "process_instance", "deadline"))
_WAITING = {"task": {"status": "open"}, "timer": {}}  # table → which of its rows

Row = Mapping[str, Any]


def copy(session: Session, original: Declaration, count: int) -> list[int]:
    """`count` more declarations that stand where `original` stands; returns their ids."""
    persons = [people.invented(session, number).id for number in range(1, count + 1)]
    of = {"instance_id": original.instance_id}
    (declaration,) = _rows(session, "declaration", {"id": original.id})
    ids = _add(session, "declaration", [_renamed(declaration, *each) for each in enumerate(persons, 1)])
    (instance,) = _rows(session, "process_instance", {"id": original.instance_id})
    instances = _add(session, "process_instance", [{**instance, "declaration_id": each} for each in ids])
    places = [{"declaration_id": d, "instance_id": i} for d, i in zip(ids, instances, strict=True)]
    session.execute(
        update(_DECLARATION).where(_DECLARATION.c.id == bindparam("its")).values(instance_id=bindparam("own")),
        [{"its": place["declaration_id"], "own": place["instance_id"]} for place in places],
    )
    deadlines = _deadlines(session, of, places)
    for table, which in _WAITING.items():
        _again(session, table, _rows(session, table, {**of, **which}), places, deadlines)
    waits = [{**instance["waits"], "deadlines": _pointing(instance["waits"]["deadlines"], each)} for each in deadlines]
    session.execute(
        update(_INSTANCE).where(_INSTANCE.c.id == bindparam("its")).values(waits=bindparam("own")),
        [{"its": key, "own": each} for key, each in zip(instances, waits, strict=True)],
    )
    session.expire_all()
    return ids


def _renamed(declaration: Row, number: int, person_id: int) -> dict[str, Any]:
    numbers = {key: f"{declaration[key]}+{number}" for key in ("number", "acceptance_no") if declaration[key]}
    return {**declaration, **numbers, "person_id": person_id, "instance_id": None, "batch_id": None}


def _deadlines(session: Session, of: Row, places: Sequence[Row]) -> list[dict[int, int]]:
    """For each copy: old id → new id of the open deadlines."""
    found: list[dict[int, int]] = [{} for _ in places]
    for key in session.scalars(select(_DEADLINE.c.id).filter_by(**of, closed_at=None).order_by(_DEADLINE.c.id)).all():
        made = _again(session, "deadline", _rows(session, "deadline", {"id": key}), places)
        for mine, new in zip(found, made, strict=True):
            mine[key] = new
    return found


def _pointing(entries: list[list[Any]], known: Mapping[int, int]) -> list[list[Any]]:
    return [[known[row], task, rule] for row, task, rule in entries if row in known]


def _again(
    session: Session,
    table: str,
    rows: Sequence[Row],
    places: Sequence[Row],
    deadlines: Sequence[Mapping[int, int]] | None = None,
) -> list[int]:
    """Each of the rows once for each place."""
    made = []
    for row in rows:
        for number, place in enumerate(places):
            values = {**row, **{key: value for key, value in place.items() if key in row}}
            if deadlines and values.get("deadline_id") is not None:
                values["deadline_id"] = deadlines[number].get(values["deadline_id"])
            made.append(values)
    return _add(session, table, made)


def _rows(session: Session, table: str, where: Row) -> list[Row]:
    """The rows of `where` in their order, without their ids."""
    found = session.execute(select(_TABLES[table]).filter_by(**where).order_by(_TABLES[table].c.id)).mappings()
    return [{key: value for key, value in row.items() if key != "id"} for row in found]


def _add(session: Session, table: str, rows: Sequence[Row]) -> list[int]:
    if not rows:
        return []
    statement = insert(_TABLES[table]).returning(_TABLES[table].c.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, [dict(row) for row in rows]))
