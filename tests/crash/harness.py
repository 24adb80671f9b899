"""Plays a case and lets the process die at every statement and every commit of every action in turn.

The undisturbed run goes action by action; before each the database is kept. Every fault is tried on the kept database:
the process dies, a new one starts, the leases of the dead run out, the client repeats what had no answer, and the whole
database must equal the undisturbed one after this action.

Two times the rest is deterministic. A process that starts has nothing but the database to go by, as the client has
nothing but his request: so a death that left the database as an earlier death of the action left it, compared whole,
goes on as that one did, and is recovered from only now and then (`Part.again`), as a check of this. And equal databases
after the action have equal ends; of some actions (`Part.ends`) one fault is played to the end of the case besides, and
what the case expects there is compared.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from app import clock
from app.cli.scenarios import case as cases
from app.cli.scenarios.world import SqliteWorlds, Worlds
from app.db import Database
from tests.crash import dumps
from tests.crash.client import Client, Memory
from tests.crash.faults import Fault, Killed, Watch, watched
from tests.crash.stores import FileStore, RowStore, Store

COLD = 20  # every so manieth restart forgets all that is parsed and compiled; the others only what is connected


@dataclass
class Result:
    """What was tried on one case and one kind of database."""

    case: str
    database: str
    length: int = 0
    actions: int = 0
    statements: int = 0
    commits: int = 0
    tried: int = 0
    recovered: int = 0  # the others left the database as one of these
    to_the_end: int = 0
    differences: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.case} {self.database}: {self.actions} of {self.length} actions, {self.statements} statements, "
            f"{self.commits} commits, {self.tried} failures tried, {self.recovered} states recovered from, "
            f"{self.to_the_end} played to the end, "
            f"{len(self.differences)} differences"
        )


@dataclass(frozen=True)
class Part:
    """Which failures to try: of `actions` (None: of every action) each with probability `share`; in `ends` of these
    actions one is played to the end of the case; a state that was seen is recovered from with probability `again`."""

    share: float = 1.0
    actions: int | None = None
    ends: int = 3
    seed: int = 0
    again: float = 0.02


def run(path: Path, worlds: Worlds, part: Part, tell: Callable[[str], None] = lambda _: None) -> Result:
    case = cases.read(path)
    result = Result(case.name, worlds.name)
    chance = random.Random(f"{part.seed} {case.name} {worlds.name}")  # noqa: S311 (a choice of tests, no secret)
    with worlds.fresh() as database:
        store = _store(database, worlds)
        client = Client(case, database)
        count = result.length = _length(client)
        tried = set(range(count) if part.actions is None else chance.sample(range(count), part.actions))
        ends = set(chance.sample(sorted(tried), min(part.ends, len(tried))))
        for number in range(count):
            if number in tried:
                _try_action(client, store, number, part, chance, result, to_end=number in ends)
            else:
                _action(client, number)[1]()
            tell(f"{case.name} {worlds.name} {number + 1}/{count} {_action(client, number)[0]}: {result.tried}")
        result.actions = len(tried)
        result.differences += [f"end: {fault}" for fault in client.faults_at_the_end()]
        client.database.dispose()
        store.close()
    return result


def _length(client: Client) -> int:
    """How many actions there are once every declaration is open, which `of: all` multiplies."""
    client.declarations = dict.fromkeys((label for label, _ in client.opening()), 0)
    count = len(list(client.actions()))
    client.declarations = {}
    return count


def _action(client: Client, number: int) -> tuple[str, Callable[[], None]]:
    return next(islice(client.actions(), number, None))


def _try_action(
    client: Client, store: Store, number: int, part: Part, chance: random.Random, result: Result, *, to_end: bool
) -> None:
    memory = client.remember()
    store.keep(client.database)
    watch = _undisturbed(client, store, number, memory, result)
    expected, declared = dumps.of(client.database), dict(client.declarations)
    faults = [fault for fault in watch.faults() if part.share >= 1 or chance.random() < part.share]
    last = chance.choice(watch.faults()) if to_end else None
    left = States()
    store.put_back(client.database)
    before = dumps.of(client.database, expected)
    for fault in faults:
        client.recall(memory)
        _die(client, number, fault)
        result.tried += 1
        changed = store.changed()
        untouched = dumps.stored_as(before, client.database) if changed is None else not changed
        new = left.add(before if untouched else dumps.of(client.database, before, changed))
        if not new and chance.random() >= part.again:
            if untouched:
                client.forget()
            else:
                store.put_back(client.database)
            continue
        _recover(client, number, fault, expected, result)
        store.put_back(client.database)
    if last is not None:
        _to_the_end(client, store, number, last, memory, result)
    store.put_back(client.database)  # the undisturbed run goes on by itself
    client.recall(memory)
    _action(client, number)[1]()
    assert client.declarations == declared


def _undisturbed(client: Client, store: Store, number: int, memory: Memory, result: Result) -> Watch:
    """The action with nothing going wrong, done twice: what is parsed and compiled once is known the second time."""
    _action(client, number)[1]()
    store.put_back(client.database)
    client.recall(memory)
    with watched(client.database) as watch:
        _action(client, number)[1]()
    result.statements += watch.statements
    result.commits += watch.commits
    result.differences += [f"action {number}: {each}" for each in dumps.inconsistencies(client.database)]
    return watch


def _recover(client: Client, number: int, fault: Fault, expected: dumps.Dump, result: Result) -> None:
    """A new process goes on, and the end of the action is compared with what nobody disturbed."""
    waited, now = _go_on(client, number, cold=result.recovered % COLD == 0)
    result.recovered += 1
    moved = dumps.back(now, waited)
    wrong = [*dumps.differences(expected, client.database, moved), *dumps.inconsistencies(client.database)]
    result.differences += [f"action {number} {_action(client, number)[0]}, {fault}: {each}" for each in wrong]


class States:
    """The databases that deaths of one action have left, each once."""

    def __init__(self) -> None:
        self._seen: list[dumps.Dump] = []

    def add(self, dump: dumps.Dump) -> bool:
        """Whether none like it was there."""
        if any(dumps.alike(each, dump) for each in self._seen):
            return False
        self._seen.append(dump)
        return True


def _die(client: Client, number: int, fault: Fault) -> None:
    action = _action(client, number)[1]
    try:
        with watched(client.database, fault):
            action()
    except Killed:
        pass
    else:
        raise AssertionError(f"{fault} was not reached: the action is not the same twice")


def _go_on(client: Client, number: int, *, cold: bool) -> tuple[timedelta, datetime]:
    """A new process takes over and the client repeats himself; for how long leases were waited out, and since when."""
    with client.database.reading() as session:
        now = clock.now(session)
    waited = client.restarted(cold=cold)
    _action(client, number)[1]()
    return waited, now


def _to_the_end(client: Client, store: Store, number: int, fault: Fault, memory: Memory, result: Result) -> None:
    """The rest of the case after one death, and what its file expects of the end."""
    store.put_back(client.database)
    client.recall(memory)
    _die(client, number, fault)
    waited, now = _go_on(client, number, cold=True)
    for place in range(number + 1, result.length):
        _action(client, place)[1]()
    wrong = [*client.faults_at_the_end(dumps.back(now, waited)), *dumps.inconsistencies(client.database)]
    result.differences += [f"to the end after action {number}, {fault}: {each}" for each in wrong]
    result.to_the_end += 1
    result.tried += 1


def _store(database: Database, worlds: Worlds) -> Store:
    url = database.engine.url
    return FileStore(Path(str(url.database))) if isinstance(worlds, SqliteWorlds) else RowStore(url)
