"""What 转办, 委派, 加签 and 抄送 have in common: who may be asked about a task, what is kept of it, the way back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import history, notifications, organisations, people, permissions, suspended, task_requests
from app.domain.inbox import titles
from app.domain.permissions import Grants
from app.domain.task_requests import TRANSFER
from app.engine import handing
from app.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.people import Organisation, Person, RoleGrant, Substitute
from app.models.process import ProcessInstance, Task
from app.models.request import TaskRequest
from app.processes import bundles, work
from app.processes.actors import Actor, absent

SITTING = ("chair", "deputy_chair", "member", "reserve")  # who sits in a review is not for an office to see
PERSONAL = "此事项由本人办理，不能交由他人。"
NOT_DRAWN = "本环节不允许{}。"


@dataclass(frozen=True)
class Choice:
    """Somebody who may be asked; `organisation_id` is the body in which he would do it."""

    person_id: int
    name: str
    posts: tuple[str, ...]
    organisation_id: int | None

    @property
    def words(self) -> str:
        return f"{self.name}（{'、'.join(self.posts)}）"


def offered(session: Session, grants: Grants, task: Task) -> frozenset[str]:
    """Which of transfer, beneath, delegate, sign and copy the holder of an open task has; none of one's own affairs."""
    if permissions.is_personal(task):
        return frozenset()
    instance = session.get_one(ProcessInstance, task.instance_id)
    if task.status != "open" or instance.status != "running":
        return frozenset()
    element = bundles.of_version(session, instance.notice_version_id).definitions.elements[task.element_id]
    return handing.handed_on(element) if permissions.may_act(session, grants.person_id, task, grants) else frozenset()


def holders(session: Session, task: Task, actor_id: int, *, beneath: bool) -> list[Choice]:
    """Who holds the task's role in its body, or also in the bodies beneath; none who gave it away before."""
    place = _same_body(task)
    if beneath and task.organisation_id is not None:
        path = organisations.get(session, task.organisation_id).path
        place = organisations.within(RoleGrant.organisation_id, [path])
    gone = {row.from_person_id for row in _transfers(session, task)}
    return _choices(session, task, (RoleGrant.role == task.role) & place, {actor_id, *gone})


def colleagues(session: Session, task: Task, actor_id: int) -> list[Choice]:
    """Whoever holds a post in the task's body; of a task without one, who holds its role."""
    place = _same_body(task) & RoleGrant.role.not_in(SITTING)
    if task.organisation_id is None:
        place &= RoleGrant.role == task.role
    return _choices(session, task, place, {actor_id})


def held(session: Session, task_id: int, actor: Actor, verbs: Collection[str], words: str) -> Task:
    """The task, with its instance held, for its holder alone. Raises NotFound, Conflict, NotAllowed."""
    task = opened(session, task_id)
    permissions.require_act(session, actor.person_id, task, actor.grants)
    if permissions.is_personal(task):
        raise NotAllowed(PERSONAL)
    if not offered(session, actor.grants, task) & set(verbs):
        raise NotAllowed(NOT_DRAWN.format(words))
    return task


def opened(session: Session, task_id: int) -> Task:
    """The instance first, then the task, as everybody does. Raises NotFound, Conflict."""
    found = session.get(Task, task_id)
    if found is None:
        raise NotFound
    instance = work.locked(session, found.instance_id)
    task = session.get_one(Task, task_id, populate_existing=True)
    if task.status != "open":
        raise Conflict
    suspended.require_not(instance)
    return task


def chosen(session: Session, task: Task, found: Collection[Choice], to: int, reason: str) -> Choice:
    """The person asked for, with a reason given. Refused."""
    problems = [] if reason.strip() else [Problem("missing", "请填写原因。", "reason")]
    choice = next((each for each in found if each.person_id == to), None)
    if choice is None:
        problems.append(Problem("to", _why_not(session, task, to), "to"))
    if problems or choice is None:
        raise Refused(*problems)
    return choice


def home_of(task: Task, actor: Actor) -> int:
    """Whose the task is again afterwards: the absent holder's where a substitute acts on what that one had claimed."""
    away = absent(actor.grants, task)
    return away if away is not None and task.person_id == away else actor.person_id


def request(session: Session, task: Task, actor: Actor, kind: str, to: int, reason: str, **more: Any) -> TaskRequest:
    """A new row; open unless `more` says otherwise. Refused for whoever would have to answer himself."""
    _refuse_circle(session, actor.person_id, to)
    facts: dict[str, Any] = {"kind": kind, "status": "open", "to_person_id": to, "reason": reason.strip()}
    facts |= {"task_id": task.id, "declaration_id": task.declaration_id, "asked_at": clock.now(session)}
    facts |= {"from_person_id": actor.person_id, "on_behalf_of": absent(actor.grants, task)}
    row = TaskRequest(**{**facts, "home_id": home_of(task, actor), "position": 1, **more})
    session.add(row)
    session.flush()
    return row


def hand(session: Session, task: Task, row: TaskRequest) -> None:
    """Put the task into the hands of whoever an open request asks."""
    task.request_id, task.person_id = row.id, row.to_person_id
    session.flush()


