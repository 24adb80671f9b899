"""Random completions, returns, take-backs and claims on the shipped declaration: no task is lost, none is doubled."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import people as roles
from app.cli.scenarios import values
from app.cli.scenarios.case import of_dict
from app.cli.scenarios.player import Player
from app.cli.scenarios.world import SqliteWorlds
from app.db import Database
from app.errors import AppError
from app.models.process import ProcessInstance, Task
from app.processes import returns, sheets, taking_back, tasks
from app.processes.tick import tick
from tests.support import soundness, walk

SEEDS, STEPS = 12, 30
FIRM = {"applicant": "liu.yang", "base": "firm_engineer", "committee": 1}
CASE = {"case": "random", "notice": walk.N2, "clock": "2023-10-09 09:00", "declaration": FIRM}
ASKED = {
    "return": {"return_days": 5, "return_items": [{"target": "业绩材料", "text": "请补充验收报告"}]},
    "correct": {"correction_days": 5, "correction_items": [{"target": "业绩材料", "text": "请补充验收报告"}]},
}


class Hand:
    """Takes a verb at random; what is refused must leave everything as it was."""

    def __init__(self, player: Player, seed: int) -> None:
        self.player, self.database, self.random = player, player.database, random.Random(seed)  # noqa: S311
        self.done: Counter[str] = Counter()
        self.verbs = [*[self.complete] * 3, *[self.give_back] * 2, *[self.take_back] * 2, self.claim]

    def step(self) -> None:
        verb = self.random.choice(self.verbs)
        try:
            with self.database.transaction() as session:
                verb(session)
        except AppError:
            return
        self.done[verb.__name__] += 1
        tick(self.database)

    def complete(self, session: Session) -> None:
        task = self._open(session)
        actor, shown = roles.actor(session, task, None), tasks.sheet(session, task.id).values
        instance = session.get_one(ProcessInstance, task.instance_id)
        form = sheets.form_of(session, task, instance)
        offered = {"pass", *ASKED} if form is not None and "opinion" in form.fields else set()
        decision = self.random.choice(["pass", "pass", "pass", *ASKED]) if offered else None
        given = {"decision": decision, **ASKED.get(decision or "", {})} if decision else {}
        filler = values.Filler(actor.person_id, {"1": "it"})
        tasks.complete(session, task.id, actor, self.player.resolver.filled(session, task, shown, given, filler))

    def give_back(self, session: Session) -> None:
        task = self._open(session)
        found = returns.targets(session, task)
        to = self.random.choice(found).task.id if found else 0
        straight, actor = self.random.random() < 0.6, roles.actor(session, task, None)
        returns.give_back(session, task.id, actor, to, reason="请修改", straight_back=straight)

    def take_back(self, session: Session) -> None:
        past = select(Task).where(Task.status == "completed").order_by(Task.id.desc()).limit(3)
        done = self.random.choice(session.scalars(past).all())
        assert done.ended_by is not None
        actor = tasks.Actor(done.ended_by, roles.permissions.grants_of(session, done.ended_by, clock.now(session)))
        taking_back.take_back(session, done.id, actor)

    def claim(self, session: Session) -> None:
        task = self._open(session)
        tasks.claim(session, task.id, roles.actor(session, task, None))

    def _open(self, session: Session) -> Task:
        return self.random.choice(session.scalars(select(Task).where(Task.status == "open").order_by(Task.id)).all())


@pytest.fixture(scope="module")
def worlds() -> Iterator[SqliteWorlds]:
    made = SqliteWorlds()
    yield made
    made.close()


def at_agency(database: Database) -> Player:
    """The case in the agency's hands, its publicity behind it."""
    player = Player(of_dict(CASE, walk.SCENARIOS / "random.yaml"), database)
    walk.play(
        database,
        [{"play": "climb_to_recommended", "with": {"start": "2023-10-10", "close": "2023-10-17"}}],
        declaration=FIRM,
    )
    return player


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_is_done_every_task_has_its_holder_and_every_subscription_its_task(
    worlds: SqliteWorlds, seed: int
) -> None:
    with worlds.fresh() as database:
        hand = Hand(at_agency(database), seed)
        for number in range(STEPS):
            hand.step()
            with database.reading() as session:
                assert (number, soundness.faults(session)) == (number, [])
        assert hand.done["complete"] > 0
