"""What two bodies that are to be merged both have: resolved by a rule, or to be settled by them beforehand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.domain import batch_phases, organisations, people
from app.domain.restructuring.touched import under_way
from app.models.desk import ClosingDay
from app.models.notice import Notice
from app.models.people import Organisation, Person, RoleGrant
from app.models.process import Task
from app.models.recommendation import QuotaFiling, UnitBatch


@dataclass(frozen=True)
class Clash:
    """One thing that both have: what it is and what becomes of it; `refused` where no rule decides that."""

    text: str
    refused: bool = False


def between(session: Session, source: Organisation, target: Organisation, at: datetime) -> list[Clash]:
    """Every clash, those that stand in the way first."""
    found = [
        *_batches(session, source, target),
        *_subordinates(session, source, target),
        *_quotas(session, source, target, at),
        *_closing_days(session, source, target),
        *_posts(session, source, target, at),
        *_kinds(source, target),
        *_nobody(session, source, target, at),
    ]
    return sorted(found, key=lambda clash: not clash.refused)


def double_posts(session: Session, source_id: int, target_id: int, at: datetime) -> list[tuple[RoleGrant, RoleGrant]]:
    """Posts of one person and role in both bodies and in force: the source's, the target's."""
    other = aliased(RoleGrant)
    running = (other.from_at <= at) & (other.to_at.is_(None) | (other.to_at > at)) & other.revoked_at.is_(None)
    rows = session.execute(
        select(RoleGrant, other)
        .join(other, (other.person_id == RoleGrant.person_id) & (other.role == RoleGrant.role))
        .where(RoleGrant.organisation_id == source_id, other.organisation_id == target_id)
        .where(people.in_force(RoleGrant, at), running)
        .order_by(RoleGrant.id, other.id)
    )
    pairs = [(old, new) for old, new in rows if old.specialties == new.specialties]
    return list({old.id: (old, new) for old, new in pairs}.values())


def _batches(session: Session, source: Organisation, target: Organisation) -> Iterator[Clash]:
    mine, theirs = aliased(UnitBatch), UnitBatch
    pairs = session.execute(
        select(Notice.title, batch_phases.column(mine), batch_phases.column(theirs))
        .join(mine, mine.notice_key == Notice.key)
        .join(theirs, (theirs.notice_key == mine.notice_key) & (theirs.role == mine.role))
        .where(mine.organisation_id == source.id, theirs.organisation_id == target.id, under_way())
        .where(mine.id.in_(_running_batches(source.id)))
        .order_by(Notice.id, mine.id, theirs.id)
    )
    for title, phase, other in pairs:
        if phase == other == "collecting":
            text = f"《{title}》：两个机构各有一个“{batch_phases.PHASES[phase]}”的推荐批次，一个单位同时只能有一个。"
            yield Clash(f"{text}请先由其中一个机构确定推荐人选，再合并。", refused=True)
            continue
        phases = (batch_phases.PHASES[each] for each in (phase, other))
        words = "、".join(f"{body.name}“{each}”" for body, each in zip((source, target), phases, strict=True))
        yield Clash(f"《{title}》：两个机构都有在办的推荐批次（{words}）。合并后各自办完，互不影响。")


def _running_batches(organisation_id: int) -> Select[int]:
    return select(UnitBatch.id).where(UnitBatch.organisation_id == organisation_id, under_way())


def _subordinates(session: Session, source: Organisation, target: Organisation) -> Iterator[Clash]:
    theirs, living = aliased(Organisation), Organisation.merged_into_id.is_(None)
    names = session.scalars(
        select(Organisation.name)
        .join(theirs, theirs.name == Organisation.name)
        .where(Organisation.parent_id == source.id, theirs.parent_id == target.id, living)
        .where(theirs.merged_into_id.is_(None))
        .order_by(Organisation.name)
    )
    for name in names:
        yield Clash(f"两个机构都有名为“{name}”的下级。请先更名或先合并这两个下级。", refused=True)


def _quotas(session: Session, source: Organisation, target: Organisation, at: datetime) -> Iterator[Clash]:
    years = select(QuotaFiling.year).where(QuotaFiling.year >= clock.local(at).year)
    both = years.where(QuotaFiling.organisation_id == source.id).intersect(
        years.where(QuotaFiling.organisation_id == target.id)
    )
    for (year,) in session.execute(both).all():
        kept = f"合并后以{target.name}的备案为准，{source.name}的备案留作记录，已推荐的人数合并计算。"
        yield Clash(f"两个机构都已备案{year}年申报数量。{kept}数量有变的请重新备案。")


def _closing_days(session: Session, source: Organisation, target: Organisation) -> Iterator[Clash]:
    theirs = aliased(ClosingDay)
    titles = session.scalars(
        select(Notice.title)
        .join(ClosingDay, ClosingDay.notice_key == Notice.key)
        .join(theirs, theirs.notice_key == ClosingDay.notice_key)
        .where(ClosingDay.organisation_id == source.id, theirs.organisation_id == target.id)
        .order_by(Notice.id)
    )
    for title in titles:
        yield Clash(f"《{title}》：两个机构都规定了本单位截止日期。合并后以{target.name}的日期为准。")


def _posts(session: Session, source: Organisation, target: Organisation, at: datetime) -> Iterator[Clash]:
    pairs = double_posts(session, source.id, target.id, at)
    persons = select(Person.id, Person.name).where(Person.id.in_([old.person_id for old, _ in pairs]))
    known = dict(session.execute(persons).all())
    for old, _ in pairs:
        post = people.ROLES.get(old.role, old.role)
        yield Clash(f"{known[old.person_id]}在两个机构都任{post}，合并后保留在{target.name}的任职。")


def _nobody(session: Session, source: Organisation, target: Organisation, at: datetime) -> Iterator[Clash]:
    held = select(RoleGrant.role).where(RoleGrant.organisation_id.in_([source.id, target.id]))
    held = held.where(people.in_force(RoleGrant, at))
    waiting = select(Task.role, func.count()).where(Task.organisation_id == source.id, Task.status == "open")
    for role, count in session.execute(waiting.where(Task.role.not_in(held)).group_by(Task.role).order_by(Task.role)):
        post = people.ROLES.get(role, role)
        yield Clash(f"{post}的{count}件待办在两个机构都无人可办，请安排{target.name}的{post}。")


def _kinds(source: Organisation, target: Organisation) -> Iterator[Clash]:
    if source.kind != target.kind:
        kinds = [organisations.KINDS.get(each.kind, each.kind) for each in (source, target)]
        yield Clash(f"两个机构类别不同（{kinds[0]}、{kinds[1]}），合并后按{kinds[1]}办理，请确认岗位是否合适。")
