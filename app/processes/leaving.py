"""Somebody leaves a post, or his account is closed: what he holds, what becomes of it, and doing it.

What he holds goes back to the queue of its post. Who sits in a session as an expert stays secret here too (R-190).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import account_changes, accounts, people, permissions, posts
from app.domain.session_access import SESSION_STAFF
from app.errors import Problem, Refused
from app.models.ballot import Ballot
from app.models.declaration import Declaration
from app.models.draw import Draw
from app.models.expert import ReviewCommittee
from app.models.people import Person, RoleGrant, Substitute
from app.models.process import Task
from app.models.request import TaskRequest
from app.models.review import ReviewSession
from app.processes import reassigning, standing_down

FEW = 20  # tasks that the preview names
OVER = ("ended", "cancelled")


@dataclass(frozen=True)
class Line:
    """One task: what it is called and whom it is about."""

    task_id: int
    instance_id: int
    name: str
    applicant: str


@dataclass(frozen=True)
class Lines:
    """Some tasks, the first of them named."""

    total: int = 0
    named: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Leaving:
    """`back`: tasks he holds, which go to the queue of their post; `alone`: tasks that nobody else could do then."""

    posts: list[str]
    back: Lines
    alone: Lines
    sessions: list[str]
    draws: list[str]
    ballots: list[str]
    own: int  # his own declarations under way, which stay his
    standing: list[str]  # 代办 that ends with it, for him and by him


def preview(session: Session, person_id: int, grants: Sequence[RoleGrant], *, closed: bool = False) -> Leaving:
    """What ending these posts, or (`closed`) the account, would do; a fixed number of statements."""
    now = clock.now(session)
    running = [grant for grant in grants if grant.from_at <= now]
    held = _held(person_id, running)
    mine = select(func.count(Declaration.id)).where(Declaration.person_id == person_id, Declaration.ended_at.is_(None))
    return Leaving(
        posts=[posts.title(session, grant) for grant in grants],
        back=_lines(session, held),
        alone=_lines(session, or_(false(), *_alone(session, running, held))),
        sessions=_sessions(session, running),
        draws=_draws(session, person_id),
        ballots=_ballots(session, person_id),
        own=session.scalar(mine) or 0,
        standing=_standing(session, standing_down.of(session, person_id, grants, closed=closed)),
    )


def end(session: Session, grant_id: int, *, by: int, reason: str) -> Leaving:
    """End a post; what its holder held goes back to the queue, each with its event. Refused during a ballot."""
    grant = posts.get(session, grant_id, lock=True)
    effect = preview(session, grant.person_id, [grant])
    if grant.role in ("teller_supervise", "teller_count"):
        _require_no_ballot(effect)
    _give_back(session, grant.person_id, [grant], by, reason)
    standing = standing_down.of(session, grant.person_id, [grant], closed=False)
    standing_down.break_off(session, standing, grant.person_id, closed=False)
    posts.end(session, grant_id, by=by, reason=reason, back=effect.back.total, alone=effect.alone.total)
    return effect


def disable(session: Session, person_id: int, *, by: int, reason: str) -> Leaving:
    """Close the account at once: no login, no role counts, what it held goes back to its queues. Refused."""
    said = account_changes.required(reason)
    if person_id == by:
        raise Refused(Problem("oneself", "不能停用自己的账号，请由其他系统管理员办理。"))
    held = grants(session, person_id)
    if any(grant.role == posts.ADMINISTRATOR for grant in held):
        posts.require_other_administrator(session, person_id)
    if people.get(session, person_id).disabled_at is not None:
        raise Refused(Problem("disabled", "该账号已经停用。"))
    effect = preview(session, person_id, held, closed=True)
    _require_no_ballot(effect)
    _give_back(session, person_id, held, by, reason)
    standing = standing_down.of(session, person_id, held, closed=True)
    standing_down.break_off(session, standing, person_id, closed=True)
    accounts.disable(session, person_id)
    facts = {"back": effect.back.total, "alone": effect.alone.total}
    account_changes.note(session, person_id, "disabled", by, said, **facts)
    return effect


def grants(session: Session, person_id: int) -> list[RoleGrant]:
    """What the person holds now."""
    held = select(RoleGrant).where(RoleGrant.person_id == person_id, people.in_force(RoleGrant, clock.now(session)))
    return list(session.scalars(held.order_by(RoleGrant.id)))


def _give_back(session: Session, person_id: int, ending: Sequence[RoleGrant], by: int, reason: str) -> None:
    """To the queue; what somebody else had only asked him about goes back to that one."""
    held = select(Task, TaskRequest.home_id).outerjoin(TaskRequest, TaskRequest.id == Task.request_id)
    rows = session.execute(held.where(_held(person_id, ending)).order_by(Task.instance_id, Task.id)).all()
    for task, home in rows:
        able = {each.person_id for each in reassigning.candidates(session, task)} if home else set()
        to = home if home != person_id and home in able else None
        reassigning.reassign(session, task.id, to_person_id=to, reason=reason, person_id=by)


def _held(person_id: int, ending: Sequence[RoleGrant]) -> ColumnElement[bool]:
    """Open tasks of these posts that the person holds, or has only handed to somebody to be asked."""
    lent = select(TaskRequest.task_id).where(TaskRequest.home_id == person_id, TaskRequest.status == "open")
    return and_(
        Task.status == "open",
        or_(Task.person_id == person_id, Task.id.in_(lent)),
        Task.role.not_in(permissions.PERSONAL_ROLES),
        Task.process_key.not_in(permissions.CONFIDENTIAL),
        or_(false(), *map(_of_post, ending)),
    )


def _of_post(grant: RoleGrant) -> ColumnElement[bool]:
    bodies = or_(Task.organisation_id.is_(None), Task.organisation_id == grant.organisation_id)
    return and_(
        Task.role == grant.role, bodies if grant.organisation_id is not None else Task.organisation_id.is_(None)
    )


def _alone(session: Session, ending: Sequence[RoleGrant], held: ColumnElement[bool]) -> Iterator[ColumnElement[bool]]:
    """By post: its open tasks, free or his, that would find nobody else who may do them."""
    limits = _limits_of_others(session, ending)
    for grant in ending:
        others = limits[grant.role, grant.organisation_id]
        if others and not all(others):
            continue  # somebody takes whatever comes
        free = and_(_of_post(grant), Task.status == "open", Task.process_key.not_in(permissions.CONFIDENTIAL))
        waiting = and_(free, or_(Task.person_id.is_(None), held))
        known = {code for limit in others for code in limit}
        left = select(Declaration.id).where(Declaration.specialty.not_in(known))
        yield and_(waiting, Task.declaration_id.in_(left)) if others else waiting


def _limits_of_others(session: Session, ending: Sequence[RoleGrant]) -> dict[posts.Place, list[list[str]]]:
    """Role and body → the specialties of whoever else holds the post; one statement."""
    if not ending:
        return {}
    same = or_(
        *(
            and_(RoleGrant.role == each.role, RoleGrant.organisation_id.is_not_distinct_from(each.organisation_id))
            for each in ending
        )
    )
    others = same & (RoleGrant.person_id != ending[0].person_id)
    running = people.in_force(RoleGrant, clock.now(session)) & Person.disabled_at.is_(None)
    found: dict[posts.Place, list[list[str]]] = defaultdict(list)
    columns = select(RoleGrant.role, RoleGrant.organisation_id, RoleGrant.specialties)
    for role, body, limit in session.execute(
        columns.join(Person, Person.id == RoleGrant.person_id).where(others, running)
    ):
        found[role, body].append(limit)
    return found


def _lines(session: Session, wanted: ColumnElement[bool]) -> Lines:
    rows = session.execute(
        select(Task.id, Task.instance_id, Task.name, Person.name, func.count().over())
        .outerjoin(Declaration, Declaration.id == Task.declaration_id)
        .outerjoin(Person, Person.id == Declaration.person_id)
        .where(wanted)
        .order_by(Task.created_at, Task.id)
        .limit(FEW)
    ).all()
    return Lines(rows[0][4] if rows else 0, [Line(*row[:3], applicant=row[3] or "") for row in rows])


def _sessions(session: Session, ending: Sequence[RoleGrant]) -> list[str]:
    """评审会议 under way of the bodies whose staff he leaves; his own seat in one is nobody's business."""
    bodies = [grant.organisation_id for grant in ending if grant.role in SESSION_STAFF]
    wanted = select(ReviewSession.title).join(ReviewCommittee, ReviewCommittee.id == ReviewSession.review_committee_id)
    wanted = wanted.where(ReviewCommittee.convening_id.in_(bodies), ReviewSession.status.not_in(OVER))
    return list(session.scalars(wanted.order_by(ReviewSession.id).limit(FEW))) if bodies else []


