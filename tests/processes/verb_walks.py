"""`python -m tests.processes.verb_walks [--seeds 100] [--seed N]`: random verbs on random diagrams, in a database.

Each seed draws a diagram that the linter accepts and lets four colleagues do at random what holders and managers may.
After every step `faults` must find nothing, and a verb that only asks somebody must leave the engine's state as it was.
Prints how often each verb was done in each construct.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock, functions
from app.cli.scenarios import world
from app.db import Base, Database
from app.domain import history, messages, organisations, people, permissions, task_requests
from app.domain.deadline_rows import WAKES
from app.domain.task_requests import AFTER, BEFORE
from app.engine.branches import same_token
from app.errors import AppError
from app.models.process import Deadline, Event, ProcessInstance, Task
from app.models.request import TaskRequest
from app.models.types import use_secret
from app.processes import (
    bundles,
    copies,
    delegations,
    instances,
    moves,
    reassigning,
    returns,
    signers,
    signing,
    suspensions,
    taking_back,
    tasks,
    transfers,
    withdrawals,
    work,
)
from app.processes.asking import Choice
from app.processes.tick import tick
from tests.engine import random_diagrams
from tests.engine.invariants import assert_sound
from tests.engine.random_diagrams import FUNCTIONS
from tests.engine.random_events import INSIDE
from tests.support import notices, soundness

STEPS, PEOPLE = 40, 4
PLACES = ("plain", "loop", "called process", "parallel branch", "several people")
ROLE = b'name="role" value="clerk"/>'
OURS = (
    b'name="role" value="unit_clerk"/><spiffworkflow:property name="organisation" value="1"/>'
    b'<spiffworkflow:property name="returns" value="applicant previous chosen"/>'
    b'<spiffworkflow:property name="take_back" value="yes"/>'
)
ASKING = ("transfer", "delegate", "sign", "withdraw", "copy", "claim", "unclaim", "reassign")


def build(database: Database) -> None:
    """A body with four colleagues of one post."""
    with database.transaction() as session:
        world.freeze(session, world.FILLED_AT)
        contact = {"contact_name": "联络员", "contact_phone": "023-67890000", "registered": True}
        body = organisations.create(session, "body", "虚构单位", "institution", None, **contact).id
        for number in range(PEOPLE):
            person = people.register(session, f"clerk.{number}", f"经办{number}")
            people.grant(session, person.id, "unit_clerk", body)


class Walk:
    """One instance of one random diagram; `done` counts (verb, construct)."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database, self.luck, self.number = database, random.Random(seed), 0  # noqa: S311
        self.done: Counter[tuple[str, str]] = Counter()
        drawn = random_diagrams.diagram(seed)
        assert drawn.findings() == []
        files = {name: content.replace(ROLE, OURS) for name, content in drawn.files.items()}
        tables = {name: content for name, content in files.items() if name.endswith(".dmn")}
        diagrams = {name: content for name, content in files.items() if name not in tables}
        with database.transaction() as session:
            _forget(session)
            form = {"form": notices.form(notices.NOTE)}
            version = notices.publish(session, diagrams, forms=form, decisions=tables)
            self.instance_id = instances.start(session, "random", notice_version_id=version.id).id

    def step(self) -> None:
        self.number += 1
        verbs = [
            *[self.complete] * 5, self.transfer, self.delegate, self.sign, *[self.answer] * 4, self.withdraw,
            self.copy, self.claim, self.unclaim, self.give_back, self.take_back, self.move, self.reassign, self.suspend,
            self.message, *[self.time] * 2,
        ]  # fmt: skip
        verb = self.luck.choice(verbs)
        try:
            with self.database.transaction() as session:
                before = session.get_one(ProcessInstance, self.instance_id).state
                place = verb(session)
                session.flush()
                name = verb.__name__
                if name in ASKING:
                    assert session.get_one(ProcessInstance, self.instance_id).state == before, f"{name} moved a token"
        except AppError:
            return
        if place:
            self.done[name, place] += 1
        if name in ("message", "time", "suspend"):
            tick(self.database)

    def complete(self, session: Session) -> str:
        task = self._open(session)
        place = self._place(session, task)
        tasks.complete(session, task.id, self._actor(session, task), {})
        return place

    def transfer(self, session: Session) -> str:
        task = self._open(session)
        actor = self._actor(session, task)
        to = self._one_of(transfers.choices(session, actor.grants, task))
        transfers.transfer(session, task.id, actor, to, reason="出差")
        return self._place(session, task)

    def delegate(self, session: Session) -> str:
        task = self._open(session)
        actor = self._actor(session, task)
        to = self._one_of(delegations.choices(session, actor.grants, task))
        delegations.delegate(session, task.id, actor, to, reason="请核对")
        return self._place(session, task)

    def sign(self, session: Session) -> str:
        task, when = self._open(session), self.luck.choice([BEFORE, AFTER])
        actor = self._actor(session, task)
        offered = [each.person_id for each in signers.choices(session, actor.grants, task)]
        to = self.luck.sample(offered, min(len(offered), self.luck.randint(1, 2)))
        signers.add(session, task.id, actor, to, when=when, reason="请会签")
        return self._place(session, task)

    def answer(self, session: Session) -> str:
        asked = session.scalars(self._live().where(Task.request_id.is_not(None))).all()
        task = self.luck.choice(asked) if asked else self._open(session)
        place = self._place(session, task)
        agreed = self.luck.random() < 0.75
        signing.answer(session, task.id, self._actor(session, task), agreed=agreed, opinion="意见")
        return place

    def withdraw(self, session: Session) -> str:
        live = select(TaskRequest).where(TaskRequest.status.in_(task_requests.LIVE)).order_by(TaskRequest.id)
        rows = session.scalars(live).all()
        if not rows:
            return ""
        row = self.luck.choice(rows)
        actor = self._of(session, row.from_person_id)
        return self._place(session, withdrawals.withdraw(session, row.id, actor))

    def copy(self, session: Session) -> str:
        task = self._open(session)
        copies.send(session, task.id, self._actor(session, task), [self._somebody()], note="请知悉")
        return self._place(session, task)

    def claim(self, session: Session) -> str:
        task = self._open(session)
        tasks.claim(session, task.id, self._actor(session, task))
        return self._place(session, task)

    def unclaim(self, session: Session) -> str:
        task = self._open(session)
        tasks.unclaim(session, task.id, self._actor(session, task))
        return self._place(session, task)

    def give_back(self, session: Session) -> str:
        task = self._open(session)
        found, place = returns.targets(session, task), self._place(session, task)
        to = self.luck.choice(found).task.id if found else 0
        straight = self.luck.random() < 0.5
        returns.give_back(session, task.id, self._actor(session, task), to, reason="请修改", straight_back=straight)
        return place

    def take_back(self, session: Session) -> str:
        past = select(Task).where(Task.instance_id == self.instance_id, Task.status == "completed")
        rows = session.scalars(past.order_by(Task.id.desc()).limit(2)).all()
        if not rows:
            return ""
        task = self.luck.choice(rows)
        taking_back.take_back(session, task.id, self._of(session, task.ended_by or 1))
        return self._place(session, task)

    def move(self, session: Session) -> str:
        task = self._open(session)
        instance, place = session.get_one(ProcessInstance, self.instance_id), self._place(session, task)
        steps = [each.id for target in moves.targets(session, task, instance) for each in target.elements]
        steps = [each for each in steps if each.startswith(("user", "all", "each", "one", "three"))]
        to = self.luck.choice(sorted(steps)) if steps else "nowhere"
        moves.move(session, self.instance_id, task.id, to, reason="更正", person_id=1)
        return place

    def reassign(self, session: Session) -> str:
        task = self._open(session)
        reassigning.reassign(session, task.id, to_person_id=self._somebody(), reason="均衡", person_id=1)
        return self._place(session, task)

    def suspend(self, session: Session) -> str:
        suspensions.suspend(session, self.instance_id, reason="核实", person_id=1)
        task = session.scalars(self._live()).first()
        if task is not None:
            try:
                with session.begin_nested():
                    tasks.complete(session, task.id, self._actor(session, task), {})
            except AppError:
                pass
            else:
                raise AssertionError("completed while suspended")
        suspensions.resume(session, self.instance_id, reason="核实完毕", person_id=1)
        return self._place(session, task) if task is not None else ""

    def message(self, session: Session) -> str:
        known = (session.get_one(ProcessInstance, self.instance_id).waits or {}).get("messages", {})
        names = sorted({key.split(" ", 1)[1] for key in known} - {""})
        wanted = [name for name in names if not name.startswith(INSIDE)]
        if wanted:
            messages.post(session, self.luck.choice(wanted), receiver_id=self.instance_id, payload={"number": 1})
        return ""

    def time(self, session: Session) -> str:
        due = session.scalar(select(func.min(Deadline.due_at)).where(WAKES))
        if due is not None:
            world.freeze(session, max(due, clock.now(session)))
        return ""

    @property
    def ended(self) -> bool:
        with self.database.reading() as session:
            return session.get_one(ProcessInstance, self.instance_id).status == "ended"

    def _live(self) -> Any:
        return select(Task).where(Task.instance_id == self.instance_id, Task.status == "open").order_by(Task.id)

    def _open(self, session: Session) -> Task:
        rows = session.scalars(self._live()).all()
        if not rows:
            raise AppError("nothing is open")
        return self.luck.choice(rows)

    def _actor(self, session: Session, task: Task) -> tasks.Actor:
        """Mostly who holds it, sometimes anybody."""
        anybody = task.person_id is None or self.luck.random() < 0.1
        return self._of(session, self._somebody() if anybody else task.person_id or 1)

    def _of(self, session: Session, person_id: int) -> tasks.Actor:
        return tasks.Actor(person_id, permissions.grants_of(session, person_id, clock.now(session)))

    def _one_of(self, choices: list[Choice]) -> int:
        """Mostly somebody who may be asked."""
        return self.luck.choice(choices).person_id if choices and self.luck.random() < 0.9 else self._somebody()

    def _somebody(self) -> int:
        return self.luck.randint(1, PEOPLE)

    def _place(self, session: Session, task: Task) -> str:
        """The construct that the task stands in."""
        instance = session.get_one(ProcessInstance, self.instance_id)
        definitions = bundles.of_version(session, instance.notice_version_id).definitions
        if definitions.elements[task.element_id].repeated:
            return "several people"
        if task.path:
            return "called process"
        spec, _ = definitions.spec("random")
        if task.element_id in spec.task_specs and not same_token(spec, "set", task.element_id):
            return "parallel branch"
        way = (Task.instance_id == self.instance_id) & (Task.element_id == task.element_id) & (Task.id < task.id)
        return "loop" if session.scalar(select(Task.id).where(way).limit(1)) is not None else "plain"


