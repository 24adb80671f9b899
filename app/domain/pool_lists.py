"""A pool as its office looks at it: who stands in it, filtered and paged, and how healthy it is."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, String, and_, cast, func, not_, or_, select
from sqlalchemy.orm import Session

from app.domain import composition, dictionaries, experts, notices, parameters, pools
from app.domain.composition import Lamp, Member
from app.models.expert import Expert, PoolEntry, ReviewCommittee
from app.models.people import Person

NOTICE = "n0_2021_experts"  # the notice that says how a pool is made up
STATES = {
    "free": "在库",
    "expiring": "任期将满",
    "suspended": "暂停参评",
    "sanctioned": "处分期或影响期内",
    "retired": "已退休",
    "blacklisted": "列入黑名单",
    "expired": "任期届满",
    "out": "已退出",
}
MARKS = {"free": "", "expiring": "mark-due", "out": "mark-held", "expired": "mark-held"}  # others: overdue
PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What narrows the list."""

    words: str = ""
    state: str = ""
    source: str = ""
    specialty: str = ""


@dataclass(frozen=True)
class Line:
    """One expert of the pool as lists show him."""

    entry: PoolEntry
    expert: Expert
    person: Person
    state: str

    @property
    def specialties(self) -> str:
        return experts.specialty_names(self.expert.specialties)

    @property
    def title(self) -> str:
        return dictionaries.label("title", self.expert.title)


def lines(session: Session, registered: ReviewCommittee, on: date, asked: Asked, page: int | None) -> list[Line]:
    """The page of the filtered list, all of it for None; one statement."""
    conditions = states(on, reminder_days(session))
    which = [condition.label(key) for key, condition in conditions.items()]
    wanted = (
        select(PoolEntry, Expert, Person, *which)
        .join(Expert, Expert.id == PoolEntry.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .where(_asked(registered, on, asked, conditions))
        .order_by(PoolEntry.position != "chair", PoolEntry.position != "deputy_chair", Person.name, PoolEntry.id)
    )
    if page is not None:
        wanted = wanted.limit(PAGE).offset((page - 1) * PAGE)
    return [
        Line(entry, expert, person, next(key for key, holds in zip(conditions, held, strict=True) if holds))
        for entry, expert, person, *held in session.execute(wanted)
    ]


def count(session: Session, registered: ReviewCommittee, on: date, asked: Asked) -> int:
    conditions = states(on, reminder_days(session))
    wanted = select(func.count(PoolEntry.id)).join(Expert, Expert.id == PoolEntry.expert_id)
    wanted = wanted.join(Person, Person.id == Expert.person_id)
    return session.scalar(wanted.where(_asked(registered, on, asked, conditions))) or 0


def states(on: date, reminder: int) -> dict[str, ColumnElement[bool]]:
    """Key of STATES → predicate, the first that holds names the entry; `free` holds where no other does."""
    out = PoolEntry.status == "out"
    barring = ("blacklisted", "expired", "suspended", "sanctioned", "retired")
    found: dict[str, ColumnElement[bool]] = {"out": out}
    excluded = pools.exclusions(on)
    found |= {key: and_(not_(out), excluded[key]) for key in barring}
    standing = and_(not_(out), *(not_(excluded[key]) for key in barring))
    soon = PoolEntry.term_to <= on + timedelta(days=reminder)
    return {**found, "expiring": and_(standing, soon), "free": and_(standing, not_(soon))}


def lamps(session: Session, registered: ReviewCommittee, on: date) -> list[Lamp]:
    """The measures of whoever stands in the pool on the day, and how many terms are about to end."""
    version = notices.current(session, NOTICE)

    def parameter(key: str) -> object:
        return parameters.lookup(session, version.id, key).value

    asked = composition.standards(parameter)
    rows = session.execute(
        select(PoolEntry, Expert, Person.birth)
        .join(Expert, Expert.id == PoolEntry.expert_id)
        .join(Person, Person.id == Expert.person_id)
        .where(PoolEntry.review_committee_id == registered.id, PoolEntry.id.in_(pools.current_terms(on)))
        .where(PoolEntry.term_to >= on)
    ).all()
    most = int(str(parameter("young_expert_age")))
    members = [_member(entry, expert, birth, on, most) for entry, expert, birth in rows]
    committee = composition.Committee(
        kind=registered.kind,
        executing=registered.executing_size,
        district=registered.district,
        non_public_facing=registered.non_public_facing,
    )
    return [*composition.examine(members, committee, asked), _ending([row[0] for row in rows], on, session)]


def reminder_days(session: Session) -> int:
    """Days before the end of a term from which it is about to end."""
    version = notices.current(session, NOTICE)
    return parameters.number(session, version.id, "pool_reminder_days", otherwise=90)


def _ending(entries: list[PoolEntry], on: date, session: Session) -> Lamp:
    days = reminder_days(session)
    soon = sum(entry.term_to <= on + timedelta(days=days) for entry in entries)
    value = f"{soon}人{days}日内届满"
    return Lamp("terms", "任期", value, "届满前换届或续聘", "info" if soon else "ok", "R-163", "N0 §六")


def _member(entry: PoolEntry, expert: Expert, birth: date | None, on: date, most: int) -> Member:
    retired = expert.retired_on is not None and expert.retired_on <= on and not expert.retirement_exception
    return Member(
        source=entry.source,
        position=entry.position,
        leader=expert.leader,
        barred_in_principle=expert.civil_servant or retired,
        non_public=expert.non_public,
        front_line=expert.front_line,
        young=birth is not None and experts.anniversary(birth, most + 1) > on,
        district=expert.district,
    )


def _asked(
    registered: ReviewCommittee, on: date, asked: Asked, conditions: dict[str, ColumnElement[bool]]
) -> ColumnElement[bool]:
    latest = select(func.max(PoolEntry.id)).where(
        PoolEntry.review_committee_id == registered.id, PoolEntry.term_from <= on
    )
    wanted: list[ColumnElement[bool]] = [PoolEntry.id.in_(latest.group_by(PoolEntry.expert_id))]
    if asked.words:
        fields = (Person.name, Expert.employer_name)
        wanted.append(or_(*(field.icontains(asked.words, autoescape=True) for field in fields)))
    if asked.state in conditions:
        wanted.append(conditions[asked.state])
    if asked.source in composition.SOURCES:
        wanted.append(PoolEntry.source == asked.source)
    if asked.specialty:
        wanted.append(cast(Expert.specialties, String).contains(f'"{asked.specialty}"', autoescape=True))
    return and_(*wanted)
