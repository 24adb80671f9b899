"""What a person may do with a task besides completing it: return it, take it back; and by which return it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.domain import people, substitutes
from app.domain.permissions import Grants
from app.errors import Problem
from app.models.process import Incident, Task, TaskReturn
from app.processes import incidents, returns, taking_back
from app.processes.returns import Target


@dataclass(frozen=True)
class Returned:
    """The return that brought the task; `by` is who gave it back, as `A（代B）` where he stood in for somebody."""

    row: TaskReturn
    by: str


@dataclass(frozen=True)
class Verbs:
    """`said` and `problems` are what the dialog for returning comes back with."""

    targets: Sequence[Target] = ()
    returned: Returned | None = None
    take_back: bool = False
    absent: str = ""  # for whom the person acts as a substitute
    repair: Incident | None = None  # what keeps a completion that waits for repair
    said: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


def of(
    session: Session, task: Task, who: Grants, acting: bool, said: Mapping[str, str], problems: Sequence[Problem]
) -> Verbs:
    return Verbs(
        targets=returns.targets(session, task) if acting else (),
        returned=_returned(session, task),
        absent=substitutes.absent_name(session, who, task) if acting else "",
        take_back=task.status == "completed" and taking_back.offered(session, who, task),
        repair=incidents.waiting_for_repair(session, task.id) if task.status == "open" else None,
        said=said,
        problems=problems,
    )


def _returned(session: Session, task: Task) -> Returned | None:
    row = returns.of_task(session, task)
    if row is None:
        return None
    name = people.get(session, row.person_id).name
    absent = people.get(session, row.on_behalf_of).name if row.on_behalf_of is not None else None
    return Returned(row, f"{name}（代{absent}）" if absent else name)