def turn(session: Session, task: Task, row: TaskRequest) -> None:
    """It is this signer's turn: the task is in his hands, and he hears of it."""
    row.status = "open"
    hand(session, task, row)
    who = people.get(session, row.from_person_id).name
    tell(session, task, [row.to_person_id], "sign_asked", who=who, reason=row.reason)


def bring_home(session: Session, task: Task, row: TaskRequest) -> None:
    """Back to its holder; to the queue of its post where he holds it no more."""
    post = people.holders(session, task.role, task.organisation_id, clock.now(session))
    task.request_id = None
    task.person_id = row.home_id if row.home_id in {each.person_id for each in post} else None
    session.flush()


def home(task: Task, row: TaskRequest) -> list[int]:
    """Whom to tell of an answer: the holder, else whoever asked."""
    return [task.person_id or row.home_id]


def end(session: Session, row: TaskRequest, status: str, **said: Any) -> None:
    """Close one request with what came of it."""
    for key, value in {"status": status, "ended_at": clock.now(session), **said}.items():
        setattr(row, key, value)
    session.flush()


def note(session: Session, task: Task, kind: str, person_id: int, **payload: Any) -> None:
    """Keep an event of the task in its instance's history."""
    about = {"task_id": task.id, "element_id": task.element_id, "declaration_id": task.declaration_id}
    about |= {"organisation_id": task.organisation_id, "person_id": person_id}
    facts = {"task": task.name, **payload}
    history.append(session, kind, instance_id=task.instance_id, payload=facts, **about)


def tell(session: Session, task: Task, to: Iterable[int], template: str, **facts: Any) -> None:
    """Notify people about the task; its title is among the facts."""
    version = session.get_one(ProcessInstance, task.instance_id).notice_version_id
    about = notifications.About(version, task.declaration_id, task.instance_id)
    notifications.post(session, to, template, {"task": titles.title_of(session, task), **facts}, about)


def require_another(session: Session, row: TaskRequest, actor: Actor) -> None:
    """Nobody answers what he has asked himself, not even in the place of whoever he asked. NotAllowed."""
    if actor.person_id in (row.from_person_id, row.home_id) and actor.person_id != row.to_person_id:
        name = people.get(session, row.to_person_id).name
        raise NotAllowed(f"此事项是您请{name}答复的，您不能代其答复。请由其本人答复，或者先收回。")


def open_request(session: Session, task: Task, *kinds: str) -> TaskRequest:
    """The request that the task's holder has to answer, of one of these kinds. Raises NotFound."""
    row = task_requests.get(session, task.request_id) if task.request_id is not None else None
    if row is None or row.kind not in kinds:
        raise NotFound
    return row


def _choices(session: Session, task: Task, wanted: Any, without: Collection[int]) -> list[Choice]:
    now = clock.now(session)
    rows = session.execute(
        select(Person.id, Person.name, RoleGrant.role, RoleGrant.organisation_id, Organisation.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(wanted, people.in_force(RoleGrant, now), Person.disabled_at.is_(None))
        .order_by(RoleGrant.organisation_id != task.organisation_id, Person.name, Person.id, RoleGrant.id)
    ).all()
    barred = {*without, task.person_id, _applicant(session, task)}
    found: dict[int, Choice] = {}
    for person_id, name, role, body_id, body in rows:
        if person_id in barred:
            continue
        post = people.ROLES.get(role, role)
        post = post if body_id == task.organisation_id else f"{body} {post}"
        before = found.get(person_id)
        posts = (*before.posts, post) if before is not None else (post,)
        found[person_id] = Choice(person_id, name, posts, before.organisation_id if before else body_id)
    return list(found.values())


def _refuse_circle(session: Session, by: int, to: int) -> None:
    """Refused where the one asked is away and the asker acts for him: he would be asked himself."""
    now = clock.now(session)
    away = select(Substitute.id).where(Substitute.person_id == to, Substitute.substitute_id == by)
    if session.scalar(away.where(people.in_force(Substitute, now)).limit(1)) is not None:
        message = f"您正代{people.get(session, to).name}办理，请其办理的事项仍会由您代办。请另选人员。"
        raise Refused(Problem("circle", message, "to"))


def _same_body(task: Task) -> Any:
    bound = RoleGrant.organisation_id
    return bound.is_(None) if task.organisation_id is None else bound == task.organisation_id


def _applicant(session: Session, task: Task) -> int | None:
    about = session.get(Declaration, task.declaration_id) if task.declaration_id is not None else None
    return about.person_id if about is not None else None


def _transfers(session: Session, task: Task) -> list[TaskRequest]:
    wanted = select(TaskRequest).where(TaskRequest.task_id == task.id, TaskRequest.kind == TRANSFER)
    return list(session.scalars(wanted))


def _why_not(session: Session, task: Task, to: int) -> str:
    person = session.get(Person, to)
    if person is None:
        return "请选择人员。"
    if to == _applicant(session, task):
        return f"{person.name}是本件申报人，不能参与办理。"
    if to in {row.from_person_id for row in _transfers(session, task)}:
        return f"{person.name}已将此事项转出，不能再转回。如不应由您办理，请放回，由本岗位其他人员认领。"
    return f"{person.name}不在可以选择的人员之中，请重新选择。"
