"""Writing rows: what a session's objects have become goes out by Core, a table at a time, in statements built once.

The ORM's unit of work sorts and compiles for graphs of related objects; our models are plain rows, and a fifth of a
task's time went there. `Rows` is the same session with a plain `flush`: new rows in one INSERT a table, changed rows
with those columns alone that differ from what was read.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ClauseElement,
    Connection,
    Executable,
    Insert,
    Table,
    Update,
    bindparam,
    event,
    insert,
    inspect,
    text,
    update,
)
from sqlalchemy.orm import Session, attributes
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.state import InstanceState
from sqlalchemy.sql.dml import ReturningInsert

from app import ahead

HELD = "held"  # in session.info: every object that was read or written in the transaction
KEPT_CHANGED = "kept_changed"  # in session.info: this transaction's own rows are nobody else's yet
_NEXT_REVISION = text(
    "INSERT INTO kept_revision (id, revision) VALUES (1, 1) "
    "ON CONFLICT (id) DO UPDATE SET revision = kept_revision.revision + 1"
)
M = TypeVar("M")
State = InstanceState[Any]
Values = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Layout:
    """A model's table: its columns by attribute, its key, and the key's column where the database gives the number."""

    model: type[Any]
    table: Table
    place: int  # parents before children
    columns: tuple[str, ...]
    identity: tuple[str, ...]
    numbered: str | None
    defaults: Mapping[str, Any]
    identity_places: tuple[int, ...]
    versioned: bool
    kept: bool  # processes remember its rows: see `app.kept`


class Rows(Session):
    """A session of one transaction, whose flush costs what its statements cost.

    Private doors: `_connection_for_bind`, `_register_persistent`, and in `_attach` the identity map.
    """

    _only: Connection | None = None

    def _connection_for_bind(self, engine: Any, execution_options: Any = None, **given: Any) -> Connection:
        """The one connection of the one transaction: the library looks for it anew at every statement."""
        if self._only is None or execution_options or given:
            self._only = super()._connection_for_bind(engine, execution_options, **given)
        return self._only

    def flush(self, objects: Any = None) -> None:
        new, changed = _by_layout(self.new), _by_layout(self.dirty)
        theirs = self.deleted or any(map(_is_for_the_orm, (*new.items(), *changed.items())))
        if objects is not None or self._flushing or theirs:
            super().flush()
        elif new or changed:
            self._flushing = True  # what is written now must not ask for another flush
            try:
                self._write(new, changed)
            finally:
                self._flushing = False

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """As ever; a row of one number that the session holds already is handed over without further ado."""
        held = None if options else self.identity_map.get((entity, (ident,), None))
        return super().get(entity, ident, **options) if held is None else held

    def _write(self, new: Mapping[Layout, list[State]], changed: Mapping[Layout, list[State]]) -> None:
        for layout in sorted({*new, *changed}, key=lambda each: each.place):
            written = self._update(layout, changed.get(layout, ())) + self._insert(layout, new.get(layout, ()))
            if written and layout.kept:
                kept_changed(self)
        self._register_persistent({state for states in (*new.values(), *changed.values()) for state in states})

    def _update(self, layout: Layout, states: Iterable[State]) -> int:
        """Rows that changed in the same columns go together, always in one order; a row that is gone is a lost race."""
        rows: dict[tuple[str, ...], list[Values]] = defaultdict(list)
        for state in states:
            differing = tuple(key for key in layout.columns if _differs(state, key))
            if differing:
                identity = {f"at_{key}": state.dict[key] for key in layout.identity}
                rows[differing].append(identity | {f"to_{key}": state.dict[key] for key in differing})
        for differing, found in sorted(rows.items()):
            found.sort(key=lambda row: [row[f"at_{key}"] for key in layout.identity])
            done = self.connection().execute(_updating(layout, differing), found if len(found) > 1 else found[0])
            if done.rowcount not in (-1, len(found)):
                raise StaleDataError(f"{layout.table.name}: {len(found)} rows to change, {done.rowcount} found")
        return len(rows)

    def _insert(self, layout: Layout, states: Iterable[State]) -> int:
        rows: dict[tuple[str, ...], list[State]] = defaultdict(list)
        for state in states:
            rows[_completed(layout, state.dict)].append(state)
        for keys, found in rows.items():
            values = [{key: state.dict[key] for key in keys} for state in found]
            if layout.numbered is None or layout.numbered in keys:
                self.connection().execute(_inserting(layout, keys), values if len(values) > 1 else values[0])
                continue
            for state, number in zip(found, self._numbered(layout, keys, values), strict=True):
                state.dict[layout.numbered] = number
        return len(rows)

    def _numbered(self, layout: Layout, keys: tuple[str, ...], values: list[Values]) -> Sequence[int]:
        """Insert rows that the database numbers; SQLite counts up row by row, PostgreSQL is asked to keep the order."""
        connection = self.connection()
        if len(values) == 1:
            return [connection.execute(_inserting(layout, keys, True), values[0]).scalar_one()]
        ordered = connection.dialect.name != "sqlite"
        return sorted(connection.scalars(_numbering(layout, ordered), values))


@event.listens_for(Rows, "loaded_as_persistent")
@event.listens_for(Rows, "pending_to_persistent")
@event.listens_for(Rows, "detached_to_persistent")
def _keep(session: Session, row: Any) -> None:
    """A row read once in a transaction is not read again: the session itself would forget it with its last user."""
    session.info.setdefault(HELD, []).append(row)


def adopt(session: Session, row: Sequence[Any], *models: type[Any]) -> list[Any]:
    """The session's objects of a row that Core read, model after model with all columns; None where it has none.

    A tenth of what the ORM's own loading costs. What the row says replaces what an object held.
    """
    return [_object(session, layout, values, anew=True) for layout, values in _parts(row, models)]


def met(session: Session, row: Sequence[Any], *models: type[Any]) -> list[Any]:
    """As `adopt`, but an object that the session holds stays as it is."""
    return [_object(session, layout, values, anew=False) for layout, values in _parts(row, models)]


def _parts(row: Sequence[Any], models: Iterable[type[Any]]) -> Iterator[tuple[Layout, Sequence[Any]]]:
    begin = 0
    for layout in [_layout(cast(Any, model)) for model in models]:
        end = begin + len(layout.columns)
        yield layout, row[begin:end]
        begin = end


def _object(session: Session, layout: Layout, values: Sequence[Any], *, anew: bool) -> Any:
    key = tuple(values[place] for place in layout.identity_places)
    if None in key:
        return None
    known = session.identity_map.get((layout.model, key, None))
    if known is None:
        return attached(session, layout.model, key, zip(layout.columns, values, strict=True))
    if anew:
        for name, value in zip(layout.columns, values, strict=True):
            attributes.set_committed_value(known, name, value)
    return known


def attached(session: Session, model: type[M], key: tuple[Any, ...], values: Iterable[tuple[str, Any]]) -> M:
    """A row as an object of the session, as if it had loaded it; the row is not in the session yet."""
    made = inspect(model).class_manager.new_instance()
    made.__dict__.update(values)
    state = attributes.instance_state(made)
    state.key, state.session_id = (model, key, None), session.hash_key
    session.identity_map.add(state)
    _keep(session, made)
    return made


def objects(session: Session, wanted: Executable, about: Mapping[str, Any], model: type[M]) -> list[M]:
    """As `session.scalars(wanted, about).all()` of a model without deferred columns, at a third of its cost.

    `wanted` is built once, with parameters that `about` gives. Its rows may have come along with another statement.
    """
    layout = _layout(cast(Any, model))
    return [_object(session, layout, row, anew=False) for row in ahead.answered(session, wanted, about)]


def first(session: Session, wanted: Executable, about: Mapping[str, Any], model: type[M]) -> M | None:
    """As `session.scalar(wanted, about)` of a model's row."""
    return next(iter(objects(session, wanted, about, model)), None)


