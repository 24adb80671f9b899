"""Where a process can die: before a statement, before a commit takes effect, or after it while nobody hears of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from app.db import Database

KINDS = ("statement", "commit", "answer")  # answer: the commit took effect, the process died before it could say so


class Killed(BaseException):
    """The process is gone; no handler of the product may catch it."""


@dataclass(frozen=True)
class Fault:
    """The process dies at the `number`th (from 1) of its kind."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


@dataclass
class Watch:
    """What was counted while it watched; after its fault every further statement fails, as in a dead process."""

    fault: Fault | None = None
    statements: int = 0
    commits: int = 0
    dead: bool = False

    def pass_(self, kind: str, number: int) -> None:
        if self.dead or self.fault == Fault(kind, number):
            self.dead = True
            raise Killed(str(self.fault))

    def faults(self) -> list[Fault]:
        """Every fault that what was counted can have."""
        found = [Fault("statement", number) for number in range(1, self.statements + 1)]
        return found + [Fault(kind, number) for kind in KINDS[1:] for number in range(1, self.commits + 1)]


@contextmanager
def watched(database: Database, fault: Fault | None = None) -> Iterator[Watch]:
    """Count every statement and commit on the database; die at `fault`."""
    watch, dialect = Watch(fault), database.engine.dialect
    commit = dialect.do_commit

    def statement(*_: Any) -> None:
        watch.statements += 1
        watch.pass_("statement", watch.statements)

    def commits(connection: Any) -> None:
        watch.commits += 1
        watch.pass_("commit", watch.commits)
        commit(connection)
        watch.pass_("answer", watch.commits)

    event.listen(database.engine, "before_cursor_execute", statement)
    dialect.do_commit = commits  # type: ignore[method-assign]
    try:
        yield watch
    finally:
        event.remove(database.engine, "before_cursor_execute", statement)
        del dialect.do_commit
