"""Putting a body with all beneath it under another superior: who gains and who loses sight of its work."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from app.domain import organisations, people, permissions
from app.domain.restructuring import changes, record
from app.errors import Problem, Refused
from app.models.people import Organisation, RoleGrant
from app.models.process import Task
from app.rows import kept_changed


@dataclass(frozen=True)
class Sight:
    """A body above whose people see the subtree's work no longer (or from now on): how many they are and see."""

    body: str
    gains: bool
    people: int
    tasks: int


def check(session: Session, body: Organisation, parent: Organisation | None) -> None:
    """Refused for a circle, a merged body or parent, a namesake beneath the parent, and where it stands there."""
    changes.require_living(body)
    if parent is not None:
        changes.require_living(parent)
        if parent.path.startswith(body.path):
            raise Refused(Problem("circle", "不能把机构移到它自己或它的下级之下。", "parent_id"))
    if body.parent_id == (parent.id if parent else None):
        raise Refused(Problem("unchanged", "该机构现在就隶属于所选的上级。", "parent_id"))
    changes.refuse_namesake(session, body.name, parent.id if parent else None, body.id)


def sights(session: Session, body: Organisation, parent: Organisation | None, at: datetime) -> list[Sight]:
    """Who gains and who loses sight by subtree if the body moves; those whose people see none of it left out."""
    before = {each.id: each for each in organisations.ancestors(session, body.id)[:-1]}
    after = {each.id: each for each in (organisations.ancestors(session, parent.id) if parent else ())}
    changing = [each for each in (*before.values(), *after.values()) if (each.id in before) != (each.id in after)]
    holding = select(RoleGrant.organisation_id, RoleGrant.role, RoleGrant.person_id).where(
        RoleGrant.organisation_id.in_([each.id for each in changing]), people.in_force(RoleGrant, at)
    )
    held = session.execute(holding).all()
    there = organisations.within(Task.organisation_id, [body.path]) & (Task.status == "open")
    counted = select(Task.role, func.count()).where(there).group_by(Task.role)
    waiting = dict(session.execute(counted).all())
    found = []
    for each in changing:
        theirs = [(role, person) for at_body, role, person in held if at_body == each.id]
        roles = {seen for role, _ in theirs for seen in (role, *permissions.SEES_ALSO.get(role, ()))}
        tasks = sum(waiting.get(role, 0) for role in roles)
        if tasks:
            found.append(Sight(each.name, each.id in after, len({person for _, person in theirs}), tasks))
    return found


def move(
    session: Session,
    organisation_id: int,
    parent_id: int | None,
    *,
    reason: str,
    by: int | None,
    seen: str | None = None,
) -> None:
    """Put the body with its whole subtree under another parent, or under none. Refused as `check` is; Conflict."""
    bodies = changes.locked(session, organisation_id, *([] if parent_id is None else [parent_id]), seen=seen)
    body, parent = bodies[0], bodies[1] if parent_id is not None else None
    changes.require_reason(reason)
    check(session, body, parent)
    before = None if body.parent_id is None else organisations.get(session, body.parent_id).name
    relocate(session, body, parent)
    words = {"parent": (before or "", parent.name if parent else "")}
    record.write(session, "organisation_moved", organisation_id, words, reason=reason, by=by)


def relocate(session: Session, body: Organisation, parent: Organisation | None) -> None:
    """The body's parent, and the paths of its subtree in one statement."""
    old, new = body.path, f"{parent.path if parent else '/'}{body.id}/"
    body.parent_id = parent.id if parent else None
    session.flush()
    rewrite_paths(session, old, new)
    session.refresh(body)


def rewrite_paths(session: Session, old: str, new: str) -> None:
    """Replace the prefix `old` of every path that has it."""
    kept_changed(session)
    rest = func.substr(Organisation.path, len(old) + 1)
    session.execute(
        update(Organisation)
        .where(Organisation.path.like(f"{old}%"))
        .values(path=literal(new) + rest)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
