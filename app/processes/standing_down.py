"""代办 that comes to its end before its term: what the substitute had claimed goes back to the queue of its post."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select, true, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import notifications, people, permissions, substitutes
from app.models.people import RoleGrant, Substitute
from app.models.process import Task

CLOSED, LEFT = "代办人的账号已停用", "代办人已不在该机构任职"


def end(session: Session, substitute_id: int, person_id: int) -> int:
    """The absent is back; gives how many tasks are free again. Raises NotFound."""
    return _put_down(session, substitutes.end(session, substitute_id, person_id))


def of(session: Session, person_id: int, ending: Sequence[RoleGrant], *, closed: bool) -> list[Substitute]:
    """The substitutions, running or to come, that cannot go on when these posts end, or (`closed`) the account does.

    They are those for the posts themselves, and those in which the person stands in for somebody of a body that he
    leaves altogether.
    """
    everything = true() if closed else false()
    post = (_same(Substitute, each) for each in ending)
    own = and_(Substitute.person_id == person_id, or_(everything, *post))
    ids = [each.id for each in ending]
    stays = select(RoleGrant.organisation_id).where(RoleGrant.person_id == person_id, RoleGrant.id.not_in(ids))
    stays = stays.where(people.in_force(RoleGrant, clock.now(session)), RoleGrant.organisation_id.is_not(None))
    bodies = [each.organisation_id for each in ending]
    left = and_(Substitute.organisation_id.in_(bodies), Substitute.organisation_id.not_in(stays))
    standing = and_(Substitute.substitute_id == person_id, or_(everything, left))
    wanted = select(Substitute).where(or_(own, standing), substitutes.not_over(clock.now(session)))
    return list(session.scalars(wanted.order_by(Substitute.id)))


def break_off(session: Session, found: Sequence[Substitute], leaving_id: int, *, closed: bool) -> None:
    """End them now, and tell every absent whose substitute is lost."""
    why = CLOSED if closed else LEFT
    for row in found:
        substitutes.stop(session, row)
        back = _put_down(session, row)
        if row.person_id != leaving_id:
            facts = {"who": people.get(session, row.substitute_id).name, "role": people.ROLES.get(row.role, row.role)}
            reason = f"{why}{f'，其已认领的{back}件放回待认领' if back else ''}"
            notifications.post(session, [row.person_id], "substitute_lost", {**facts, "reason": reason})


def _put_down(session: Session, row: Substitute) -> int:
    """What he had claimed in the absent's place; nothing where the post is his own as well."""
    own = select(RoleGrant.id).where(RoleGrant.person_id == row.substitute_id, _same(RoleGrant, row))
    if session.scalar(own.where(people.in_force(RoleGrant, clock.now(session))).limit(1)) is not None:
        return 0
    held = and_(_same(Task, row), Task.person_id == row.substitute_id, Task.status == "open", Task.request_id.is_(None))
    office = Task.role.not_in(permissions.PERSONAL_ROLES) & Task.process_key.not_in(permissions.CONFIDENTIAL)
    freed = update(Task).where(held, office).values(person_id=None).returning(Task.id)
    return len(session.scalars(freed.execution_options(synchronize_session="fetch")).all())


def _same(of: type[Task] | type[Substitute] | type[RoleGrant], post: RoleGrant | Substitute) -> ColumnElement[bool]:
    return and_(of.role == post.role, of.organisation_id.is_not_distinct_from(post.organisation_id))
