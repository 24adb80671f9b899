"""A made-up notice whose diagrams wait for time and messages: one declaration at it, on a Monday at nine."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import declarations, demo_people, organisations, people, permissions
from app.domain.deadline_rows import WAKES
from app.domain.parameter_values import ParameterSpec
from app.models.process import Deadline, Incident, Message, ProcessInstance, Task
from app.processes import instances, tasks
from tests.engine import tiny
from tests.support import notices

Freeze = Callable[[Session, str], datetime]
MONDAY = "2023-10-09 09:00:00"
UNIT, CLERK, APPLICANT = "cq_data_institute", "clerk.institute", "zhang.lin"
CLAUSE = "虚构 §一"
RULES: dict[str, tuple[str, Any]] = {
    "reply": (
        "deadline",
        {"value": {"count": 5, "unit": "working_day"}, "clause": CLAUSE, "stopped_by": ["objection"]},
    ),
    "warning": ("deadline", {"value": {"count": 2, "unit": "working_day"}, "clause": CLAUSE}),
    "closing": ("deadline", {"value": {"window": "check"}, "clause": CLAUSE}),
    "check_window": ("window", {"value": {"from": "2023-10-01", "to": "2023-10-31"}, "clause": CLAUSE}),
    "divisor": ("int", {"value": 0, "clause": CLAUSE}),
}


def diagrams(unit_id: int) -> dict[str, bytes]:
    """work: a task beside a warning, a reply's deadline and a message that stops it; the others wait for one thing."""

    def task(key: str, role: str = "unit_clerk", **more: str) -> str:
        return tiny.user(key, role=role, organisation=str(unit_id), **more)

    late, stop = tiny.timer('deadline("reply")'), tiny.message("stop", "said")
    work = (
        tiny.start("ws") + task("do", deadline="reply") + tiny.boundary("late", "do", late)
        + tiny.boundary("warned", "do", tiny.timer('deadline("warning")'), interrupting=False)
        + tiny.boundary("stopped", "do", stop)
        + task("overdue") + task("told") + tiny.end("wt") + tiny.end("we")
    )  # fmt: skip
    closing = tiny.catch("closes", tiny.timer('deadline("closing")')) + task("after", deadline="closing")
    divide = tiny.script("divide", 'x = 1 // parameter("divisor")')
    parts = {
        "work": tiny.process("work", work, "ws>do>we; late>overdue>we; stopped>we; warned>told>wt"),
        "closing": tiny.process("closing", tiny.start("cs") + closing + tiny.end("ce"), "cs>closes>after>ce"),
        "asks": tiny.process(
            "asks", tiny.start("as") + task("first") + tiny.catch("answer", tiny.message("answer", "said"))
            + task("last") + tiny.end("ae"), "as>first>answer>last>ae"),
        "divides": tiny.process(
            "divides", tiny.start("ds") + tiny.catch("go", tiny.message("go")) + divide + task("done") + tiny.end("de"),
            "ds>go>divide>done>de"),
        "ticks": tiny.process(
            "ticks", tiny.start("ts") + tiny.catch("wait", tiny.timer('deadline("warning")'))
            + divide.replace('"divide"', '"share"') + task("shared") + tiny.end("te"), "ts>wait>share>shared>te"),
    }  # fmt: skip
    parts["daily"] = tiny.process(
        "daily", tiny.start("ys") + task("slow", deadline="reply")
        + tiny.boundary("each_day", "slow", tiny.cycle('"R3/P1D"'), interrupting=False) + task("reminded")
        + tiny.end("yt") + task("then", deadline="warning") + tiny.end("ye"),
        "ys>slow>then>ye; each_day>reminded>yt")  # fmt: skip
    parts["personal"] = tiny.process(
        "personal", tiny.start("ps") + tiny.user("own", role="expert_candidate", person="1 + 1") + tiny.end("pe"),
        "ps>own>pe")  # fmt: skip
    names = tiny.messages("stop", "answer", "go")
    return {f"{key}.bpmn": tiny.document(names, part) for key, part in parts.items()}


@dataclass
class Works:
    """A database with the notice; ids of its version and of one declaration."""

    database: Database
    version_id: int
    declaration_id: int
    freeze: Freeze

    def at(self, moment: str) -> None:
        with self.database.transaction() as session:
            self.freeze(session, moment)

    def start(self, process: str) -> int:
        with self.database.transaction() as session:
            about = {"notice_version_id": self.version_id, "declaration_id": self.declaration_id}
            return instances.start(session, process, **about).id

    def complete(self, element: str, account: str = CLERK) -> None:
        with self.database.transaction() as session:
            task = session.scalars(select(Task).where(Task.element_id == element, Task.status == "open")).one()
            tasks.complete(session, task.id, actor(session, account), {})

    def open(self) -> list[str]:
        with self.database.reading() as session:
            return sorted(session.scalars(select(Task.element_id).where(Task.status == "open")))

    def all(self, table: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(table).order_by(table.id)))

    def waking(self) -> list[Deadline]:
        """The timers that wait."""
        with self.database.reading() as session:
            return list(session.scalars(select(Deadline).where(WAKES).order_by(Deadline.id)))

    def timers(self) -> dict[str, str | None]:
        """Element → due instant on the wall clock, None while held."""
        return {row.element_id: wall(row.due_at) for row in self.waking()}

    def deadlines(self) -> dict[str, tuple[str | None, bool]]:
        """Rule → due instant, and whether it is closed."""
        return {row.rule: (wall(row.due_at), row.closed_at is not None) for row in self.all(Deadline) if row.rule}

    def incidents(self) -> list[tuple[str | None, str]]:
        return [(row.element_id, row.status) for row in self.all(Incident)]

    def messages(self) -> list[tuple[str, str]]:
        return [(row.name, row.status) for row in self.all(Message)]

    def instance(self, instance_id: int) -> ProcessInstance:
        with self.database.reading() as session:
            return session.get_one(ProcessInstance, instance_id)


def build(database: Database, freeze: Freeze) -> Works:
    with database.transaction() as session:
        freeze(session, MONDAY)
        demo_people.load_demo_people(session)
        version = notices.publish(
            session,
            diagrams(organisations.by_key(session, UNIT).id),
            forms={"declaration": notices.form({"type": "textfield", "id": "name", "key": "name", "label": "姓名"})},
            parameters={key: entry for key, (_, entry) in RULES.items()},
            vocabulary={key: ParameterSpec(key, kind, key) for key, (kind, _) in RULES.items()},
        )
        person = people.by_account(session, APPLICANT)
        assert person is not None
        declaration = declarations.start_declaration(session, person.id, 1, version.id, {"name": "张林"})
        return Works(database, version.id, declaration.id, freeze)


def actor(session: Session, account: str) -> tasks.Actor:
    person = people.by_account(session, account)
    assert person is not None
    return tasks.Actor(person.id, permissions.grants_of(session, person.id, clock.now(session)))


def wall(moment: datetime | None) -> str | None:
    return clock.local(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else None


def multiply(session: Session, count: int) -> None:
    """As many instances as `count` with their deadlines, each like the one that is there."""
    kept: dict[str, list[int]] = {}
    for model in (ProcessInstance, Deadline):
        table = model.metadata.tables[model.__tablename__]
        row = dict(session.execute(select(table)).mappings().one())
        del row["id"]
        rows = [dict(row) for _ in range(count - 1)]
        for name, key in (("process_instance", "instance_id"), ("deadline", "deadline_id")):
            for each, made in zip(rows, kept.get(name, ()), strict=False):
                each |= {key: made} if key in each else {}
        written = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        kept[model.__tablename__] = list(session.scalars(written, rows))
