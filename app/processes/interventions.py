"""What every action of a manager on an instance shares: its lock, its reason, a page that is up to date, its event."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import history, notifications, waiting, wording
from app.errors import Conflict, Problem, Refused
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task
from app.processes import instance_page, timeline, work

OVER = "本件已经办结，不能再办理此操作。"
FEW = 3


def begin(session: Session, instance_id: int, reason: str) -> ProcessInstance:
    """The instance under its lock. Raises NotFound, Conflict for one that has ended, Refused without a reason."""
    if not reason.strip():
        raise Refused(Problem("missing", "请填写原因。", "reason"))
    instance = work.locked(session, instance_id)
    if instance.status == "ended":
        raise Conflict(OVER)
    return instance


def require_seen(session: Session, instance_id: int, seen: int) -> None:
    """Two at one case: for a page that knew of the events up to the number `seen`.

    Holds the instance, so that nothing comes between this and the action. Refused, saying who did what meanwhile.
    """
    instance = work.locked(session, instance_id)
    lines = timeline.of_instance(session, instance, after=seen) if seen < instance.history_number else []
    if lines:
        said = "；".join(_line_words(line) for line in lines[-FEW:])
        more = f"等{len(lines)}项" if len(lines) > FEW else ""
        words = f"您打开本页之后，本件又有办理：{said}{more}。您填写的内容已保留，请核对最新情况后再提交。"
        raise Refused(Problem("stale", words))


def note(session: Session, instance: ProcessInstance, kind: str, by: int, payload: dict[str, Any], **at: Any) -> None:
    """Keep the action in the instance's history; `at` are other columns of Event."""
    about = {"declaration_id": instance.declaration_id, "person_id": by, **at}
    history.append(session, kind, instance_id=instance.id, payload=payload, **about)


def concerned(session: Session, instance: ProcessInstance) -> list[int]:
    """Who has to know: whoever may do its open tasks, and the applicant where it is his declaration's own process."""
    open_tasks = session.scalars(select(Task).where(Task.instance_id == instance.id, Task.status == "open")).all()
    own = select(Declaration.person_id).where(Declaration.instance_id == instance.id)
    applicant = session.scalar(own)
    holders = [person for task in open_tasks for person in waiting.asked(session, task)]
    return list(dict.fromkeys([*([applicant] if applicant is not None else []), *holders]))


def tell(
    session: Session, instance: ProcessInstance, to: Iterable[int], template: str, facts: Mapping[str, Any]
) -> None:
    """A notification about the instance, called by what it is and whom it is about."""
    what = {"what": f"“{instance_page.title(session, instance)}”"}
    known = notifications.About(instance.notice_version_id, instance.declaration_id, instance.id)
    notifications.post(session, to, template, {**what, **facts}, known)


def _line_words(line: timeline.Line) -> str:
    who = f"{line.who}于" if line.who else ""
    note = f"（{line.note}）" if line.note else ""
    return f"{who}{wording.moment_words(line.at)}{line.title}{note}"
