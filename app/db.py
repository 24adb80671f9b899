"""The database: its engine, the tables' base class and `transaction()`, the only commit in the house (D5, D31)."""

import select
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar, cast

import orjson
import psycopg
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection, Engine, MetaData, PoolProxiedConnection, create_engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError

from app import clock
from app.errors import Conflict
from app.rows import Rows

T = TypeVar("T")
OFTEN = 5  # times that a connection is asked the same before it has it prepared
PREPARED = 1000  # statements that the server keeps ready for a connection; the house has some hundreds
READING = "reading"  # in the connection's info: nothing is written
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON")
WAITS, A_MOMENT = 20, 0.05  # seconds
FLASH = "SET random_page_cost = 1.1"  # what an index leads to costs little more than what lies beside it, as on no disk
_OLDER = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND "
    "greatest(age(backend_xmin), age(backend_xid)) > age(CAST(CAST(:mark AS xid8) AS xid))"
)
# PostgreSQL: serialisation, deadlock, lock not available, and a unique key that somebody else wrote after our look
LOST_RACE = ("40001", "40P01", "55P03", "23505")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """One database. Writers come one at a time and in order on SQLite, whose own waiting is no queue (D31)."""

    def __init__(self, url: str) -> None:
        self.engine = _make_engine(url)
        self._turn = FairLock() if self.engine.dialect.name == "sqlite" else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One piece of work: commits on leaving, undoes everything on an exception; a lost race raises Conflict."""
        if self._turn is None:
            with self._work() as session:
                yield session
        else:
            with self._turn, self._work() as session:
                yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent look that writes nothing and takes no writer's turn."""
        with self.engine.connect() as connection:
            connection.info[READING] = True
            try:
                with Session(connection, expire_on_commit=False) as session:
                    yield session
            finally:
                if not connection.invalidated:  # else the server has hung up, and the mark went with the connection
                    del connection.info[READING]
                clock.release()  # closing undoes the look, and unlike a rollback leaves what was read readable

    def run(self, work: Callable[[Session], T]) -> T:
        """`work` in a transaction; the loser of a race tries once more on fresh state (D31)."""
        try:
            with self.transaction() as session:
                return work(session)
        except Conflict:
            with self.transaction() as session:
                return work(session)

    @contextmanager
    def _work(self) -> Iterator[Session]:
        with Rows(self.engine, expire_on_commit=False) as session:
            try:
                yield session
                session.commit()
            except StaleDataError as stale:
                raise Conflict from stale
            except (OperationalError, IntegrityError) as error:
                if getattr(error.orig, "sqlstate", None) in LOST_RACE:
                    raise Conflict from error
                raise
            finally:
                clock.release()

    def wipe(self, *tables: str) -> bool:
        """Take what was deleted from the tables out of the database's files; False where a reader stood in the way.

        SQLite empties its log; PostgreSQL writes the (small) tables anew. Its own log (WAL) and backups stay.
        """
        if self.engine.dialect.name != "sqlite":
            return self._vacuum(tables)
        bare = self.engine.raw_connection()  # a transaction of our own would stand in its way
        try:
            cursor = bare.cursor()
            cursor.execute(f"PRAGMA busy_timeout={int(1000 * WAITS * A_MOMENT)}")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            bare.invalidate()  # its patience is not that of the others
            bare.close()
        return not busy

    def _vacuum(self, tables: tuple[str, ...]) -> bool:
        """PostgreSQL keeps what a transaction that began before may still look at: first those have to end."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            mark = connection.scalar(text("SELECT pg_current_xact_id()::text"))
            for _ in range(WAITS):
                if not connection.scalar(_OLDER, {"mark": mark}):
                    return self._rewritten(connection, tables)
                time.sleep(A_MOMENT)
        return False

    def _rewritten(self, connection: Connection, tables: tuple[str, ...]) -> bool:
        """Nobody waits behind us for long: who reads a table keeps it."""
        connection.execute(text(f"SET lock_timeout = {int(1000 * WAITS * A_MOMENT)}"))
        try:
            connection.execute(text(f"VACUUM (FULL) {', '.join(tables)}"))
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) in LOST_RACE:
                return False
            raise
        finally:
            connection.invalidate()  # its patience is not that of the others
        return True

    def dispose(self) -> None:
        self.engine.dispose()


class Cursor(psycopg.RawCursor[Any]):
    """Hands statements to the server as they are, and describes a result as far as SQLAlchemy asks.

    The driver's own cursor writes each statement anew, and its description costs as much as a small query.
    """

    @property
    def description(self) -> Any:
        """Name and type of each column, in the shape of the DB-API."""
        found = self.pgresult
        return None if found is None or not found.nfields else Columns(found)


class Columns:
    """What a result consists of, looked up when it is asked for: of a statement that it has met SQLAlchemy knows it."""

    def __init__(self, result: PGresult) -> None:
        self._result = result

    def __len__(self) -> int:
        return self._result.nfields

    def __getitem__(self, place: Any) -> Any:
        return self._all[place]

    @cached_property
    def _all(self) -> list[tuple[Any, ...]]:
        result, nothing = self._result, (None,) * 5
        return [((result.fname(place) or b"").decode(), result.ftype(place), *nothing) for place in range(len(self))]


class FairLock:
    """A lock whose waiters are served in the order of their arrival."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False
        self._owner: int | None = None

    def __enter__(self) -> None:
        with self._guard:
            if self._owner == threading.get_ident():
                raise RuntimeError("a transaction is open in this thread already: hand its session down")
            if not self._held:
                self._held, self._owner = True, threading.get_ident()
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()
        self._owner = threading.get_ident()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            self._owner = None
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


