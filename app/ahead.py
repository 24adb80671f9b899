"""Answers that come along with another statement: rows of further tables, packed into one of its columns.

A task's opening asks at once what the task's record will ask next (see `processes.opening`). The database packs the
rows as JSON, and they are unpacked where somebody puts the same question in the same transaction: to him they are what
the statement itself would have given. Such an answer is taken once; whoever comes another way asks the database.
"""

import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Executable,
    LargeBinary,
    Select,
    Subquery,
    Text,
    TypeDecorator,
    case,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeEngine

Question = Select[Any]  # a statement that its module built once: it is known by its identity
Reader = Callable[[Any], Any]

_LAID = "ahead"  # in session.info: question → its parameters and its packed rows
_NOTHING = literal_column("'[]'", Text)
_ROW = {"sqlite": func.json_array, "postgresql": func.json_build_array}
_ROWS = {"sqlite": func.json_group_array, "postgresql": func.json_agg}


def packed(question: Question, given: Mapping[str, ColumnElement[Any]], dialect: str) -> ColumnElement[str | None]:
    """The rows of `question` as one column; `given` has an expression for each of its parameters."""
    rows = typing.cast(Subquery, visitors.replacement_traverse(question.subquery(), {}, partial(_instead, given)))
    row = _ROW[dialect](*(_written(column, dialect) for column in rows.c))
    return select(func.coalesce(cast(_ROWS[dialect](row), Text), _NOTHING)).select_from(rows).scalar_subquery()


def lay(session: Session, question: Question, about: Mapping[str, Any], rows: str | None) -> None:
    """Keep what `packed` gave for these parameters; nothing where the statement had no reason to ask."""
    if rows is not None:
        session.info.setdefault(_LAID, {})[question] = (question, about, rows)


def taken(session: Session, question: Executable, about: Mapping[str, Any]) -> Sequence[Sequence[Any]] | None:
    """The rows that came along for these parameters, the first time that they are asked for; None: ask yourself."""
    laid: dict[Executable, tuple[Question, Mapping[str, Any], str]] = session.info.get(_LAID, {})
    if question not in laid or laid[question][1] != about:
        return None
    asked, _, packed_rows = laid.pop(question)
    rows: list[list[Any]] = orjson.loads(packed_rows)
    readers = _readers(asked)
    for row in rows:
        for place, read in readers:
            if row[place] is not None:
                row[place] = read(row[place])
    return rows


def drop(session: Session, question: Question) -> None:
    """Whoever writes what the question reads lets it be asked anew in his transaction."""
    session.info.get(_LAID, {}).pop(question, None)


def forget(session: Session) -> None:
    """Nothing came along."""
    session.info.pop(_LAID, None)


def answered(session: Session, question: Executable, about: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    """The rows of `question`, from what came along or from the database."""
    found = taken(session, question, about)
    if found is not None:
        return found
    if session.autoflush:
        session.flush()
    return session.connection().execute(question, about).all()


def _instead(given: Mapping[str, ColumnElement[Any]], each: Any, **_: Any) -> Any:
    return given.get(each.key) if isinstance(each, BindParameter) else None


def _written(column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """A column as JSON can hold it: bytes in hexadecimal, and JSON that SQLite keeps as text as what it is."""
    kind = _plain(column.type)
    if isinstance(kind, LargeBinary):
        bare = type_coerce(column, LargeBinary)
        text = func.hex(bare) if dialect == "sqlite" else func.encode(bare, literal_column("'hex'"))
        return case((bare.is_not(None), text))
    if isinstance(kind, JSON) and dialect == "sqlite":
        return func.json(type_coerce(column, Text))
    return column


@lru_cache(maxsize=64)
def _readers(question: Question) -> tuple[tuple[int, Reader], ...]:
    """Place → how to make of JSON what the column holds, where that is something else."""
    readers = ((place, _reader(column.type)) for place, column in enumerate(question.selected_columns))
    return tuple((place, read) for place, read in readers if read is not None)


def _reader(kind: TypeEngine[Any]) -> Reader | None:
    plain = _of_plain(_plain(kind))
    if not isinstance(kind, TypeDecorator):
        return plain
    return lambda value: kind.process_result_value(plain(value) if plain else value, None)  # type: ignore[arg-type]


def _of_plain(kind: TypeEngine[Any]) -> Reader | None:
    for model, read in _READ.items():
        if isinstance(kind, model):
            return read
    return None


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


_READ: Mapping[type[TypeEngine[Any]], Reader] = {
    DateTime: datetime.fromisoformat,
    Date: date.fromisoformat,
    LargeBinary: bytes.fromhex,
    Boolean: bool,
}
