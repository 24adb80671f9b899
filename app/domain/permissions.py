"""The only place that decides who may see and do what (D29): SQL predicates, so that lists obey the same rule.

To act on a task one holds its role in its very body, or holds the task; while somebody is asked about it he alone may
answer, and nobody decides. To see a case one holds a role over the subtree its tasks lie in, holds, held or was shown a
task of it, is its applicant, or manages the whole. Nobody acts for an office on his own declaration.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, or_, select, true, union_all
from sqlalchemy.orm import Session

from app.domain import organisations, people, task_requests, waiting
from app.domain.grants import Grant, Grants, grants_of
from app.errors import NotAllowed
from app.models.declaration import Declaration
from app.models.people import BindingRequest
from app.models.process import Task
from app.models.recommendation import BatchEntry

__all__ = ["Grant", "Grants", "grants_of"]

CONFIDENTIAL = ("expert_invitation",)  # processes that their person alone knows of: who is asked to review is secret
PERSONAL_ROLES = ("applicant", "expert_candidate")  # whose tasks stay with their person
# whose tasks a role sees besides its own, within its subtree
SEES_ALSO = {
    "unit_clerk": ("unit_head",),
    "unit_head": ("unit_clerk",),
    "committee_office": ("finance",),
}
WAYS = {
    "holds": "本件有事项由其认领",
    "held": "其办理过本件的事项",
    "oversees": "本件有事项在其任职机构或下级机构的同一岗位",
    "shown": "有人就本件向其转办、委派、加签或者抄送",
    "own": "是其本人的申报",
    "all": "管理人员和系统管理员可以查看全部申报",
}
_Post = tuple[str, tuple[str, ...]]  # a role, and the specialties that it is limited to


def may_act(session: Session, person_id: int, task: Task, grants: Grants | None = None) -> bool:
    """Whether the person may do this task now; one statement when his grants are handed in."""
    who = grants or grants_of(session, person_id)
    return session.scalar(select(Task.id).where(Task.id == task.id, decidable_tasks(who))) is not None


def may_answer(session: Session, grants: Grants, task: Task) -> bool:
    """Whether the task is in the person's hands to be answered: he was asked about it, or stands in for who was."""
    wanted = select(Task.id).where(Task.id == task.id, Task.request_id.is_not(None), actionable_tasks(grants))
    return session.scalar(wanted) is not None


def require_act(session: Session, person_id: int, task: Task, grants: Grants | None = None) -> None:
    """NotAllowed with sentence 25, which names who handles the task, unless the person may do it."""
    who = grants or grants_of(session, person_id)
    if not (_plainly_his(session, who, task) or may_act(session, person_id, task, who)):
        raise NotAllowed(waiting.not_yours(session, task, who.person_id, who.title))


def _plainly_his(session: Session, grants: Grants, task: Task) -> bool:
    """True where the task's row, as read, says what `actionable_tasks` would: saves a statement, decides no refusal."""
    if task.status != "open" or task.request_id is not None:
        return False
    specialty = None
    if task.role != "applicant" and task.declaration_id is not None:
        declaration = session.get(Declaration, task.declaration_id)
        if declaration is None or declaration.person_id == grants.person_id:
            return False
        specialty = declaration.specialty
    if task.person_id == grants.person_id and (grants.personal or task.role != "applicant"):
        return True
    return task.process_key not in CONFIDENTIAL and any(
        grant.role == task.role
        and task.organisation_id in (None, grant.organisation_id)
        and task.person_id in (None, grants.person_id, grant.on_behalf_of)
        and grant.covers(specialty)
        for grant in grants.held
    )


def decidable_tasks(grants: Grants) -> ColumnElement[bool]:
    """Of 待办 those that the person may do: nobody is asked about them."""
    return and_(actionable_tasks(grants), Task.request_id.is_(None))


