"""The desk of a review session as data: quorum, seats, agenda, recusals, ballots, and what is to be done now."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import dictionaries, people, permissions, session_access
from app.domain.ballots import opening, roll
from app.domain.ballots.roll import Progress
from app.domain.people import Holder
from app.domain.permissions import Grants
from app.domain.reviews import agenda, announcing, assignment, quorum, recusals, seats, sessions, sheets
from app.domain.reviews.announcing import Row
from app.domain.reviews.quorum import Lamp, VoteRules
from app.domain.reviews.recusals import Line as RecusalLine
from app.domain.reviews.seats import Line as SeatLine
from app.models.ballot import Ballot
from app.models.process import Task
from app.models.review import Panel, ReviewSession

PAGE = 50  # items of the agenda on one page
LEAVING = (1, 2, 3)


@dataclass(frozen=True)
class Standing:
    """What the lamp and the projection screen show; nobody's name."""

    review: ReviewSession
    status: str
    lamp: Lamp
    leaving: dict[int, Lamp]
    rules: VoteRules
    share: str
    ballots: list[tuple[Ballot, Progress]]
    items: dict[int, Row]

    @property
    def running(self) -> list[tuple[Ballot, Progress]]:
        return [each for each in self.ballots if each[0].status == "open"]

    @property
    def following(self) -> Row | None:
        """The first item that is in no running ballot and still to be voted on."""
        busy = {item for ballot, _ in self.running for item in ballot.item_ids}
        return next((row for row in self.items.values() if self._waits(row) and row.line.item.id not in busy), None)

    @property
    def counts(self) -> dict[str, int]:
        found = [row.line.item.status for row in self.items.values()]
        return {status: found.count(status) for status in agenda.STATUSES}

    def title(self, row: Row) -> str:
        """第3号 大数据智能化 工程师: an item without its applicant's name."""
        declared = row.line.declaration
        words = (dictionaries.label("specialty", declared.specialty), dictionaries.label("title", declared.title))
        return " ".join((f"第{row.line.item.place}号", *(word for word in words if word)))

    def _waits(self, row: Row) -> bool:
        return row.line.item.status == "listed"


@dataclass(frozen=True)
class Desk:
    """The whole page; `named` where its reader may know who sits, `acts` where he runs the session."""

    standing: Standing
    named: bool
    acts: bool
    decides: bool
    tasks: list[Task]
    seats: list[SeatLine]
    panels: list[Panel]
    recusals: list[RecusalLine]
    short: Mapping[int, str]
    tellers: Mapping[str, list[Holder]]
    rows: list[Row]
    page: int
    pages: int

    @property
    def review(self) -> ReviewSession:
        return self.standing.review

    def who(self, seat_id: int | None) -> str:
        """`3号席 周若谷`, or the number alone before names may be known."""
        line = next((each for each in self.seats if each.seat.id == seat_id), None)
        if line is None:
            return ""
        return f"{line.seat.number}号席 {line.name}" if self.named else f"{line.seat.number}号席"

    def recused(self, item_id: int) -> int:
        return sum(line.item.id == item_id and line.recusal.status == "recused" for line in self.recusals)

    @property
    def first_recusals(self) -> list[RecusalLine]:
        """Those to be decided before the others, as many as one page takes."""
        return sorted(self.recusals, key=lambda line: line.recusal.status != "suggested")[:PAGE]

    @property
    def undecided(self) -> list[RecusalLine]:
        return [line for line in self.recusals if line.recusal.status == "suggested"]

    @property
    def absent(self) -> list[SeatLine]:
        """Members whose place a reserve may take."""
        taken = {line.seat.replaces_id for line in self.seats}
        members = (line for line in self.seats if line.seat.position != "reserve")
        return [line for line in members if not line.present and line.seat.id not in taken]


def standing(session: Session, review: ReviewSession) -> Standing:
    rules, lamp = sessions.rules_of(session, review), seats.lamp(session, review)
    found = roll.of_session(session, review)
    return Standing(
        review=review,
        status=sessions.STATUSES[review.status],
        lamp=lamp,
        leaving=_leaving(rules, lamp),
        rules=rules,
        share=quorum.fraction_words(rules.quorum),
        ballots=[(ballot, _progress(session, ballot)) for ballot in found],
        items={row.line.item.id: row for row in announcing.rows(session, review.id)},
    )


def desk(session: Session, review: ReviewSession, grants: Grants, page: int = 1) -> Desk:
    now = clock.now(session)
    body = sessions.convening_organisation(session, review).id
    shown = standing(session, review)
    rows = list(shown.items.values())
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(1, page), pages)
    return Desk(
        standing=shown,
        named=session_access.knows_roster(session, grants, review, now),
        acts=grants.holds("committee_office", body),
        decides=grants.holds("committee_office", body) or bool(grants.roles & set(session_access.PRESIDING)),
        tasks=_tasks(session, review, grants),
        seats=seats.lines(session, review.id),
        panels=assignment.panels(session, review.id),
        recusals=recusals.lines(session, review.id),
        short=recusals.short(session, review),
        tellers={role: people.holders(session, role, body, now) for role in opening.OFFICERS},
        rows=rows[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=pages,
    )


def _leaving(rules: VoteRules, lamp: Lamp) -> dict[int, Lamp]:
    """How many leave → the lamp then, as far as the first number that is too many."""
    found: dict[int, Lamp] = {}
    for gone in LEAVING:
        found[gone] = quorum.what_if(rules, lamp.size, lamp.present, gone)
        if not found[gone].lit:
            break
    return found


def _progress(session: Session, ballot: Ballot) -> Progress:
    """How many sheets are in; of a ballot on paper nobody counts them here."""
    return roll.progress(session, ballot) if ballot.status == "open" else Progress(0, 0)


def _tasks(session: Session, review: ReviewSession, grants: Grants) -> list[Task]:
    """What of the session waits for this person now."""
    mine = permissions.actionable_tasks(grants)
    wanted = select(Task).where(Task.instance_id == review.instance_id, mine).order_by(Task.id)
    return list(session.scalars(wanted))


outcome, count_words = sheets.outcome, sheets.count_words
fraction_words = quorum.fraction_words
