"""Experts of a rehearsal: every committee of the schedule is registered, with a pool large enough to draw from."""

from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain import organisations, people, review_committees
from app.models.expert import Expert, PoolEntry, ReviewCommittee
from app.models.notice import Committee
from app.models.people import Person

SIZE = 13
_APPROVING = "cq_municipal_tro"
_SPECIALTIES = ("big_data", "artificial_intelligence", "internet_of_things", "software", "communications")


def register(session: Session, row: Committee, year: int) -> ReviewCommittee:
    """The committee of a row of the schedule, as approved and registered for the year and those around it."""
    known = review_committees.of_row(session, row)
    if known is not None:
        return known
    convening = organisations.by_key(session, row.convening_key)
    return review_committees.register(
        session,
        name=row.name,
        convening_id=convening.id,
        approving_id=organisations.by_key(session, _APPROVING).id,
        kind="specialty",
        levels=list(row.levels),
        series=list(row.series),
        specialties=list(row.specialties),
        executing_size=SIZE,
        composition={"chairs": 1, "deputies": 2, "leaders": 1},
        approval_number="预演",
        approved_from=date(year - 1, 1, 1),
        approved_to=date(year + 2, 12, 31),
    )


def pool(session: Session, committee: ReviewCommittee, count: int, year: int) -> None:
    """Fill the committee's pool with `count` experts, who sit in the pools of other committees too."""
    if session.scalar(select(PoolEntry.id).where(PoolEntry.review_committee_id == committee.id).limit(1)):
        return
    known = session.scalars(select(Expert.id).order_by(Expert.id).limit(count)).all()
    everybody = [*known, *(_expert(session, number) for number in range(len(known) + 1, count + 1))]
    positions = {1: "chair", 2: "deputy_chair", 3: "deputy_chair"}
    entries = [
        {
            "expert_id": expert,
            "review_committee_id": committee.id,
            "source": "recommended",
            "position": positions.get(number, "member"),
            "status": "in_pool",
            "term_from": date(year - 1, 1, 1),
            "term_to": date(year + 2, 12, 31),
        }
        for number, expert in enumerate(everybody, 1)
    ]
    session.execute(insert(PoolEntry), entries)


def _expert(session: Session, number: int) -> int:
    """Each of an employer of his own, so that whoever is drawn stands back from nobody for being a colleague."""
    person: Person = people.register(session, f"r.expert.{number}", f"评委{number:03d}")
    expert = Expert(
        person_id=person.id,
        employer_name=f"预演第{number}所高校",
        series="engineering",
        specialties=[_SPECIALTIES[number % len(_SPECIALTIES)]],
        title="full_senior_engineer" if number % 3 == 0 else "senior_engineer",
        title_since=date(2010, 1, 15),
        non_public=number % 5 == 0,
    )
    session.add(expert)
    session.flush()
    return expert.id
