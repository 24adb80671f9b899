"""Who may vote in a ballot and on what, and how many sheets are in; never what stands on one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import history, required, suspended
from app.models.ballot import Ballot, Participation
from app.models.declaration import Declaration
from app.models.people import Person
from app.models.review import AgendaItem, Recusal, ReviewSession

STATUSES = {"open": "投票中", "counted": "已计票", "void": "已作废"}
MODES = {"electronic": "电子投票", "paper": "纸质投票"}
CHOICES = {"yes": "同意", "no": "不同意", "abstain": "弃权"}


@dataclass(frozen=True)
class Progress:
    """How many sheets are in, of how many; the only figures that exist before the count."""

    handed_in: int
    voters: int

    @property
    def complete(self) -> bool:
        return self.handed_in == self.voters


def get(session: Session, ballot_id: int | None) -> Ballot:
    return required.row(session, Ballot, ballot_id, "没有找到该次投票。")


def locked(session: Session, ballot: Ballot, *, shared: bool = False) -> Ballot:
    """The ballot as it stands now, held against its close; `shared` by those who cast, alone by whoever closes.

    Refused as `require_going_on`.
    """
    require_going_on(session, ballot)
    wanted = select(Ballot).where(Ballot.id == ballot.id).with_for_update(read=shared)
    return session.scalars(wanted, execution_options={"populate_existing": True}).one()


def require_going_on(session: Session, ballot: Ballot) -> None:
    """Refused while the session stands still (已暂停): nobody casts, closes or counts until it is resumed."""
    suspended.refuse(session, session.get_one(ReviewSession, ballot.session_id).instance_id)


def of_session(session: Session, review: ReviewSession) -> list[Ballot]:
    return list(session.scalars(select(Ballot).where(Ballot.session_id == review.id).order_by(Ballot.number)))


def running(session: Session, review: ReviewSession) -> list[Ballot]:
    """The session's ballots that are open, the first opened first."""
    return [each for each in of_session(session, review) if each.status == "open"]


def recused(session: Session, item_ids: Iterable[int]) -> dict[int, set[int]]:
    """Item → seats that stand back from it; an item from which nobody does has the empty set."""
    found: dict[int, set[int]] = defaultdict(set)
    wanted = select(Recusal.item_id, Recusal.seat_id).where(Recusal.item_id.in_(item_ids), Recusal.status == "recused")
    for item_id, seat_id in session.execute(wanted):
        found[item_id].add(seat_id)
    return found


def voters(session: Session, ballot: Ballot) -> dict[int, bool]:
    """Seat on the roll → whether its sheet is in."""
    wanted = select(Participation.seat_id, Participation.handed_in).where(Participation.ballot_id == ballot.id)
    return dict(session.execute(wanted.order_by(Participation.seat_id)).all())


def progress(session: Session, ballot: Ballot) -> Progress:
    """Whoever stands back from every item of the ballot has no sheet to hand in."""
    roll = voters(session, ballot)
    idle = set.intersection(*(recused(session, ballot.item_ids)[each] for each in ballot.item_ids))
    asked = {seat_id: handed_in for seat_id, handed_in in roll.items() if seat_id not in idle}
    return Progress(sum(asked.values()), len(asked))


def names(session: Session, item_ids: Iterable[int]) -> dict[int, str]:
    """Item → its applicant's name, in the agenda's order."""
    wanted = (
        select(AgendaItem.id, Person.name)
        .join(Declaration, Declaration.id == AgendaItem.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .where(AgendaItem.id.in_(item_ids))
    )
    return dict(session.execute(wanted.order_by(AgendaItem.place)).all())


def note(session: Session, ballot: Ballot, kind: str, person_id: int, **more: str) -> None:
    """Write into the session's history that a ballot was opened, counted or made void; nothing of who voted."""
    review = session.get_one(ReviewSession, ballot.session_id)
    said = {"task": f"第{ballot.number}次（{MODES[ballot.mode]}，{len(ballot.item_ids)}人）", **more}
    history.append(session, kind, instance_id=review.instance_id, person_id=person_id, payload=said)


def next_number(session: Session, review: ReviewSession) -> int:
    return 1 + (session.scalar(select(func.max(Ballot.number)).where(Ballot.session_id == review.id)) or 0)
