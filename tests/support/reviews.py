"""A review session with seated experts and paid declarations, made of rows, for tests of what goes on in it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import organisations, review_committees
from app.domain.notice_content import content
from app.domain.reviews import agenda, openings, seats, sessions
from app.domain.reviews.quorum import VoteRules
from app.domain.reviews.seats import Sitting
from app.models.ballot import Ballot
from app.models.declaration import Declaration
from app.models.expert import Expert, ReviewCommittee
from app.models.notice import Committee
from app.models.people import Person
from app.models.process import ProcessInstance
from app.models.review import AgendaItem, Confirmation, Recusal, ReviewSession, Seat
from tests.support import cases
from tests.support.cases import Season

APPROVED_TO = date(2026, 8, 31)


@dataclass
class Meeting:
    """A session, its seats by number (the chair first, then a deputy) and its items in their order."""

    season: Season
    review: ReviewSession
    seats: list[Seat]
    items: list[AgendaItem]

    @property
    def members(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.position != "reserve"]

    def come(self, count: int) -> list[Seat]:
        """The first `count` members sign in, with pledge and phone receipt; gives them."""
        here = self.members[:count]
        for number, seat in enumerate(here, 1):
            seats.sign_in(self.season.session, seat, phone_receipt=f"T{number:03d}", pledged=True)
        return here

    def person(self, seat: Seat) -> int:
        """Id of the person who has the seat."""
        return self.season.session.get_one(Expert, seat.expert_id).person_id


def session_with(
    session: Session, seats: int = 13, items: int = 5, *, reserves: int = 0, season: Season | None = None
) -> Meeting:
    """`seats` executing members (chair, deputy, members), `reserves`, and `items` declarations on the agenda.

    The session is scheduled and nobody has signed in; `opened` goes on from there.
    """
    found = season or cases.season(session)
    committee = registered(found)
    review = sessions.create(session, found.version.id, found.committee, committee)
    review.instance_id = cases.instance(found, sessions.PROCESS, subject={"session_id": review.id}).id
    review.planned_from, review.planned_until = clock.now(session), datetime(2099, 1, 1, tzinfo=clock.SHANGHAI)
    review.place, review.status = "虚构宾馆三楼会议室", "scheduled"
    made = experts(session, seats + reserves)
    positions = ["chair", "deputy_chair", *["member"] * (seats - 2)][:seats] + ["reserve"] * reserves
    seated = _seated(session, review, made, positions)
    ready(found, items)
    agenda.build(session, review)
    return Meeting(found, review, seated, agenda.items(session, review.id))


def opened(session: Session, seats: int = 13, items: int = 5, *, present: int = 11, **more: Any) -> Meeting:
    """As `session_with`, with `present` members signed in and the session open under the chair's lead."""
    meeting = session_with(session, seats, items, **more)
    meeting.review.presiding_id = meeting.come(present)[0].id
    openings.minute_rules(session, meeting.review, recused_count=None)
    meeting.review.status, meeting.review.opened_at = "open", clock.now(session)
    agenda.take_up(session, meeting.review)
    session.flush()
    return meeting


def registered(season: Season, approved_to: date = APPROVED_TO) -> ReviewCommittee:
    """The season's committee as approved and registered."""
    row = season.committee
    known = season.session.scalar(select(ReviewCommittee).where(ReviewCommittee.name == row.name))
    if known is not None:
        return known
    made = ReviewCommittee(
        name=row.name,
        convening_id=season.bodies["cq_bigdata_bureau"],
        approving_id=season.bodies["municipal_tro"],
        kind="specialty",
        levels=list(row.levels),
        series=list(row.series),
        specialties=list(row.specialties),
        executing_size=13,
        approved_from=date(approved_to.year - 3, 9, 1),
        approved_to=approved_to,
    )
    season.session.add(made)
    season.session.flush()
    return made


def doors(session: Session, like: Declaration) -> dict[str, int]:
    """An open session of the demo's committee for what stands in an address; nobody but a stranger is before it."""
    committee = session.get_one(Committee, like.committee_id)
    registered_one = review_committees.of_row(session, committee)
    assert registered_one is not None
    review = sessions.create(session, like.notice_version_id, committee, registered_one)
    review.status, review.opened_at = "open", clock.now(session)
    chair = session.scalars(
        select(Expert).join(Person, Person.id == Expert.person_id).where(Person.account == "chair")
    ).one()
    (seat,) = seats.seat(session, review, [Sitting(chair.id, "chair")])
    keys = ("notice_key", "notice_version_id", "year", "committee_id", "created_at")
    same = {key: getattr(like, key) for key in keys}
    stranger = Declaration(person_id=chair.person_id, status="READY", data={}, **same)
    session.add(stranger)
    session.flush()
    item = AgendaItem(session_id=review.id, declaration_id=stranger.id, place=1)
    session.add(item)
    session.flush()
    now = clock.now(session)
    recusal = Recusal(seat_id=seat.id, item_id=item.id, status="suggested", basis=["other"], at=now)
    ballot = Ballot(
        session_id=review.id,
        number=1,
        mode="paper",
        item_ids=[item.id],
        rules=VoteRules.of(sessions.notice_rules(session, review)).as_dict(),
        opened_at=now,
        opened_by=chair.person_id,
    )
    session.add_all([recusal, ballot])
    session.flush()
    return {
        "session_id": review.id,
        "seat_id": seat.id,
        "item_id": item.id,
        "recusal_id": recusal.id,
        "ballot_id": ballot.id,
    }