@contextmanager
def thorough(session: Session) -> Iterator[None]:
    """What is deleted within is overwritten in the database's pages, where the database can (SQLite)."""
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    before = session.execute(text("PRAGMA secure_delete")).scalar_one()
    session.execute(text("PRAGMA secure_delete = ON"))
    yield
    session.execute(text(f"PRAGMA secure_delete = {before}"))


def _dumps(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _make_engine(url: str) -> Engine:
    options: dict[str, Any] = {"hide_parameters": True, "json_serializer": _dumps, "json_deserializer": orjson.loads}
    if not url.startswith("sqlite"):
        engine = create_engine(
            url, pool_pre_ping=True, paramstyle="numeric_dollar", connect_args={"cursor_factory": Cursor}, **options
        )

        engine.dialect.do_ping = _is_connected  # type: ignore[method-assign, assignment]
        engine.dialect.do_begin = _make_ready  # type: ignore[method-assign, assignment]
        engine.dialect.do_rollback = _undo  # type: ignore[method-assign, assignment]

        @event.listens_for(engine, "connect")
        def _prepare_server(connection: Any, _record: Any) -> None:
            connection.prepared_max, connection.server_cursor_factory = PREPARED, psycopg.RawServerCursor
            connection.autocommit = True
            connection.execute(FLASH)
            connection.autocommit = False

        return engine
    engine = create_engine(url, connect_args={"timeout": 30}, **options)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must never begin by itself: see _begin
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    # by the dialect, not by an event: an engine that somebody listens to pays at each of its statements
    engine.dialect.do_begin = _begin  # type: ignore[method-assign]
    return engine


def _begin(dbapi_connection: PoolProxiedConnection) -> None:
    dbapi_connection.cursor().execute("BEGIN" if dbapi_connection.info.get(READING) else "BEGIN IMMEDIATE")


def _make_ready(connection: PoolProxiedConnection) -> None:
    """Statements of transactions are kept prepared; those of a look are planned anew, for the very values they ask."""
    driven = cast("psycopg.Connection[Any]", connection.dbapi_connection)
    driven.prepare_threshold = None if connection.info.get(READING) else OFTEN


def _undo(connection: PoolProxiedConnection) -> None:
    """As the driver's rollback, which besides forgets what the server has prepared: after every look, that is."""
    driven = cast("psycopg.Connection[Any]", connection.dbapi_connection)
    if driven.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
        driven.pgconn.exec_(b"ROLLBACK")
    driven.rollback()  # what is left to do: nothing where that went well


def _is_connected(connection: PoolProxiedConnection) -> bool:
    """Whether the server has not hung up, without asking it: who was asked nothing says nothing but his farewell.

    A round trip at the begin of each transaction costs as much as a small query.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return not waiting.poll(0)