def actionable_tasks(grants: Grants) -> ColumnElement[bool]:
    """待办: open tasks that are the person's own, or unclaimed and of a role he holds in the task's body."""
    mine = [_held_by(grants)]
    for on_behalf_of, places in _places(grants).items():
        claimers = [grants.person_id] if on_behalf_of is None else [grants.person_id, on_behalf_of]
        free = and_(Task.process_key.not_in(CONFIDENTIAL), or_(Task.person_id.is_(None), Task.person_id.in_(claimers)))
        mine += [
            and_(
                Task.role == role,
                or_(Task.organisation_id.is_(None), Task.organisation_id.in_(bodies)),
                free,
                *_about(only),
            )
            for (role, only), bodies in places.items()
        ]
    own_case = Task.declaration_id.in_(own_declarations(grants))
    not_for_oneself = or_(Task.role == "applicant", Task.declaration_id.is_(None), ~own_case)
    return and_(Task.status == "open", or_(*mine), not_for_oneself)


def is_personal(task: Task) -> bool:
    """Whether the task is one person's own: he cannot put it back, and nobody takes it over or stands in for him."""
    return task.role in PERSONAL_ROLES or task.process_key in CONFIDENTIAL


def may_see_task(session: Session, grants: Grants, task: Task) -> bool:
    """Whether the person may open the task's page; an office's page on his own declaration stays closed to him."""
    return bool(openable_tasks(session, grants, [task.id]))


def openable_tasks(session: Session, grants: Grants, task_ids: Iterable[int]) -> set[int]:
    """Those of the tasks whose pages the person may open: a list links to no other."""
    own_case = Task.declaration_id.in_(own_declarations(grants))
    open_to_him = or_(Task.role == "applicant", Task.declaration_id.is_(None), ~own_case)
    query = select(Task.id).where(Task.id.in_(task_ids), visible_tasks(grants), open_to_him)
    return set(session.scalars(query))


def still_holds(grants: Grants, task: Task) -> bool:
    """Whether the role in which a task was done is still the person's: he may take the work back."""
    if task.role == "applicant":
        return grants.personal and task.person_id == grants.person_id
    return any(
        grant.role == task.role and task.organisation_id in (None, grant.organisation_id) for grant in grants.held
    )


def is_applicant(session: Session, grants: Grants, task: Task) -> bool:
    """Whether the task is about the person's own declaration."""
    own_case = Task.declaration_id.in_(own_declarations(grants))
    return session.scalar(select(Task.id).where(Task.id == task.id, own_case)) is not None


def visible_tasks(grants: Grants) -> ColumnElement[bool]:
    """Tasks the person may look at, open or past; who is asked to review is known to himself alone."""
    open_to_others = Task.process_key.not_in(CONFIDENTIAL)
    if grants.sees_all:
        return or_(open_to_others, Task.person_id == grants.person_id)
    shown = Task.id.in_(task_requests.shown_to(grants.person_id))
    seen = [_held_by(grants), Task.ended_by == grants.person_id, shown, and_(open_to_others, overseen(grants))]
    if grants.personal:
        seen.append(Task.declaration_id.in_(own_declarations(grants)))
    return or_(*seen)


def visible_declarations(grants: Grants) -> ColumnElement[bool]:
    """Declarations the person may look at: his own, and those with a task he holds, held or oversees."""
    return true() if grants.sees_all else Declaration.id.in_(seen_declarations(grants))


def seen_declarations(grants: Grants) -> CompoundSelect[int | None]:
    """Their ids, of somebody who does not see all: each way of seeing one goes by an index of its own."""
    return union_all(*(ids for _, ids in ways_to_see(grants)))


def ways_to_see(grants: Grants) -> list[tuple[str, Select[int | None]]]:
    """(way, ids of the declarations seen in this way); the ways are those of WAYS."""
    tasks = select(Task.declaration_id).where(Task.declaration_id.is_not(None))
    shown = select(task_requests.declarations_shown_to(grants.person_id).subquery().c[0])
    ways = [("holds", tasks.where(_held_by(grants))), ("held", tasks.where(Task.ended_by == grants.person_id))]
    ways += [("oversees", tasks.where(each)) for each in _oversights(grants)] + [("shown", shown)]
    return ways + ([("own", own_declarations(grants))] if grants.personal else [])


def may_see_declaration(session: Session, grants: Grants, declaration_id: int) -> bool:
    query = select(Declaration.id).where(Declaration.id == declaration_id, visible_declarations(grants))
    return session.scalar(query) is not None