def of(meeting: Meeting) -> ReviewCommittee:
    """The committee that meets."""
    return meeting.season.session.get_one(ReviewCommittee, meeting.review.review_committee_id)


def experts(session: Session, count: int) -> list[Expert]:
    """Fictional experts of as many employers, in no pool."""
    before = session.scalar(select(func.count(Expert.id))) or 0
    numbers = range(before + 1, before + count + 1)
    people = [Person(account=f"expert.{number}", name=f"评委{number:02d}") for number in numbers]
    session.add_all(people)
    session.flush()
    made = [
        Expert(
            person_id=person.id,
            employer_name=f"虚构单位{number}",
            series="engineering",
            specialties=["big_data"],
            title="senior_engineer",
            title_since=date(2012, 1, 1),
        )
        for number, person in zip(numbers, people, strict=True)
    ]
    session.add_all(made)
    session.flush()
    return made


def ready(season: Season, count: int) -> list[Declaration]:
    """Accepted and paid declarations of fictional people, each with an instance that messages can reach."""
    session, now = season.session, clock.now(season.session)
    key = content(session, season.version.id).notice_key
    before = session.scalar(select(func.count(Declaration.id))) or 0
    numbers = range(before + 1, before + count + 1)
    people = [Person(account=f"declared.{number}", name=f"申报人{number:03d}") for number in numbers]
    session.add_all(people)
    session.flush()
    made = [
        Declaration(
            person_id=person.id,
            notice_key=key,
            notice_version_id=season.version.id,
            year=2023,
            committee_id=season.committee.id,
            series="engineering",
            specialty="big_data",
            title="engineer",
            level="intermediate",
            status="READY",
            data={"name": person.name, "unit_id": season.bodies["institute"]},
            acceptance_no=f"受理{number:04d}",
            created_at=now,
            submitted_at=now,
            accepted_at=now,
        )
        for number, person in zip(numbers, people, strict=True)
    ]
    session.add_all(made)
    session.flush()
    _instances(season, made)
    return made


def _instances(season: Season, made: list[Declaration]) -> None:
    session = season.session
    of = [
        ProcessInstance(
            process_key="declaration",
            notice_version_id=season.version.id,
            definition_digest="0" * 64,
            declaration_id=each.id,
            state=b"",
            started_at=clock.now(session),
        )
        for each in made
    ]
    session.add_all(of)
    session.flush()
    for declaration, instance in zip(made, of, strict=True):
        declaration.instance_id = instance.id
    session.flush()


def _seated(session: Session, review: ReviewSession, made: list[Expert], positions: list[str]) -> list[Seat]:
    places = zip(made, positions, strict=True)
    return seats.seat(session, review, [Sitting(expert.id, position) for expert, position in places])


def confirmed(meeting: Meeting, number: str = "渝职改办〔2024〕3号") -> Confirmation:
    """The meeting's whole list has passed and is confirmed by the municipal office."""
    session = meeting.season.session
    made = Confirmation(
        session_id=meeting.review.id,
        kind="confirmation",
        number=number,
        dated=date(2024, 1, 10),
        passed_on=date(2023, 12, 8),
        body_id=meeting.season.bodies["municipal_tro"],
        drafted_at=clock.now(session),
        issued_at=clock.now(session),
    )
    session.add(made)
    session.flush()
    for item in meeting.items:
        item.status, item.passed, item.outcome, item.confirmation_id = "voted", True, "confirmed", made.id
    session.flush()
    return made


def confirm(session: Session, declaration: Declaration, body_key: str = "cq_municipal_tro") -> Confirmation:
    """A demo season's declaration as if a session had passed it and the body had confirmed it; rows only."""
    row = session.get_one(Committee, declaration.committee_id)
    body, office = organisations.by_key(session, body_key), organisations.by_key(session, row.convening_key)
    committee = session.scalars(select(ReviewCommittee).where(ReviewCommittee.name == row.name)).first()
    if committee is None:
        committee = ReviewCommittee(
            name=row.name, convening_id=office.id, approving_id=body.id, kind="specialty", executing_size=13
        )
        session.add(committee)
        session.flush()
    review = sessions.create(session, declaration.notice_version_id, row, committee)
    made = Confirmation(
        session_id=review.id,
        kind="confirmation",
        number="渝职改办〔2024〕3号",
        dated=date(2024, 1, 10),
        passed_on=date(2023, 12, 8),
        body_id=body.id,
        drafted_at=clock.now(session),
        issued_at=clock.now(session),
    )
    session.add(made)
    session.flush()
    item = AgendaItem(session_id=review.id, declaration_id=declaration.id, place=1, status="voted", passed=True)
    item.outcome, item.confirmation_id = "confirmed", made.id
    session.add(item)
    session.flush()
    return made
