"""What the holder of a task may ask of others, what he has asked, and what the reader himself is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.domain import permissions, task_requests
from app.domain.permissions import Grants
from app.domain.task_requests import Link
from app.engine import handing
from app.errors import Problem
from app.models.process import Task
from app.processes import asking, withdrawals
from app.processes.asking import Choice


@dataclass(frozen=True)
class Dialog:
    """One verb under 更多: `hint` says what it means, `several` whether more than one person may be named."""

    code: str
    label: str
    who: str
    hint: str
    choices: Sequence[Choice]
    several: bool = False


@dataclass(frozen=True)
class Back:
    """What the dialog of a refused verb comes back with."""

    verb: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


NOTHING = Back()


@dataclass(frozen=True)
class Handing:
    """`chain`: whom it came by; `withdrawable`: what of it the reader may take back; `asked`: what he is asked."""

    dialogs: Sequence[Dialog] = ()
    chain: Sequence[Link] = ()
    withdrawable: frozenset[int] = frozenset()
    asked: Link | None = None
    back: Back = NOTHING


def of(session: Session, task: Task, who: Grants, acting: bool, back: Back) -> Handing:
    """Nothing for an applicant reading of his own case: whom an office asks is the office's own affair."""
    if permissions.is_applicant(session, who, task):
        return Handing()
    chain = task_requests.chain(session, task.id)
    open_here = next((link for link in chain if link.row.id == task.request_id), None)
    answering = open_here is not None and permissions.may_answer(session, who, task)
    return Handing(
        dialogs=_dialogs(session, task, who) if acting else (),
        chain=chain,
        withdrawable=frozenset(link.row.id for link in chain if withdrawals.may_withdraw(who, link.row)),
        asked=open_here if answering else None,
        back=back,
    )


def _dialogs(session: Session, task: Task, who: Grants) -> list[Dialog]:
    allowed, found = asking.offered(session, who, task), []
    if allowed & {handing.TRANSFER, handing.BENEATH}:
        holders = asking.holders(session, task, who.person_id, beneath=handing.BENEATH in allowed)
        hint = "转办后由对方办理并作出决定，您不再办理。已填写的草稿一并转交。"
        found.append(Dialog("transfer", "转办", "转办给", hint, holders))
    colleagues = asking.colleagues(session, task, who.person_id) if allowed else []
    if handing.DELEGATE in allowed:
        hint = "对方提出意见后，事项回到您手中，由您作出决定。答复前您可以收回。"
        found.append(Dialog("delegate", "委派", "委派给", hint, colleagues))
    return [each for each in found if each.choices]