def require_see_declaration(session: Session, grants: Grants, declaration_id: int) -> None:
    """NotAllowed unless the person may look at the declaration."""
    if not may_see_declaration(session, grants, declaration_id):
        raise NotAllowed(f"您当前身份为{grants.title}，不能查看这份申请书。如需办理，请切换身份或联系办理机构。")


def require_role(grants: Grants, *roles: str) -> None:
    """NotAllowed unless one of the roles is held; for pages that belong to a post and to no task."""
    if not grants.roles & set(roles):
        posts = "、".join(people.ROLES[role] for role in roles)
        raise NotAllowed(f"此事项由{posts}办理，您当前身份为{grants.title}。如需办理，请切换身份或联系{posts}。")


def may_see_proof(session: Session, grants: Grants, batch_id: int) -> bool:
    """Whether one acts for an office that sees a name of the batch; nobody does as an applicant."""
    inside = select(BatchEntry.declaration_id).where(BatchEntry.batch_id == batch_id)
    query = select(Declaration.id).where(Declaration.id.in_(inside), visible_declarations(grants)).limit(1)
    return not grants.personal and session.scalar(query) is not None


def require_keeper(grants: Grants, organisation_id: int) -> None:
    """NotAllowed unless the person administers the very body, or the system."""
    own = [grant for grant in grants.held if grant.organisation_id == organisation_id]
    if not any(grant.role in people.ADMINISTRATOR_ROLES for grant in own) and not grants.holds("system_admin"):
        raise NotAllowed(f"联系方式由该机构的职称管理员填写，您当前身份为{grants.title}。如需填写，请切换身份。")


def decidable_bindings(grants: Grants) -> ColumnElement[bool]:
    """Registrations the person may decide: beneath a body he administers; the administrator all; never his own."""
    bodies = [grant.organisation_id for grant in grants.held if grant.role in people.ADMINISTRATOR_ROLES]
    mine = true() if grants.holds("system_admin") else BindingRequest.parent_id.in_(bodies)
    return and_(mine, BindingRequest.person_id != grants.person_id)


def _held_by(grants: Grants) -> ColumnElement[bool]:
    """Tasks bound to the person; as an officer he has put down what is his as an applicant."""
    bound = Task.person_id == grants.person_id
    return bound if grants.personal else and_(bound, Task.role != "applicant")


def _places(grants: Grants) -> dict[int | None, dict[_Post, list[int | None]]]:
    """Absent person (None: oneself) → role with its specialties → bodies."""
    places: dict[int | None, dict[_Post, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for grant in grants.held:
        places[grant.on_behalf_of][grant.role, grant.specialties].append(grant.organisation_id)
    return places


def _about(specialties: Iterable[str]) -> list[ColumnElement[bool]]:
    """What limits a grant to these specialties (none: nothing does); a task about no declaration is never left out."""
    if not specialties:
        return []
    covered = or_(Declaration.specialty.is_(None), Declaration.specialty.in_(specialties))
    return [or_(Task.declaration_id.is_(None), Task.declaration_id.in_(select(Declaration.id).where(covered)))]


def overseen(grants: Grants, of: Any = Task) -> ColumnElement[bool]:
    """Tasks, or rows of figures about them (`of`), of a role held or overseen by it, in the subtree of its body."""
    return or_(false(), *_oversights(grants, of))


def _oversights(grants: Grants, of: Any = Task) -> list[ColumnElement[bool]]:
    """The ways in which the person oversees one, none of them his own doing; figures know no specialties."""
    paths: dict[_Post, list[str]] = defaultdict(list)  # none: the role is held in no body
    for grant in grants.held:
        specialties = grant.specialties if of is Task else ()
        for role in (grant.role, *SEES_ALSO.get(grant.role, ())):
            paths[role, specialties] += [grant.path] if grant.path is not None else []
    seen = [
        and_(of.role == role, organisations.within(of.organisation_id, at), *_about(specialties))
        for (role, specialties), at in paths.items()
        if at
    ]
    return seen + [and_(of.role == role, of.organisation_id.is_(None), *_about(only)) for role, only in sorted(paths)]


def own_declarations(grants: Grants) -> Select[int]:
    return select(Declaration.id).where(Declaration.person_id == grants.person_id)
