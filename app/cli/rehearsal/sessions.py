"""Review sessions as their desk runs them: calling one, who comes, who stands back, and the ballots."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.rehearsal import experts
from app.cli.rehearsal.acting import Acting
from app.cli.rehearsal.chance import Chance, weighted
from app.cli.rehearsal.pace import Pace
from app.cli.rehearsal.profile import Profile
from app.cli.rehearsal.world import World, closing_of
from app.domain import ballots, people
from app.domain.ballots import opening, roll
from app.domain.ballots.opening import Officer, Officers
from app.domain.reviews import agenda, recusals, seats, sessions
from app.domain.room import standing_back
from app.domain.room.standing_back import Said
from app.domain.session_access import PRESIDING
from app.errors import Refused
from app.models.ballot import Ballot
from app.models.review import AgendaItem, ReviewSession, Seat
from app.processes import voting

OVER = ("ended", "cancelled", "announced")
COMING = ("scheduled", "postponed")
PASSPHRASES = {"teller_supervise": "监票人本人输入的口令", "teller_count": "计票人本人输入的口令"}


class Desk:
    """The offices that hold review sessions."""

    def __init__(self, world: World, profile: Profile, chance: Chance, pace: Pace, acting: Acting) -> None:
        self._world, self._profile, self._chance, self._pace, self._acting = world, profile, chance, pace, acting
        self._said = profile.sessions

    def call(self) -> int:
        """A session for every committee whose windows are over and for which somebody waits; returns how many."""
        with self._world.database.transaction() as session:
            rows = self._world.committees(session)
            waiting = agenda.waiting(session, {row.convening_key for row in rows})
            numbers = {row.id: row for row in rows}
            due = [numbers[each.committee_id] for each in waiting if each.committee_id in numbers]
            due = [row for row in due if self._is_time(session, closing_of(row)) and not self._meets(session, row.id)]
            for row in due:
                registered = experts.register(session, row, self._world.package.year)
                experts.pool(session, registered, self._profile.experts, self._world.package.year)
                sessions.prepare(session, self._world.version_id, row)
        return len(due)

    def begins(self, review_id: int) -> datetime | None:
        """When the session is planned to meet, while that is still ahead."""
        with self._world.database.reading() as session:
            review = sessions.get(session, review_id)
            ahead = review.planned_from is not None and clock.now(session) < review.planned_from
            return review.planned_from if ahead else None

    def attend(self, review_id: int) -> None:
        """What the desk does before its next task: everybody signs in on the day, the open agenda is voted on."""
        with self._world.database.transaction() as session:
            review = sessions.get(session, review_id)
            if review.status in COMING and review.planned_from and clock.now(session) >= review.planned_from:
                self._sign_in(session, review)
            sitting = review.status in sessions.SITTING
        while sitting and self._vote(review_id):
            pass

    def _is_time(self, session: Session, closes: datetime | None) -> bool:
        now, days = clock.now(session), int(self._said["after_windows"])
        return closes is None or (now > closes and self._pace.days_between(closes - timedelta(seconds=1), now) >= days)

    def _meets(self, session: Session, committee_id: int) -> bool:
        living = select(ReviewSession.id).where(
            ReviewSession.committee_id == committee_id, ReviewSession.status.not_in(OVER)
        )
        return session.scalar(living.limit(1)) is not None

    def _sign_in(self, session: Session, review: ReviewSession) -> None:
        """The roster but for those who stay away; a reserve for each of them, and a chair or deputy presides."""
        found = seats.of_session(session, review.id)
        if not found or any(each.signed_in_at for each in found):
            return
        stream = self._chance.of("comes", review.committee_id, len(review.postponed))
        here = [each for each in found if stream.random() >= float(self._said["absent"])]
        for each in here:
            seats.sign_in(session, each, phone_receipt=f"T{each.number:03d}", pledged=True)
        absent = [each for each in found if each not in here and each.position != "reserve"]
        reserves = [each for each in here if each.position == "reserve"]
        for reserve, missing in zip(reserves, absent, strict=False):
            seats.stand_in(session, review, reserve, missing)
        leading = next((each for each in here if each.position in PRESIDING), None)
        if leading is not None:
            seats.preside(session, review, leading)
        self._stand_back(session, review, here)

    def _stand_back(self, session: Session, review: ReviewSession, here: list[Seat]) -> None:
        """Some experts stand back by themselves; the chair finds that what the records suggest does not matter."""
        members = [each for each in here if each.position != "reserve"]
        for item in agenda.items(session, review.id, "listed"):
            stream = self._chance.of("stands back", self._key(item))
            for each in members:
                if stream.random() < float(self._said["recusal"]):
                    standing_back.stand_back(session, each, item, Said(("other",), "预演"))
        for line in recusals.lines(session, review.id):
            if line.recusal.status == "suggested":
                recusals.decide(session, line.recusal, recused=False, reason="预演：经核实不影响公正评审")

    def _vote(self, review_id: int) -> bool:
        """A ballot on everything still open; False where there is nothing left, or no ballot can be held."""
        database = self._world.database
        with database.transaction() as session:
            review = sessions.get(session, review_id)
            listed = [item.id for item in agenda.items(session, review_id, "listed")]
            if not listed:
                return False
            officers = _officers(session, review)
            if len(officers) < len(opening.OFFICERS):
                return False
            try:
                ballot, _ = voting.start(session, review, listed, officers["teller_count"].person_id, officers)
            except Refused:
                return False
            if ballot is None:
                return True
            self._cast(session, ballot)
        voting.close(database, ballot.id, officers)
        return True

    def _cast(self, session: Session, ballot: Ballot) -> None:
        back = roll.recused(session, ballot.item_ids)
        here = seats.present(session, ballot.session_id)
        sheets: dict[int, dict[int, str]] = {each.id: {} for each in here}
        for item_id in ballot.item_ids:
            stream = self._chance.of("convinces", self._key(session.get_one(AgendaItem, item_id)))
            yes = float(self._said["approval"]["good" if stream.random() < float(self._said["good"]) else "poor"])
            for each in here:
                choice = weighted(stream, {"yes": yes, "no": (1 - yes) * 0.8, "abstain": (1 - yes) * 0.2})
                if each.id not in back[item_id]:
                    sheets[each.id][item_id] = choice
        for each in here:
            if sheets[each.id]:
                ballots.cast(session, ballot, each, sheets[each.id])

    def _key(self, item: AgendaItem) -> str:
        applicant = self._acting.applicants.get(item.declaration_id)
        return applicant.key if applicant else f"d{item.declaration_id}"


def _officers(session: Session, review: ReviewSession) -> Officers:
    body, now = sessions.convening_organisation(session, review).id, clock.now(session)
    held = {role: people.holders(session, role, body, now) for role in opening.OFFICERS}
    return {role: Officer(found[0].person_id, PASSPHRASES[role]) for role, found in held.items() if found}
