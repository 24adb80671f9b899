"""The one who plays a case and lives on when the server dies: what had no answer is sent again under the same key."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, select

from app import clock
from app.cli.scenarios import actions, expectations, world
from app.cli.scenarios.case import Case, Step, moment
from app.cli.scenarios.player import Player, Request
from app.db import Base, Database
from app.domain.deadline_rows import WAKES
from app.models.process import Deadline
from app.processes.tick import tick
from tests.crash import dumps, stores
from tests.support import restart

LEASE_ENDS = timedelta(seconds=1)  # a moment after the last lease of the dead


@dataclass(frozen=True)
class Memory:
    """What the client knows at one moment."""

    declarations: dict[str, int]
    sent: dict[str, Request]


class Client(Player):
    """A player whose every action may be sent again; `actions` are those of the case, one after the other."""

    def __init__(self, case: Case, database: Database) -> None:
        super().__init__(case, database)
        self._sent: dict[str, Request] = {}
        self.counters: dict[str, int] = {}

    def remember(self) -> Memory:
        self.counters = _counters(self.database)
        return Memory(dict(self.declarations), deepcopy(self._sent))

    def recall(self, memory: Memory) -> None:
        self.declarations, self._sent = dict(memory.declarations), deepcopy(memory.sent)

    def request(self, step: Step) -> Request:
        """The filled page, made once: sent again it is the same request."""
        key = f"{step.number} {step.argument} {step.label}"
        if key not in self._sent:
            made = super().request(step)
            self._sent[key] = replace(made, actor=replace(made.actor, key=key))
        return self._sent[key]

    def actions(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Everything the case does, in the smallest parts that a person or a clock does at once."""
        yield "set up", self.set_up
        for label, said in self.opening():
            yield f"declare {label}", partial(self.declare, label, said)
        for step in self.case.steps:
            if step.action == "complete":
                for each in self.each_of(step):
                    yield f"{each} {each.label}", partial(self.complete, each)
            elif step.action == "at":
                yield str(step), partial(self.advance_to, moment(step.argument))
            elif step.action not in ("expect", "refused") and "because" not in step.details:
                yield str(step), partial(actions.do, self, step)

    def faults_at_the_end(self, shift: Callable[[datetime], datetime] = dumps.unmoved) -> list[str]:
        """What the case's file expects of its end and is otherwise; `shift` as in `dumps.differences`."""
        compared = (
            (what, expected, shift(found) if isinstance(found, datetime) else found)
            for what, expected, found in expectations.compare_end(self)
        )
        return [f"{what}: {expected} != {found}" for what, expected, found in compared if expected != found]

    def restarted(self, *, cold: bool) -> timedelta:
        """A new process on the same database; what the dead one had leased is done when the lease has run out.

        Gives for how long the clock went on; it is put back then, so that the case goes on as its file says. `cold`
        forgets all that is parsed; what was compiled of SQL is the same in every process.
        """
        self.database = restart.anew(self.database)
        if cold:
            restart.forget_everything()
        _reset_counters(self.database, self.counters)
        with self.database.reading() as session:
            now, lease = clock.now(session), session.scalar(select(func.max(Deadline.lease_until)).where(WAKES))
        waited = timedelta(0) if lease is None or lease <= now else lease + LEASE_ENDS - now
        if waited:
            self._stand_at(now + waited)
        tick(self.database)
        if waited:
            self._stand_at(now)
        return waited

    def forget(self) -> None:
        """After a death that undid everything: the counters, which it did not, and what the dead process remembered."""
        if self.counters:
            with self.database.engine.begin() as connection:
                stores.set_counters(connection, self.counters)
        self.database.dispose()

    def _stand_at(self, instant: object) -> None:
        with self.database.transaction() as session:
            world.freeze(session, instant)  # type: ignore[arg-type]


def _counters(database: Database) -> dict[str, int]:
    if database.engine.dialect.name != "postgresql":
        return {}
    with database.engine.connect() as connection:
        return stores.counters(connection)


def _reset_counters(database: Database, before: dict[str, int]) -> None:
    """PostgreSQL's counters skip what was rolled back; put back, so that rows can be compared with their ids."""
    with database.engine.begin() as connection:
        following = dict(before)
        for table in Base.metadata.sorted_tables:
            counter = f"{table.name}_id_seq"
            if counter in before:
                following[counter] = max(before[counter], (connection.scalar(select(func.max(table.c.id))) or 0) + 1)
        stores.set_counters(connection, following)
