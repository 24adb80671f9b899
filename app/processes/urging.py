"""催办: whoever holds a declaration is reminded, by its applicant, its unit or an overseer, once in its working day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import history, notifications, people, waiting
from app.domain.calendar import calendar_of
from app.domain.wording import moment_words
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.process import Event, Task
from app.processes import standing

KIND = "urged"
OPEN_CASE = "尚未办结的申请书"


@dataclass(frozen=True)
class Urged:
    """How often a file was urged, by whomever, and when last."""

    count: int
    last: datetime | None


def urge(session: Session, declaration: Declaration, person_id: int) -> int:
    """Notify the present holders in the urging person's name, keep it; returns how many people were told.

    Refused where the applicant waits for nobody, and a second time before a new working day has begun.
    """
    tasks = [task for task in standing.open_tasks(session, declaration) if task.role != "applicant"]
    if not tasks:
        raise Refused(Problem("nobody", "申请书目前没有等待其他机构办理的事项，无需催办。"))
    today = urged_today(session, [declaration.id]).get(declaration.id)
    if today is not None:
        message = f"每个工作日只能催办一次，本件已于{moment_words(today)}催办。如情况紧急，请电话联系办理机构。"
        raise Refused(Problem("urged_today", message))
    told = 0
    name = people.get(session, person_id).name
    for task in tasks:
        facts = {"who": name, "task": _words(task)}
        told += len(
            notifications.post(
                session,
                waiting.asked(session, task),
                KIND,
                facts,
                notifications.About(declaration.notice_version_id, declaration.id, task.instance_id),
            )
        )
    history.append(
        session,
        KIND,
        instance_id=declaration.instance_id,
        declaration_id=declaration.id,
        person_id=person_id,
        payload={"tasks": [_words(task) for task in tasks], "told": told},
    )
    return told


def urged_today(session: Session, declaration_ids: Iterable[int]) -> dict[int, datetime]:
    """Declaration id → when it was urged last, of those for which no new working day has begun since."""
    now, days = clock.now(session), calendar_of(session)
    today = clock.local(now).date()
    last = {key: found.last for key, found in of_many(session, declaration_ids).items() if found.last is not None}
    begun = {key: days.working_days_between(clock.local(at).date(), today).count > 0 for key, at in last.items()}
    return {key: at for key, at in last.items() if not begun[key]}


def urged(session: Session, declaration_id: int) -> Urged:
    return of_many(session, [declaration_id]).get(declaration_id, Urged(0, None))


def of_many(session: Session, declaration_ids: Iterable[int]) -> dict[int, Urged]:
    """Declaration id → how often it was urged, of those that were; one statement."""
    wanted = (
        select(Event.declaration_id, func.count(), func.max(Event.at))
        .where(Event.declaration_id.in_(list(declaration_ids)), Event.kind == KIND)
        .group_by(Event.declaration_id)
    )
    rows = session.execute(wanted)
    return {key: Urged(count, last) for key, count, last in rows if key is not None}


def _words(task: Task) -> str:
    """What is urged, in the urging person's words: he knows nothing of a secret step."""
    return OPEN_CASE if task.element_id in standing.SECRET_STEPS else task.name
