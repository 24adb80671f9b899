"""转办、委派、加签、抄送 as records: who was asked about a task, by whom, and what they said."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.models.people import Person
from app.models.process import Task
from app.models.request import TaskCopy, TaskRequest

TRANSFER, DELEGATION, BEFORE, AFTER = "transfer", "delegation", "before", "after"
KINDS = {TRANSFER: "转办", DELEGATION: "委派", BEFORE: "前加签", AFTER: "后加签"}
STATES = {"planned": "待轮到", "open": "等待答复", "done": "已答复", "withdrawn": "已收回", "closed": "已终止"}
ANSWERED = ("done", "void")
LIVE = ("open", "planned")
_asker, _absent, _asked, _answering = (aliased(Person) for _ in range(4))


@dataclass(frozen=True)
class Link:
    """One link of a task's chain of holders, in names; `by` is `甲（代乙）` where a substitute asked or answered."""

    row: TaskRequest
    by: str
    to: str

    @property
    def verb(self) -> str:
        return KINDS[self.row.kind]

    @property
    def state(self) -> str:
        """How it stands: `不同意` says more than that there is an answer."""
        if self.row.kind == TRANSFER:
            return "已转办"
        if self.row.agreed is not None:
            word = "同意" if self.row.agreed else "不同意"
            return f"{word}（决定已另作）" if self.row.status == "void" else word
        return STATES[self.row.status]


def get(session: Session, request_id: int) -> TaskRequest | None:
    return session.get(TaskRequest, request_id, populate_existing=True)


def chain(session: Session, task_id: int) -> list[Link]:
    """Everything that was asked about the task, oldest first, signers in their order; one statement."""
    return _links(session, [task_id]).get(task_id, [])


def latest(session: Session, task_ids: Collection[int]) -> dict[int, Link]:
    """Task id → by what it came to its present holder: the open request, else the last transfer; one statement."""
    found = {}
    for task_id, links in _links(session, task_ids).items():
        here = [each for each in links if each.row.status == "open" or each.row.kind == TRANSFER]
        if here:
            found[task_id] = here[-1]
    return found


def live(session: Session, task_id: int, *kinds: str) -> list[TaskRequest]:
    """What is not answered yet, in the order in which they are asked."""
    wanted = select(TaskRequest).where(TaskRequest.task_id == task_id, TaskRequest.status.in_(LIVE))
    if kinds:
        wanted = wanted.where(TaskRequest.kind.in_(kinds))
    return list(session.scalars(wanted.order_by(TaskRequest.position, TaskRequest.id)))


def signed(session: Session, task_id: int, kind: str) -> list[TaskRequest]:
    """What signers have said of the present decision, in their order."""
    wanted = select(TaskRequest).where(TaskRequest.task_id == task_id, TaskRequest.kind == kind)
    return list(session.scalars(wanted.where(TaskRequest.status == "done").order_by(TaskRequest.position)))


def planned(**facts: Any) -> TaskRequest:
    """A signer whose turn comes."""
    return TaskRequest(status="planned", **facts)


def shown_to(person_id: int) -> Select[int]:
    """Ids of the tasks that somebody asked the person about or showed him."""
    asked = select(TaskRequest.task_id).where(
        TaskRequest.to_person_id == person_id, TaskRequest.status.in_(("open", *ANSWERED))
    )
    return asked.union_all(select(TaskCopy.task_id).where(TaskCopy.to_person_id == person_id))  # type: ignore[return-value]


def declarations_shown_to(person_id: int) -> Select[int]:
    asked = select(TaskRequest.declaration_id).where(
        TaskRequest.to_person_id == person_id, TaskRequest.status.in_(("open", *ANSWERED))
    )
    return asked.union_all(select(TaskCopy.declaration_id).where(TaskCopy.to_person_id == person_id))  # type: ignore[return-value]


def pending_words(session: Session, request_id: int, reader_id: int) -> str | None:
    """Why nobody may decide the task now, said to those concerned; nothing to anybody else."""
    row = session.get_one(TaskRequest, request_id)
    if reader_id not in (row.to_person_id, row.home_id, row.from_person_id):
        return None
    names = _names(session, [row.to_person_id, row.home_id])
    to, home = names[row.to_person_id], names[row.home_id]
    verb = KINDS[row.kind]
    if reader_id == row.to_person_id:
        return f"此事项由{home}{verb}给您，请您答复，不能代其办理。"
    return f"此事项已{verb}{to}，正在等待答复，暂不能办理。如需立即办理，请先收回。"


def close(session: Session, task_ids: Iterable[int] | Select[int], *kinds: str) -> list[TaskRequest]:
    """End whatever is not answered about these tasks; gives what had been asked and waited for an answer."""
    of_them = TaskRequest.task_id.in_(task_ids if isinstance(task_ids, Select) else list(task_ids))
    wanted = select(TaskRequest).where(of_them, TaskRequest.status.in_(LIVE))
    rows = session.scalars(wanted.where(TaskRequest.kind.in_(kinds)) if kinds else wanted).all()
    asked = [row for row in rows if row.status == "open"]
    for row in rows:
        row.status, row.ended_at = "closed", clock.now(session)
    session.flush()
    return asked


def release(session: Session, task: Task) -> list[TaskRequest]:
    """Nobody is asked about the task any more; gives what waited for an answer. The caller says whose it is now."""
    asked = close(session, [task.id])
    task.request_id = task.after_id = None
    session.flush()
    return asked


def of_engine_tasks(instance_id: int, engine_task_ids: Collection[str]) -> Select[int]:
    """Ids of the tasks of an instance that stand for these engine tasks."""
    return select(Task.id).where(Task.instance_id == instance_id, Task.engine_task_id.in_(engine_task_ids))


def _links(session: Session, task_ids: Collection[int]) -> dict[int, list[Link]]:
    if not task_ids:
        return {}
    rows = session.execute(
        select(TaskRequest, _asker.name, _absent.name, _asked.name, _answering.name)
        .join(_asker, _asker.id == TaskRequest.from_person_id)
        .outerjoin(_absent, _absent.id == TaskRequest.on_behalf_of)
        .join(_asked, _asked.id == TaskRequest.to_person_id)
        .outerjoin(_answering, _answering.id == TaskRequest.answered_by)
        .where(TaskRequest.task_id.in_(task_ids))
        .order_by(TaskRequest.id)
    )
    found: dict[int, list[Link]] = {}
    for row, by, absent, to, answering in rows:
        acting = f"{by}（代{absent}）" if absent else by
        answered = f"{answering}（代{to}）" if answering and row.answered_by != row.to_person_id else to
        found.setdefault(row.task_id, []).append(Link(row, acting, answered))
    return found


def _names(session: Session, ids: Iterable[int]) -> Mapping[int, str]:
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(list(ids))))
    return {row.id: row.name for row in rows}