def _standing(session: Session, found: Sequence[Substitute]) -> list[str]:
    """`岳清风代温如玉（单位职称管理员）` of each."""
    ids = {each for row in found for each in (row.person_id, row.substitute_id)}
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())
    posts_of = people.ROLES
    return [
        f"{names[row.substitute_id]}代{names[row.person_id]}（{posts_of.get(row.role, row.role)}）" for row in found
    ]


def _draws(session: Session, person_id: int) -> list[str]:
    """专家抽取 that he runs or watches and whose list is not fixed."""
    his = or_(Draw.operator_id == person_id, Draw.supervisor_id == person_id)
    wanted = select(ReviewSession.title).join(Draw, Draw.session_id == ReviewSession.id)
    wanted = wanted.where(his, Draw.fixed_at.is_(None), Draw.status != "void")
    return list(session.scalars(wanted.order_by(Draw.id).limit(FEW)))


def _ballots(session: Session, person_id: int) -> list[str]:
    """投票 under way whose sheets only he and the other teller can open."""
    running = select(Ballot.officers, ReviewSession.title).join(ReviewSession, ReviewSession.id == Ballot.session_id)
    rows = session.execute(running.where(Ballot.status == "open").order_by(Ballot.id))
    return [title for officers, title in rows if person_id in officers.values()]


def _require_no_ballot(effect: Leaving) -> None:
    if effect.ballots:
        names = "、".join(effect.ballots)
        message = f"{names}正在投票，选票须由其本人与另一名计票人员共同开启，计票前不能结束任职或停用账号。"
        raise Refused(Problem("ballot", message))