def faults(session: Session, walk: Walk) -> list[str]:
    """What must hold after every step; see also `soundness`. Several people may stand at the same step."""
    found = [each for each in soundness.faults(session) if not each.endswith(": twice")]
    live = {row.id: row for row in session.scalars(select(TaskRequest).where(TaskRequest.status == "open"))}
    rows = session.scalars(select(Task).where(Task.instance_id == walk.instance_id)).all()
    held = {task.request_id: task for task in rows if task.status == "open" and task.request_id is not None}
    found += [f"request {key} holds no task" for key in live.keys() - held.keys()]
    found += [f"task {held[key].id} is held for no request" for key in held.keys() - live.keys()]
    found += [f"task {held[key].id} is not in the hands of {row.to_person_id}" for key, row in live.items()
              if key in held and held[key].person_id != row.to_person_id]  # fmt: skip
    planned = {row.task_id for row in session.scalars(select(TaskRequest).where(TaskRequest.status == "planned"))}
    found += [f"a signer waits for task {task.id}, which is over" for task in rows
              if task.id in planned and task.status != "open"]  # fmt: skip
    told = Counter(session.execute(
        select(Event.task_id).where(Event.instance_id == walk.instance_id, Event.kind.in_(("completed", "returned")))
    ).scalars())  # fmt: skip
    found += [f"task {task.id}: completed, not told once" for task in rows
              if task.status == "completed" and told[task.id] != 1]  # fmt: skip
    return found