def touch(session: Session, row: Any) -> None:
    """Hold a row and write it as it is: who opens a task on it sees that what hangs on it may have changed."""
    layout = _layout(row.__class__)
    same = {f"at_{key}": getattr(row, key) for key in layout.identity}
    session.connection().execute(_touching(layout), same)


def kept_changed(session: Session) -> None:
    """Rows that processes remember were written: from the next transaction on, everybody reads them anew."""
    session.info[KEPT_CHANGED] = True
    session.connection().execute(_NEXT_REVISION)


def _by_layout(objects: Iterable[Any]) -> dict[Layout, list[State]]:
    found: dict[Layout, list[State]] = {}
    for each in objects:
        found.setdefault(_layout(each.__class__), []).append(attributes.instance_state(each))
    return found


def _is_for_the_orm(rows: tuple[Layout, list[State]]) -> bool:
    """Rows with a version to guard, or with SQL in the place of a value."""
    layout, states = rows
    return layout.versioned or any(
        isinstance(state.dict.get(key), ClauseElement) for state in states for key in state.committed_state
    )


def _differs(state: State, key: str) -> bool:
    return key in state.committed_state and state.committed_state[key] != state.dict.get(key)


def _completed(layout: Layout, values: Values) -> tuple[str, ...]:
    """Give a new row its defaults, and nothing to what nobody filled; returns the columns to write."""
    written = []
    for key in layout.columns:
        if key not in values:
            default = layout.defaults.get(key)
            values[key] = None if default is None else default.arg(None) if default.is_callable else default.arg
            if values[key] is None and key == layout.numbered:
                continue
        written.append(key)
    return tuple(written)


@lru_cache(maxsize=256)
def _layout(model: Any) -> Layout:
    mapper = inspect(model)
    table = mapper.local_table
    places = [each.name for each in table.metadata.sorted_tables]
    numbered = table.autoincrement_column
    return Layout(
        model=model,
        table=table,
        place=places.index(table.name),
        columns=tuple(column.key for column in table.columns),
        identity=tuple(column.key for column in table.primary_key),
        numbered=None if numbered is None else numbered.key,
        defaults={column.key: column.default for column in table.columns if column.default is not None},
        identity_places=tuple(place for place, column in enumerate(table.columns) if column.primary_key),
        versioned=mapper.version_id_col is not None,
        kept=bool(table.info.get("kept")),
    )


@lru_cache(maxsize=1024)
def _updating(layout: Layout, differing: tuple[str, ...]) -> Update:
    columns = layout.table.c
    its_row = [columns[key] == bindparam(f"at_{key}") for key in layout.identity]
    return update(layout.table).where(*its_row).values({key: bindparam(f"to_{key}") for key in differing})


@lru_cache(maxsize=16)
def _touching(layout: Layout) -> Update:
    own = [layout.table.c[key] == bindparam(f"at_{key}") for key in layout.identity]
    some = next(column for column in layout.table.c if not column.primary_key)
    return update(layout.table).where(*own).values({some: some})


@lru_cache(maxsize=256)
def _inserting(layout: Layout, keys: tuple[str, ...], numbering: bool = False) -> Insert | ReturningInsert[int]:
    made = insert(layout.table).values({key: bindparam(key) for key in keys})
    return made.returning(layout.table.c[layout.numbered]) if numbering and layout.numbered else made


@lru_cache(maxsize=256)
def _numbering(layout: Layout, ordered: bool) -> Insert:
    assert layout.numbered is not None
    return insert(layout.table).returning(layout.table.c[layout.numbered], sort_by_parameter_order=ordered)
