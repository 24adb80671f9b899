"""What the holder of a task may ask of others, what he has asked, and what the reader himself is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.domain import declarations, permissions, task_requests
from app.domain.permissions import Grants
from app.domain.task_requests import AFTER, Link
from app.engine import handing
from app.errors import Problem
from app.models.process import ProcessInstance, Task
from app.processes import asking, copies, sheets, signers, withdrawals
from app.processes.asking import Choice
from app.processes.copies import Reader
from app.web.views import papers
from app.web.views.papers import Paper

# what each dialog calls the people, and what it says the verb means
TRANSFERRED = ("转办给", "转办后由对方办理并作出决定，您不再办理。已填写的草稿一并转交。")
DELEGATED = ("委派给", "对方提出意见后，事项回到您手中，由您作出决定。答复前您可以收回。")
SIGNED = ("加签人员", "按所选顺序逐个签署，不同意的退回给您。签署前您可以减签；后加签的，您的决定待签署同意后才生效。")
COPIED = ("抄送给", "对方可以查看此事项，不参与办理。查看后在此注明已读。")


@dataclass(frozen=True)
class Dialog:
    """One verb under 更多: `hint` says what it means, `several` how people are named: one, in order, or any."""

    code: str
    label: str
    who: str
    hint: str
    choices: Sequence[Choice]
    several: str = "one"


@dataclass(frozen=True)
class Back:
    """What the dialog of a refused verb comes back with."""

    verb: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


NOTHING = Back()


@dataclass(frozen=True)
class Handing:
    """`chain`: whom it came by; `withdrawable`: what of it the reader may take back; `asked`: what he is asked.

    `decided` is the decision that a signer is to agree to; `readers` were shown the task.
    """

    dialogs: Sequence[Dialog] = ()
    chain: Sequence[Link] = ()
    withdrawable: frozenset[int] = frozenset()
    asked: Link | None = None
    decided: Paper | None = None
    readers: Sequence[Reader] = ()
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
        decided=_decided(session, task, open_here),
        readers=copies.readers(session, task.id),
        back=back,
    )


def _decided(session: Session, task: Task, link: Link | None) -> Paper | None:
    """What waits for the signers' agreement."""
    if link is None or link.row.kind != AFTER or task.form_key is None:
        return None
    instance = session.get_one(ProcessInstance, task.instance_id)
    schema = sheets.schema_of(session, task, instance)
    return papers.of_values(session, task.name, schema, task.draft or {}, declarations.SEALED_KEYS) if schema else None


def _dialogs(session: Session, task: Task, who: Grants) -> list[Dialog]:
    allowed = asking.offered(session, who, task)
    colleagues = asking.colleagues(session, task, who.person_id) if allowed else []
    found = []
    if allowed & {handing.TRANSFER, handing.BENEATH}:
        holders = asking.holders(session, task, who.person_id, beneath=handing.BENEATH in allowed)
        found.append(Dialog("transfer", "转办", *TRANSFERRED, holders))
    if handing.DELEGATE in allowed:
        found.append(Dialog("delegate", "委派", *DELEGATED, colleagues))
    if handing.SIGN in allowed:
        found.append(Dialog("sign", "加签", *SIGNED, signers.among(session, task, colleagues), "ordered"))
    if handing.COPY in allowed:
        found.append(Dialog("copy", "抄送", *COPIED, copies.among(session, task, colleagues), "any"))
    return [each for each in found if each.choices]
