"""Plays a case through the same doors as the web: tasks completed by their holders, messages, a clock that moves."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import people, values, world
from app.cli.scenarios.case import Case, Step
from app.db import Database
from app.domain import committees, notices, permissions, request_keys
from app.domain.deadline_rows import WAKES
from app.errors import AppError, Repeated
from app.models.declaration import Declaration
from app.models.process import Deadline, Message, ProcessInstance, Task
from app.models.review import AgendaItem
from app.processes import incidents, instances, sheets, tasks
from app.processes.tick import tick

T = TypeVar("T")
EVERYBODY = "all"  # `of: all`: the task of each declaration, in the order of the file


class Failed(Exception):
    """The case does not go as its file says; the message says where."""


@dataclass(frozen=True)
class Request:
    """What a holder sends to complete a task."""

    task_id: int
    actor: tasks.Actor
    values: Mapping[str, Any]


class Player:
    """The state of one case being played: its world and the declarations by their labels."""

    def __init__(self, case: Case, database: Database, files: Path | None = None) -> None:
        self.case, self.database = case, database
        self.declarations: dict[str, int] = {}
        self.resolver = values.Resolver(case, files)
        self.notes: dict[str, Any] = {}  # what a step leaves for an expectation
        self._name = uuid.uuid4().hex

    def begin(self) -> None:
        """Set the clock, publish the case's own notices, open its declarations."""
        self.set_up()
        for label, said in self.opening():
            self.declare(label, said)

    def set_up(self) -> None:
        with self.database.transaction() as session:
            world.freeze(session, self.case.begins)
            values.publish_own_notices(session, self.case)

    def opening(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The declarations the case begins with; `copies: n` are as many of invented people, `label_1` and so on."""
        for label, said in self.case.declarations.items():
            if "copies" not in said:
                yield label, said
            for number in range(1, said.get("copies", 0) + 1):
                yield f"{label}_{number}", {**said, "applicant": people.INVENTED.format(number), "invented": number}

    def once(self, what: str, work: Callable[[Session], T]) -> T:
        """`work` in a transaction of its own; a client without an answer sends it again and it takes effect once."""
        key = (self._name, what)

        def keyed(session: Session) -> T:
            request_keys.take(session, *key)
            done = work(session)
            request_keys.keep(session, *key, {"done": done})
            return done

        try:
            return self.database.run(keyed)
        except Repeated as repeated:
            return cast(T, repeated.answer["done"])

    def declare(self, label: str, said: Mapping[str, Any]) -> None:
        """Open a draft under the case's notice for the applicant it names."""

        def work(session: Session) -> int:
            if "invented" in said:
                people.invented(session, said["invented"])
            version = notices.current(session, said.get("notice", self.case.notice))
            account = self.account(said.get("applicant", "applicant"))
            person = people.newcomer(session) if account == people.NEW else people.person(session, account)
            record = self.resolver.record(session, said, person)
            committee_id = self._committee(session, version.id, said, record)
            own = self.case.shared_records.get(account) or {}
            values.store_shared_records(session, person, record if said.get("verified", True) else {}, own)
            opened = instances.declare(session, person.id, committee_id, version.id, record)
            values.adopt_files(session, opened)
            return opened.id

        self.declarations[label] = self.once(f"declare {label}", work)
        tick(self.database)

    def complete(self, step: Step) -> None:
        """Complete the open task of an element as its holder, or everybody's; what must be done at once is done."""
        for each in self.each_of(step):
            self._complete(each)
            tick(self.database)

    def each_of(self, step: Step) -> list[Step]:
        """The step, or one for each declaration where it is said `of: all` or `of: [labels]`."""
        said = step.details.get("of")
        if said != EVERYBODY and not isinstance(said, list):
            return [step]
        labels = self.labelled(None if said == EVERYBODY else said)
        return [replace(step, details={**step.details, "of": label}) for label in labels]

    def refused(self, step: Step) -> str:
        """Attempt what must be refused; gives the words of the refusal."""
        try:
            self._complete(step)
        except AppError as error:
            return error.message
        raise Failed(f"{step}：本应不能办理，却办成了")

    def advance_to(self, target: datetime) -> None:
        """Move the clock to `target`, stopping at every due instant on the way for the ordinary tick."""
        while True:
            with self.database.reading() as session:
                now, due = clock.now(session), next_due(session)
            stop = min(due, target) if due is not None and due > now else target
            if stop < now:
                raise Failed(f"时钟不能倒拨：现为 {clock.local(now)}，要求 {clock.local(target)}")
            with self.database.transaction() as session:
                world.freeze(session, stop)
            tick(self.database)
            if stop >= target:
                return

    def open_task(
        self, session: Session, element: str, label: str | None, nth: int | None = None, by: str | None = None
    ) -> Task:
        """The one open task of an element; of the labelled declaration where the case has several, its `nth`, or
        the one in the hands of the account `by`."""
        wanted = select(Task).where(Task.status == "open", Task.element_id == element)
        found = list(session.scalars(wanted.order_by(Task.id)))
        if label is not None and len(found) > 1:
            found = [task for task in found if self._concerns(session, task, label)]
        if nth is not None:
            found = found[nth - 1 : nth]
        elif by is not None and len(found) > 1:
            held_by = people.person(session, by).id
            found = [task for task in found if task.person_id == held_by]
        if len(found) != 1:
            waiting = session.scalars(select(Task.element_id).where(Task.status == "open")).all()
            raise Failed(f"没有唯一的待办“{element}”；现有待办：{', '.join(waiting) or '无'}")
        return found[0]

    def _concerns(self, session: Session, task: Task, label: str) -> bool:
        """Whether a task is of the labelled declaration, or of the batch or the session before which it stands."""
        key = self.declarations.get(label)
        if task.declaration_id is not None or key is None:
            return task.declaration_id == key
        subject = session.get_one(ProcessInstance, task.instance_id).subject
        if "batch_id" in subject:
            return bool(session.get_one(Declaration, key).batch_id == subject["batch_id"])
        listed = select(AgendaItem.id).where(AgendaItem.declaration_id == key, AgendaItem.status != "deferred")
        return session.scalar(listed.where(AgendaItem.session_id == subject.get("session_id"))) is not None

    def task_of(self, session: Session, step: Step, element: str) -> tuple[Task, tasks.Actor]:
        """The open task that a step speaks of, and who acts: the person it names, else the task's holder."""
        label = step.details.get("of") or self._only_label()
        task = self.open_task(session, element, label, step.details.get("nth"), self._named(step))
        return task, people.actor(session, task, self._named(step))

    def actor(self, session: Session, step: Step, person_id: int) -> tasks.Actor:
        """The person whom the step names, else the given one, with the rights of now."""
        named = self._named(step)
        who = people.person(session, named).id if named is not None else person_id
        return tasks.Actor(who, permissions.grants_of(session, who, clock.now(session)))

    def declaration(self, session: Session, label: str) -> Declaration:
        if label not in self.declarations:
            raise Failed(f"没有名为“{label}”的申报")
        return session.get_one(Declaration, self.declarations[label])

    def labelled(self, names: Iterable[str] | None) -> dict[str, int]:
        """The declarations of these labels in their order, `crowd` meaning all its copies; everybody's for None."""
        if names is None:
            return dict(self.declarations)
        found: dict[str, int] = {}
        for name in names:
            own = {label: key for label, key in self.declarations.items() if label == name or _is_copy(label, name)}
            if not own:
                raise Failed(f"没有名为“{name}”的申报")
            found |= own
        return found

    def account(self, name: str) -> str:
        """A shorthand of the case, or the account or role@organisation itself."""
        return self.case.people.get(name, name)

    def _complete(self, step: Step) -> None:
        sent = self.request(step)
        incidents.run(
            self.database,
            lambda session: tasks.complete(session, sent.task_id, sent.actor, sent.values),
            task_id=sent.task_id,
        )

    def request(self, step: Step) -> Request:
        """Open the task's page as its holder and fill in what the step says."""
        with self.database.transaction() as session:
            task, actor = self.task_of(session, step, str(step.argument))
            shown = sheets.current(session, task, session.get_one(ProcessInstance, task.instance_id))
            filler = values.Filler(actor.person_id, {str(each): label for label, each in self.declarations.items()})
            given = self.resolver.filled(session, task, shown, step.details.get("with") or {}, filler)
            if task.role == "applicant" and task.declaration_id is not None:
                values.adopt_files(session, session.get_one(Declaration, task.declaration_id))
            return Request(task.id, actor, given)

    def _named(self, step: Step) -> str | None:
        said = step.details.get("as")
        return self.account(str(said)) if said else None

    def _only_label(self) -> str | None:
        return next(iter(self.declarations)) if len(self.declarations) == 1 else None

    def _committee(self, session: Session, version_id: int, said: Mapping[str, Any], record: Mapping[str, Any]) -> int:
        rows = committees.of_version(session, version_id)
        if "committee" in said:
            return next(row.id for row in rows if row.no == said["committee"])
        level = values.level(record["target_title"])
        found = committees.for_title(session, version_id, series=record["series"], level=level)
        if not found:
            raise Failed("通知中没有受理这一系列和级别的评委会")
        return found[0].id


def _is_copy(label: str, name: str) -> bool:
    return label.startswith(f"{name}_") and label[len(name) + 1 :].isdecimal()


def next_due(session: Session) -> datetime | None:
    """The earliest instant at which something happens by itself."""
    due = session.scalar(select(func.min(Deadline.due_at)).where(WAKES, Deadline.dead.is_(False)))
    retry = session.scalar(
        select(func.min(Message.lease_until)).where(Message.status == "pending", Message.lease_until.is_not(None))
    )
    return min((each for each in (due, retry) if each is not None), default=None)
