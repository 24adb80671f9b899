"""What a person sees in one of his identities, and whether he sees one case: asked of the permissions themselves.

Whom somebody asks to review stays secret (R-190): his own tasks of that kind are neither counted nor answered for.
"""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from app.domain import people, permissions, pool_access, session_access, statuses
from app.domain.permissions import CONFIDENTIAL, Grant, Grants
from app.domain.said import whole_number
from app.models.declaration import Declaration
from app.models.expert import ReviewCommittee
from app.models.people import Organisation
from app.models.process import ProcessInstance, Task
from app.models.review import ReviewSession
from app.processes import monitor
from app.processes.overseeing import OVERSEERS

SECRET = "评审专家的邀请在会议前保密，只有被邀请的本人可以查看；某人是否被邀请，此处不作答复。"  # noqa: S105

NO_DECLARATION = "本件不是一份申报；单位推荐、评审会议、投诉举报等各按其岗位查看，办理监控只对可以查看全部的人员开放。"


@dataclass(frozen=True)
class Sight:
    """Counts of the lists, of open tasks by post, of declarations by their state."""

    lists: dict[str, int]
    by_post: list[tuple[Grant, int]]
    states: list[tuple[str, int]]


@dataclass(frozen=True)
class Verdict:
    """Whether he may see the case and by which ways; its open tasks, whose they are and whether he may do them."""

    instance_id: int | None
    seen: bool
    page: bool  # of 办理监控: for those who oversee
    ways: list[str]
    tasks: list[tuple[str, str, bool]]  # name, whose, may he do it
    why_not: str = ""


def of(session: Session, grants: Grants) -> Sight:
    """Four statements, whatever there is to count."""
    todo = select(func.count(Task.id)).where(_open_to(grants))
    done = select(func.count(Task.id)).where(Task.ended_by == grants.person_id, Task.status == "completed", _plain())
    counted = {"待办": todo, "已办": done, "评审会议": _count(ReviewSession, session_access.visible_sessions(grants))}
    counted["评审专家库"] = _count(ReviewCommittee, pool_access.visible_committees(grants))
    if grants.roles & set(OVERSEERS):
        counted["办理监控"] = _count(ProcessInstance, monitor.visible(grants))
    posts = [
        select(func.count(Task.id)).where(_open_to(replace(grants, held=(each,), personal=False)))
        for each in grants.held
    ]
    row = session.execute(select(*(each.scalar_subquery() for each in (*counted.values(), *posts)))).one()
    states = session.execute(
        select(Declaration.status, func.count())
        .where(permissions.visible_declarations(grants))
        .group_by(Declaration.status)
        .order_by(Declaration.status)
    )
    return Sight(
        lists=dict(zip(counted, row, strict=False)),
        by_post=list(zip(grants.held, row[len(counted) :], strict=True)),
        states=[(statuses.label(status), count) for status, count in states],
    )


def about(session: Session, grants: Grants, said: str) -> Verdict | None:
    """The case of a declaration's or acceptance's number, or of an instance's (`#12`); None where there is none."""
    found = session.execute(_cases(said)).first()
    if found is None:
        return None
    instance_id, declaration_id, process = found
    if process in CONFIDENTIAL:
        return Verdict(instance_id, seen=False, page=False, ways=[], tasks=[], why_not=SECRET)
    page = _page(session, grants, instance_id)
    seen = page
    if declaration_id is not None:
        seen = permissions.may_see_declaration(session, grants, declaration_id)
    ways = _ways(session, grants, declaration_id) if seen else []
    tasks = _tasks(session, grants, instance_id)
    why_not = NO_DECLARATION if declaration_id is None else _why_not(grants)
    return Verdict(instance_id, seen, page, ways, tasks, "" if seen else why_not)


def _cases(said: str) -> Select[int, int | None, str]:
    """Newest first: a declaration has one process of its own, others may be about it."""
    number = whole_number(said.strip().removeprefix("#"))
    columns = select(ProcessInstance.id, ProcessInstance.declaration_id, ProcessInstance.process_key)
    if number:
        return columns.where(ProcessInstance.id == number)
    named = select(Declaration.instance_id).where(
        or_(Declaration.number == said.strip(), Declaration.acceptance_no == said.strip())
    )
    return columns.where(ProcessInstance.id.in_(named))


def _page(session: Session, grants: Grants, instance_id: int) -> bool:
    if not grants.roles & set(OVERSEERS):
        return False
    seen = select(ProcessInstance.id).where(ProcessInstance.id == instance_id, monitor.visible(grants))
    return session.scalar(seen) is not None


def _ways(session: Session, grants: Grants, declaration_id: int | None) -> list[str]:
    """Every way in words, with the post it rests on where it rests on one."""
    if grants.sees_all or declaration_id is None:
        return [permissions.WAYS["all"]] if grants.sees_all else []
    words = []
    for part, post in _parts(grants):
        for way, ids in permissions.ways_to_see(part):
            if (way == "oversees") == (post is not None):
                words.append((f"{permissions.WAYS[way]}{f'（{post}）' if post else ''}", ids))
    asked = [select(true()).where(ids.subquery().c[0] == declaration_id).exists() for _, ids in words]
    row = session.execute(select(*asked)).one()
    return list(dict.fromkeys(said for (said, _), met in zip(words, row, strict=True) if met))


def _parts(grants: Grants) -> list[tuple[Grants, str | None]]:
    """The person without his posts, and each post by itself."""
    return [(replace(grants, held=()), None), *((replace(grants, held=(each,)), each.title) for each in grants.held)]


def _tasks(session: Session, grants: Grants, instance_id: int) -> list[tuple[str, str, bool]]:
    rows = session.execute(
        select(Task.name, Task.role, Organisation.name, permissions.actionable_tasks(grants))
        .outerjoin(Organisation, Organisation.id == Task.organisation_id)
        .where(Task.instance_id == instance_id, Task.status == "open")
        .order_by(Task.id)
    )
    return [(name, f"{body or ''} {people.ROLES.get(role, role)}".strip(), bool(may)) for name, role, body, may in rows]


def _why_not(grants: Grants) -> str:
    if not grants.held:
        return "该身份没有任职；个人只能查看本人的申报，以及他人转办、委派、加签、抄送给其的事项。"
    limited = any(grant.specialties for grant in grants.held)
    only = "，或者本件的专业不在其限定专业之内" if limited else ""
    return f"本件没有事项在“{grants.title}”的任职机构或其下级机构的同一岗位，也没有由其办理过或者转给其的事项{only}。"


def _open_to(grants: Grants) -> ColumnElement[bool]:
    return and_(permissions.actionable_tasks(grants), _plain())


def _plain() -> ColumnElement[bool]:
    return Task.process_key.not_in(CONFIDENTIAL)


def _count(table: type, seen: ColumnElement[bool]) -> Select[int]:
    return select(func.count(table.id)).where(seen)  # type: ignore[attr-defined]