def _forget(session: Session) -> None:
    """The walks before are over."""
    session.execute(update(Deadline).values(element_id=None))
    session.execute(update(ProcessInstance).values(status="ended"))
    session.execute(update(Task).where(Task.status == "open").values(status="cancelled"))
    session.execute(update(TaskRequest).where(TaskRequest.status.in_(task_requests.LIVE)).values(status="closed"))
    session.expire_all()


@contextmanager
def as_drawn() -> Iterator[None]:
    """Diagrams may call what the random ones call; what a person answers enters the data under his step's name."""

    ours = functions.bind

    def bind(case: Any) -> Mapping[str, Callable[..., Any]]:
        return {**ours(case), **FUNCTIONS}

    def checked(_session: Session, task: Task, *_given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {}, {f"d{task.element_id}": task.id}

    with mock.patch.object(work.functions, "bind", bind), mock.patch.object(tasks, "_checked", checked):
        yield


def play(database: Database, seed: int) -> Counter[tuple[str, str]]:
    """Raises AssertionError that names the seed and how to see it again."""
    walk = Walk(database, seed)
    try:
        for number in range(STEPS):
            if walk.ended:
                break
            walk.step()
            with database.reading() as session:
                assert (number, faults(session, walk)) == (number, [])
                instance = session.get_one(ProcessInstance, walk.instance_id)
                if instance.status == "running":
                    assert_sound(work.opened(session, instance).run)
        with database.reading() as session:
            assert history.check(session, walk.instance_id).faults == []
    except Exception as error:
        again = f"seed {seed}: .venv/bin/python -m tests.processes.verb_walks --seed {seed}"
        raise AssertionError(f"{again}\n{type(error).__name__}: {error}") from error
    return walk.done


def table(done: Counter[tuple[str, str]]) -> str:
    verbs = sorted({verb for verb, _ in done})
    lines = [" " * 12 + "".join(f"{place:>17}" for place in PLACES)]
    lines += [f"{verb:12}" + "".join(f"{done[verb, place]:17}" for place in PLACES) for verb in verbs]
    return "\n".join(lines)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=100)
    options.add_argument("--seed", type=int, help="this one only")
    given = options.parse_args()
    done: Counter[tuple[str, str]] = Counter()
    failed = 0
    use_secret(world.SECRET)
    with tempfile.TemporaryDirectory() as folder, as_drawn():
        database = Database(f"sqlite:///{Path(folder) / 'walks.db'}")
        Base.metadata.create_all(database.engine)
        build(database)
        for seed in range(given.seeds) if given.seed is None else [given.seed]:
            try:
                done += play(database, seed)
            except AssertionError as error:
                failed += 1
                sys.stdout.write(f"{error}\n")
        database.dispose()
    sys.stdout.write(f"{table(done)}\n{failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
