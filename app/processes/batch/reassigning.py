"""批量改派: open tasks of many processes to one body or to one person of a body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import notifications, people, permissions
from app.domain.said import whole_number
from app.errors import Problem, Refused
from app.models.batch_action import BatchAction, BatchItem
from app.models.declaration import Declaration
from app.models.people import Organisation, Person, RoleGrant
from app.models.process import Task
from app.processes import instance_filters, reassigning
from app.processes.batch import places
from app.processes.batch.actions import MANAGERS, MOVED, Action, Reasons, at_once, instances
from app.processes.instance_filters import Filters

SHOWN = 300  # people of whom a page offers a choice
PERSONAL = "此事项由本人办理，不能改派。"
NOTHING_OPEN = "现在没有可以改派的待办。"
ALREADY = "此事项现在就由所选的机构或人员办理。"
APPLICANT = "所选人员是申报人本人，不能办理此事项。"


@dataclass(frozen=True)
class Receiver:
    """A body of people who hold the tasks' post; `people` (id, name)."""

    body_id: int | None
    body: str
    people: list[tuple[int, str]]


def receivers(session: Session, items: Sequence[BatchItem], words: str = "") -> list[Receiver]:
    """Bodies whose name holds `words`, with everybody who now holds the post of one of the tasks there."""
    ids = [each.task_id for each in items]
    posts = select(Task.role).where(Task.id.in_(ids), Task.role.not_in(permissions.PERSONAL_ROLES))
    held = (
        select(Organisation.id, Organisation.name, Person.id, Person.name)
        .select_from(RoleGrant)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(RoleGrant.role.in_(posts), people.in_force(RoleGrant, clock.now(session)), Person.disabled_at.is_(None))
        .order_by(Organisation.name, Person.id)
        .distinct()
        .limit(SHOWN)
    )
    if words.strip():
        held = held.where(Organisation.name.icontains(words.strip(), autoescape=True))
    found: dict[int | None, Receiver] = {}
    for body_id, body, person_id, name in session.execute(held):
        found.setdefault(body_id, Receiver(body_id, body or "", [])).people.append((person_id, name))
    return list(found.values())


def address(session: Session, to: str) -> dict[str, int | str | None]:
    """The arguments of `body-person`, either part empty. Raises Refused, NotFound."""
    body, _, person = to.partition("-")
    body_id, person_id = (whole_number(each) or None for each in (body, person))
    if body_id is None and person_id is None:
        raise Refused(Problem("receiver", "请选择改派给哪个机构或者哪位人员。", "to"))
    office = session.get(Organisation, body_id) if body_id is not None else None
    who = people.get(session, person_id).name if person_id is not None else "该岗位人员"
    return {"body_id": body_id, "person_id": person_id, "words": f"{office.name if office else ''} {who}".strip()}


def _chosen(session: Session, ids: Sequence[int], said: Mapping[str, str]) -> list[BatchItem]:
    """Every open task of the processes; those alone of the office, holder or element by which the list was filtered.

    A process without any is listed too: its page says why nothing comes of it.
    """
    wanted = select(Task, Organisation.name).outerjoin(Organisation, Organisation.id == Task.organisation_id)
    wanted = wanted.where(Task.instance_id.in_(ids), Task.status == "open").order_by(Task.instance_id, Task.id)
    wanted = wanted.where(*instance_filters.of_tasks(session, Filters.of(said)))
    found = [
        BatchItem(
            instance_id=task.instance_id,
            task_id=task.id,
            place=places.words_of(task.name, task.role, office),
            stood=_holder(task),
        )
        for task, office in session.execute(wanted)
    ]
    held = {each.instance_id for each in found}
    return found + instances(session, [key for key in ids if key not in held], said)


def _why_not(session: Session, batch: BatchAction, items: Sequence[BatchItem]) -> Reasons:
    ids = [each.task_id for each in items]
    rows = session.execute(
        select(Task, Declaration.person_id)
        .outerjoin(Declaration, Declaration.id == Task.declaration_id)
        .where(Task.id.in_(ids))
    )
    found = {task.id: (task, applicant) for task, applicant in rows}
    able = _able(session, batch, {task.role for task, _ in found.values()})
    reasons = {}
    for each in items:
        if each.task_id is None:
            reasons[each.id] = NOTHING_OPEN
            continue
        task, applicant = found[each.task_id]
        said = _obstacle(batch, each, task, applicant) or (able.get(task.role, "") if batch.arguments else "")
        if said:
            reasons[each.id] = said
    return reasons


def _obstacle(batch: BatchAction, item: BatchItem, task: Task, applicant: int | None) -> str:
    body, person = batch.arguments.get("body_id"), batch.arguments.get("person_id")
    if task.status != "open" or _holder(task) != item.stood:
        return MOVED
    if permissions.is_personal(task):
        return PERSONAL
    if person is not None and person == applicant:
        return APPLICANT
    same = bool(batch.arguments) and task.organisation_id == body
    return ALREADY if same and task.person_id == person else ""


def _able(session: Session, batch: BatchAction, posts: set[str]) -> dict[str, str]:
    """Post → why the receiver does not hold it; one statement for each of the few posts of a list."""
    body, person = batch.arguments.get("body_id"), batch.arguments.get("person_id")
    now, found = clock.now(session), {}
    for post in sorted(posts) if batch.arguments else ():
        held = {each.person_id for each in people.holders(session, post, body, now)}
        if not held or (person is not None and person not in held):
            found[post] = f"{batch.arguments['words']}没有{people.ROLES.get(post, post)}的岗位。"
    return found


def _holder(task: Task) -> list[int]:
    """The task with the body and the person that hold it, as numbers; none is 0."""
    return [task.id, task.organisation_id or 0, task.person_id or 0]


def _act(session: Session, batch: BatchAction, item: BatchItem) -> None:
    assert item.task_id is not None
    reassigning.reassign(
        session,
        item.task_id,
        to_organisation_id=batch.arguments["body_id"],
        to_person_id=batch.arguments["person_id"],
        reason=batch.reason,
        person_id=batch.person_id,
    )


def _says(session: Session, batch: BatchAction) -> str:
    by = people.get(session, batch.person_id).name
    to = batch.arguments.get("words", "（所选机构或人员）")
    facts = {"by": by, "task": "…", "to": to, "reason": "…"}
    given, taken = (notifications.worded(session, kind, facts, None)[1] for kind in ("reassigned", "reassigned_away"))
    return f"新办理人员将收到：{given}原办理人员将收到：{taken}"


ACTION = Action(
    code="reassign",
    label="改派",
    roles=MANAGERS,
    chosen=_chosen,
    why_not=_why_not,
    run=at_once(_act),
    says=_says,
    stays=False,
    address=address,
)
