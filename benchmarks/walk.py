"""The A1 walk, ours and the reference's, step by step, with what each completed task cost."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from app import clock, functions, kept
from app.cli.scenarios import actions, case
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Player
from app.db import Base, Database
from app.domain import house_settings, notices
from app.domain.calendar import calendar_of
from app.engine.parser import Definitions
from app.models.notice import Committee
from app.models.people import Organisation
from app.processes import bundles
from benchmarks.reference import Reference

SCENARIO = Path("tests/scenarios/a1_municipal_engineer_to_paid.yaml")
NOTICE = "n2_2023_bigdata"
LEVELS = ("unit", "department")
DUE = {"unit_publicity": "2023-10-17T00:00:00+08:00", "pay_opens": "2023-11-16T00:00:00+08:00"}
ANSWERS = {
    "levels": LEVELS,
    "auto_verify": True,
    "needs_exceptional": False,
    "has_unit": True,
    "is_entrusted": False,
    "has_payment_window": True,
    "fee": 420,
    "still_climbing": True,
    "batch_count": 1,
    "over_quota": False,
    "open_objections": 0,
    "held_names": 0,
    "body": 1,
    "convening_organisation": 1,
    "batch_body": 1,
    "batch_role": "unit_clerk",
    "parameter": "flag",
    "deadline": lambda key, **_: DUE.get(key, "2023-12-31T00:00:00+08:00"),
    "publicity_start": "2023-10-10T09:00:00+08:00",
}
# the reference's steps: instance, element (or timer, or message), decision, instant
STEPS = (
    ("declaration", "fill_form", "submit", "2023-10-09 09:00"),
    ("declaration", "check", "pass", "2023-10-09 09:30"),
    ("batch", "unit_merit", "recommend", "2023-10-09 10:00"),
    ("batch", "unit_publicity", "start", "2023-10-10 09:00"),
    ("batch", "*timer", "", "2023-10-17 00:00:01"),
    ("batch", "unit_close", "close", "2023-10-17 09:00"),
    ("batch", "unit_sign", "sign", "2023-10-17 09:00"),
    ("batch", "unit_submit", "submit", "2023-10-17 09:00"),
    ("declaration", "*recommended", "", "2023-10-17 10:00"),
    ("declaration", "check", "pass", "2023-10-18 10:00"),
    ("declaration", "committee_accept", "accept", "2023-11-06 10:00"),
    ("declaration", "*timer", "", "2023-11-16 00:00:01"),
    ("declaration", "pay", "register", "2023-11-16 09:00"),
)
Costs = dict[str, list[float]]


class Counted:
    """Statements and commits of what is measured; the tick's and the page's own are not among them."""

    def __init__(self, database: Database) -> None:
        self.on, self.statements, self.commits, self.tasks = False, 0, 0, 0
        self.texts: Counter[str] = Counter()
        self.per_element: dict[str, int] = {}
        self._engine = database.engine
        event.listen(self._engine, "before_cursor_execute", self._statement)
        event.listen(self._engine, "commit", self._commit)

    @contextmanager
    def task(self, element: str) -> Iterator[None]:
        self.on, before = True, self.statements
        try:
            yield
        finally:
            self.on = False
            self.tasks += 1
            self.per_element[element] = self.statements - before

    def stop(self) -> None:
        event.remove(self._engine, "before_cursor_execute", self._statement)
        event.remove(self._engine, "commit", self._commit)

    def _statement(self, _connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if self.on and not text.startswith("BEGIN"):
            self.statements += 1
            self.texts[" ".join(text.split())[:110]] += 1

    def _commit(self, _connection: Any) -> None:
        self.commits += self.on


def warm(database: Database) -> None:
    """What a server that has been up for a while knows of this database; neither side's first step pays for it."""
    with database.reading() as session:
        calendar_of(session)
        house_settings.standing(session)
        bundles.of_version(session, notices.latest(session, NOTICE).id)
        for model in (Organisation, Committee):
            for key in session.scalars(select(model.id)).all():
                kept.get(session, model, key)
        for key in session.scalars(select(Organisation.key)).all():
            kept.find(session, Organisation, "key", key)


def ours(
    database: Database,
    costs: Costs,
    counted: Counted | None = None,
    burden: Callable[[Database, str], None] | None = None,
) -> None:
    """Play the scenario file in a fresh world; each completion counts, permission and form check included.

    `burden` may lay something on the database before each completion, the element's name given.
    """
    for player, step in steps_of(Player(case.read(SCENARIO), database)):
        if step.action != "complete":
            take(player, step)
            continue
        if burden is not None:
            burden(database, str(step.argument))
        with measured_completion(costs, str(step.argument), counted):
            player.complete(step)


def play(player: Player, until: str | None = None) -> None:
    """Play a case to its end, or until the element `until` is to be completed."""
    for _, step in steps_of(player):
        if step.action == "complete" and step.argument == until:
            return
        take(player, step)


def steps_of(player: Player) -> Iterator[tuple[Player, Step]]:
    player.begin()
    for step in player.case.steps:
        yield player, step


def take(player: Player, step: Step) -> None:
    """Do one step; what the scenario expects is for the tests."""
    if step.action == "complete":
        player.complete(step)
    elif step.action == "at":
        player.advance_to(case.moment(step.argument))
    elif step.action not in ("expect", "refused"):
        actions.do(player, step)


def p10(costs: list[float]) -> float:
    return quantiles(costs, n=10)[0] if len(costs) > 1 else costs[0]


def values(row: Any) -> dict[str, Any]:
    """A row's columns but for its number, to insert a copy."""
    return {column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "id"}


def inserted(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows; their numbers in the same order."""
    table = Base.metadata.tables[model.__tablename__]
    return list(session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows))


@contextmanager
def measured_completion(costs: Costs, element: str, counted: Counted | None) -> Iterator[None]:
    """Time what stands between the page's request and its answer, and nothing that the player does around it."""
    run = Database.run

    def run_timed(self: Database, work: Any) -> Any:
        with counted.task(element) if counted else nullcontext():
            began = time.thread_time()
            try:
                return run(self, work)
            finally:
                costs.setdefault(element, []).append(time.thread_time() - began)
                Database.run = run  # type: ignore[method-assign]

    Database.run = run_timed  # type: ignore[method-assign]
    try:
        yield
    finally:
        Database.run = run  # type: ignore[method-assign]


def bare(database: Database, definitions: Definitions, costs: Costs) -> None:
    """The same tasks by the library alone."""
    reference = Reference(database, definitions, ANSWERS, set(functions.registered()))
    began = _at(STEPS[0][3])
    processes = {"declaration": "declaration", "batch": "unit_recommendation"}
    keys = {name: reference.start(process, began) for name, process in processes.items()}
    for number, (instance, element, decision, when) in enumerate(STEPS):
        at = _at(when)
        if element == "*timer":
            reference.wake(keys[instance], at)
        elif element.startswith("*"):
            reference.send(keys[instance], element[1:], at)
        else:
            start = time.thread_time()
            reference.complete(keys[instance], element, {"decision": decision, "exceptional": False}, at)
            costs.setdefault(f"{number} {element}", []).append(time.thread_time() - start)


def definitions_of(database: Database) -> Definitions:
    with database.reading() as session:
        return bundles.of_version(session, notices.latest(session, NOTICE).id).definitions


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
