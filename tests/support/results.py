"""A review session that has voted, made of rows, for tests of what follows it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import clock
from app.domain.offices import Actor
from app.domain.results import announcing, confirmations, names, publicities
from app.functions.case import Case
from app.models.declaration import Declaration
from app.models.process import ProcessInstance
from app.models.review import AgendaItem, Confirmation, ResultPublicity, ReviewSession
from tests.support import reviews
from tests.support.cases import Season

CONTACTS = {
    "office_contact_name": "联络员",
    "office_contact_phone": "023-67890001",
    "approving_contact_name": "联络员",
    "approving_contact_phone": "023-67890002",
}
ISSUED = {"number": "渝职改办〔2023〕312号", "dated": "2023-12-29"}


@dataclass
class Voted:
    """A session whose items have been voted on; the first `passed` of them passed."""

    season: Season
    review: ReviewSession
    items: list[AgendaItem]

    @property
    def session(self) -> Session:
        return self.season.session

    @property
    def clerk(self) -> Actor:
        return self.season.actor("clerk", "cq_bigdata_bureau")

    def declaration(self, number: int) -> Declaration:
        """Of the item with that place on the agenda, from 1."""
        return self.session.get_one(Declaration, self.items[number - 1].declaration_id)

    def names(self) -> list[names.Name]:
        return names.of_session(self.session, self.review.id)

    def case(self, **values: object) -> Case:
        """The session's own case, its office acting."""
        about = self.session.get_one(ProcessInstance, self.review.instance_id)
        return Case(self.session, about, self.clerk.person_id, self.clerk.organisation_id, values, "element")

    def shown(self, **more: object) -> ResultPublicity:
        """Its result announced and publicised from now on."""
        made = publicities.start(self.session, self.review, self.clerk, {**CONTACTS, **more})
        announcing.announce(self.session, self.review)
        return made

    def drafted(self) -> Confirmation:
        """The result shown and over, its confirmation drafted for the municipal office."""
        self.shown()
        publicities.close(self.session, self.review)
        of = self.season.bodies["municipal_tro"]
        return confirmations.draft(self.session, self.review, "confirmation", of)


def voted(session: Session, passed: int = 3, failed: int = 0, *, season: Season | None = None) -> Voted:
    """A session that ended just now with so many passed and failed names."""
    meeting = reviews.session_with(session, seats=3, items=passed + failed, season=season)
    meeting.review.status, meeting.review.ended_at = "ended", clock.now(session)
    for number, item in enumerate(meeting.items, 1):
        item.status, item.passed = "voted", number <= passed
    session.flush()
    return Voted(meeting.season, meeting.review, meeting.items)
