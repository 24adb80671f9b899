"""After the kills: each effect that the visitors were answered for, and each that time had to bring, stands once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain.deadline_rows import WAKES
from app.models.attachment import Attachment
from app.models.declaration import Declaration
from app.models.office import CheckRecord
from app.models.process import Deadline, Event, Incident, Message, ProcessInstance, Task
from app.models.recommendation import BatchEntry, UnitBatch
from tests.crash import dumps


@dataclass
class Findings:
    """How many effects were expected, how many stand once, not at all, more than once; and what else is wrong."""

    expected: int = 0
    done: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def take(self, what: str, keys: Iterable[int], found: Counter[int]) -> None:
        """Each of `keys` is expected once in `found`."""
        for key in keys:
            self.expected += 1
            self.done += found[key] == 1
            if found[key] == 0:
                self.lost.append(f"{what} {key}")
            elif found[key] > 1:
                self.doubled.append(f"{what} {key}: {found[key]} times")

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)

    def __str__(self) -> str:
        return (
            f"effects expected {self.expected}, done {self.done}, lost {len(self.lost)}, "
            f"doubled {len(self.doubled)}, otherwise wrong {len(self.wrong)}"
        )


def audit(database: Database, carried: Iterable[int], due: Iterable[int]) -> Findings:
    """`carried` are the declarations the visitors carried through; `due` the instances whose warning fell due."""
    findings, ids = Findings(), sorted(carried)
    with database.reading() as session:
        for element in ("fill_form", "unit_check"):
            findings.take(f"task {element} completed", ids, _completed(session, element))
            findings.take(f"event of {element}", ids, _events(session, "completed", element))
        findings.take("check record", ids, _count(session, CheckRecord.declaration_id))
        findings.take("name in a batch", ids, _count(session, BatchEntry.declaration_id))
        findings.take("urged", ids, _events(session, "urged", None))
        findings.take("upload", ids, _uploads(session))
        findings.take("own instance started", ids, _started(session))
        findings.take("timer fired", due, _fired(session))
        findings.wrong += _wrong(session)
        numbers = Counter(session.scalars(select(Declaration.number).where(Declaration.id.in_(ids))))
        findings.wrong += [f"number {key}: {count} times" for key, count in numbers.items() if count > 1 or not key]
    findings.wrong += dumps.inconsistencies(database)
    return findings


def quiet(database: Database) -> bool:
    """Nothing that ought to happen by itself is still to be done."""
    with database.reading() as session:
        now = clock.now(session)
        late = WAKES & (Deadline.due_at <= now) & Deadline.dead.is_(False)
        due = session.scalar(select(func.count(Deadline.id)).where(late))
        pending = session.scalar(select(func.count(Message.id)).where(Message.starts.is_not(None), _PENDING))
    return not due and not pending


_PENDING = Message.status == "pending"


def _wrong(session: Session) -> list[str]:
    found = [f"incident: {row.reason}" for row in session.scalars(select(Incident))]
    batches = session.scalar(select(func.count(UnitBatch.id))) or 0
    of_batches = session.scalars(select(ProcessInstance.id).where(ProcessInstance.process_key == "unit_recommendation"))
    if len(of_batches.all()) != batches:
        found.append(f"{batches} batches, but not as many instances")
    starts = session.scalar(select(func.count(Message.id)).where(Message.starts.is_not(None))) or 0
    begun = session.scalar(select(func.count(Message.id)).where(Message.starts.is_not(None), ~_PENDING)) or 0
    return [*found, *([] if starts == begun else [f"{starts - begun} starting messages pending"])]


def _completed(session: Session, element: str) -> Counter[int]:
    return Counter(
        session.scalars(select(Task.declaration_id).where(Task.element_id == element, Task.status == "completed"))
    )


def _events(session: Session, kind: str, element: str | None) -> Counter[int]:
    wanted = select(Event.declaration_id).where(Event.kind == kind)
    return Counter(session.scalars(wanted if element is None else wanted.where(Event.element_id == element)))


def _count(session: Session, column: object) -> Counter[int]:
    return Counter(session.scalars(select(column)))  # type: ignore[call-overload]


def _uploads(session: Session) -> Counter[int]:
    names = session.scalars(select(Attachment.name).where(Attachment.name.like("upload-%")))
    return Counter(int(name.removeprefix("upload-").removesuffix(".pdf")) for name in names)


def _started(session: Session) -> Counter[int]:
    own = select(Event.declaration_id).join(Declaration, Declaration.instance_id == Event.instance_id)
    return Counter(session.scalars(own.where(Event.kind == "started")))


def _fired(session: Session) -> Counter[int]:
    return Counter(session.scalars(select(Event.instance_id).where(Event.kind == "timer")))
