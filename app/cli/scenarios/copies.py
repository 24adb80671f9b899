"""Many declarations at the same step without walking each: the rows of one instance written again for other people.

Only the way there is spared. A copy has its own person, declaration, instance, open tasks and deadlines, so
whatever is done to it afterwards is done by the engine on its own state. Its history begins with it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.cli.scenarios import people
from app.db import Base
from app.domain import attachments, declarations, submission
from app.domain import people as registry
from app.models.declaration import Declaration

_TABLES = Base.metadata.tables
_DECLARATION, _INSTANCE, _DEADLINE = (_TABLES[name] for name in ("declaration", "process_instance", "deadline"))

Row = Mapping[str, Any]


def copy(session: Session, original: Declaration, count: int, *, own: bool = False) -> list[int]:
    """`count` more declarations that stand where `original` stands; returns their ids.

    With `own` each says who declares: its applicant's name and files stand in its record, and its number is its own.
    """
    persons = [people.invented(session, number, named=own).id for number in people.unused(session, count)]
    of = {"instance_id": original.instance_id}
    (declaration,) = _rows(session, "declaration", {"id": original.id})
    ids = _add(session, "declaration", [_renamed(declaration, *each) for each in enumerate(persons, 1)])
    (instance,) = _rows(session, "process_instance", {"id": original.instance_id})
    unwritten = {**instance, "history_number": 0, "history_digest": ""}
    instances = _add(session, "process_instance", [{**unwritten, "declaration_id": each} for each in ids])
    places = [
        {"declaration_id": its, "instance_id": own, "person_id": who}
        for its, own, who in zip(ids, instances, persons, strict=True)
    ]
    session.execute(
        update(_DECLARATION).where(_DECLARATION.c.id == bindparam("its")).values(instance_id=bindparam("own")),
        [{"its": place["declaration_id"], "own": place["instance_id"]} for place in places],
    )
    deadlines = _deadlines(session, of, places)
    for row in _rows(session, "task", {**of, "status": "open"}):
        mine = row["person_id"] == original.person_id  # the applicant's task, not one an officer has claimed
        theirs = places if mine else [{**each, "person_id": row["person_id"]} for each in places]
        _again(session, "task", [row], theirs, deadlines)
    waits = [{**instance["waits"], "deadlines": _pointing(instance["waits"]["deadlines"], each)} for each in deadlines]
    session.execute(
        update(_INSTANCE).where(_INSTANCE.c.id == bindparam("its")).values(waits=bindparam("own")),
        [{"its": key, "own": each} for key, each in zip(instances, waits, strict=True)],
    )
    session.expire_all()
    if own:
        _make_own(session, ids)
    return ids


def _make_own(session: Session, ids: Sequence[int]) -> None:
    for declaration in session.scalars(select(Declaration).where(Declaration.id.in_(ids)).order_by(Declaration.id)):
        person = registry.get(session, declaration.person_id)
        record = declarations.record_of(declaration)
        files = attachments.copied(session, _files(record), declaration.id)
        declarations.write_record(declaration, {**_with_files(record, files), **people.identity(person)})
        if declaration.number:
            declaration.number = submission.next_number(session, declaration.year)


def _files(value: Any) -> set[int]:
    """The attachments that a record names, wherever in it: a list of ids is a list of files."""
    if isinstance(value, Mapping):
        return set().union(*map(_files, value.values()))
    if isinstance(value, list):
        return set().union(*({each} if isinstance(each, int) else _files(each) for each in value))
    return set()


def _with_files(value: Any, files: Mapping[int, int]) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_files(item, files) for key, item in value.items()}
    if isinstance(value, list):
        return [files.get(each, each) if isinstance(each, int) else _with_files(each, files) for each in value]
    return value


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
