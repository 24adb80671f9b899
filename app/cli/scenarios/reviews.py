"""Steps of review sessions: calling one, seating experts, signing in, recusals, ballots and their counts."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios.case import Step
from app.cli.scenarios.player import Failed, Player
from app.domain import ballots, committees, notices, people, pools, session_access
from app.domain.ballots import closing, opening, paper, roll
from app.domain.ballots.opening import Officer, Officers
from app.domain.ballots.paper import Reading
from app.domain.reviews import agenda, recusals, seats, sessions
from app.domain.reviews.seats import Sitting
from app.domain.room import standing_back
from app.domain.room.standing_back import Said
from app.models.ballot import Ballot
from app.models.declaration import Declaration
from app.models.review import AgendaItem, ReviewSession, Seat

CHOICES = ("yes", "no", "abstain")
PASSPHRASES = {"teller_supervise": "监票人的口令八位", "teller_count": "计票人的口令八位"}


def _once(work: Callable[[Session, Player, Step], None]) -> Callable[[Player, Step], None]:
    """One transaction a step; a client without an answer sends it again and it takes effect once."""

    @wraps(work)
    def action(player: Player, step: Step) -> None:
        player.once(f"{work.__name__} {step}"[:200], lambda session: work(session, player, step))

    return action


@_once
def review(session: Session, player: Player, step: Step) -> None:
    """`review: {committee: no}`: the office calls a session of one of the notice's committees."""
    version = notices.current(session, step.argument.get("notice", player.case.notice))
    rows = committees.of_version(session, version.id)
    row = next(each for each in rows if each.no == step.argument["committee"])
    sessions.prepare(session, version.id, row)


@_once
def seat(session: Session, player: Player, step: Step) -> None:
    """`seat: {size, reserves, related}`: a chair, a deputy and members; colleagues of the declared where `related`."""
    said: Mapping[str, Any] = step.argument
    about = latest(session)
    units = set() if said.get("related") else _units(session, player, about)
    drawn = [
        each
        for each in pools.drawable(session, about.review_committee_id, clock.local(clock.now(session)).date())
        if not each.excluded
    ]
    leading = [next(each for each in drawn if each.position == position) for position in session_access.PRESIDING]
    others = [each for each in drawn if each.position == "member" and each.employer_id not in units]
    size, reserves = said.get("size", 13), said.get("reserves", 0)
    positions = [*session_access.PRESIDING, *["member"] * (size - 2), *["reserve"] * reserves]
    chosen = [*leading, *others[: size - 2 + reserves]]
    roster = [Sitting(each.expert_id, position) for each, position in zip(chosen, positions, strict=True)]
    seats.seat(session, about, roster)


@_once
def sign_in(session: Session, player: Player, step: Step) -> None:
    """`sign_in: {count: n}` or `{seats: [numbers]}`; `pledge: false` and `phones: false` leave those out."""
    said: Mapping[str, Any] = step.argument
    for each in _seats(session, said):
        receipt = f"T{each.number:03d}" if said.get("phones", True) else None
        seats.sign_in(session, each, phone_receipt=receipt, pledged=said.get("pledge", True))


@_once
def leave(session: Session, player: Player, step: Step) -> None:
    """`leave: {seats: [numbers]}`: members go."""
    for each in _seats(session, step.argument):
        seats.leave(session, each)


@_once
def preside(session: Session, player: Player, step: Step) -> None:
    """`preside: number`: the member of that seat presides."""
    about = latest(session)
    (wanted,) = _seats(session, {"seats": [step.argument]})
    seats.preside(session, about, wanted)


@_once
def stand_in(session: Session, player: Player, step: Step) -> None:
    """`stand_in: {reserve: number, for: number}`: a reserve takes an absent member's place."""
    reserve, absent = (_seats(session, {"seats": [step.argument[key]]})[0] for key in ("reserve", "for"))
    seats.stand_in(session, latest(session), reserve, absent)


@_once
def recuse(session: Session, player: Player, step: Step) -> None:
    """`recuse: {seats: [numbers], to: label, basis, reason}`: members stand back from one applicant."""
    item = _item(session, player, step.argument.get("to", step.label))
    said = Said((step.argument.get("basis", "kinship"),), step.argument.get("reason", ""))
    for each in _seats(session, step.argument):
        standing_back.stand_back(session, each, item, said)


@_once
def dismiss(session: Session, player: Player, step: Step) -> None:
    """`dismiss: {reason}`: the chair finds that no suggestion left matters."""
    for line in recusals.lines(session, latest(session).id):
        if line.recusal.status == "suggested":
            recusals.decide(session, line.recusal, recused=False, reason=step.argument["reason"])


@_once
def defer(session: Session, player: Player, _step: Step) -> None:
    """`defer: short`: items that recusals leave without a quorum are put off."""
    recusals.defer_short(session, latest(session))


def vote(player: Player, step: Step) -> None:
    """`vote: {yes, no, abstain, about: [labels]}`: a ballot from opening to count, cast in the order of seats."""
    for each in (open_ballot, _cast_all, close_ballot):
        each(player, step)


@_once
def _cast_all(session: Session, _player: Player, step: Step) -> None:
    choices = [choice for choice in CHOICES for _ in range(step.argument.get(choice, 0))]
    ballot = _ballot(session)
    back = roll.recused(session, ballot.item_ids)
    voters = [
        seat
        for seat in seats.present(session, ballot.session_id)
        if not all(seat.id in back[item] for item in ballot.item_ids)
    ]
    for each, choice in zip(voters, choices, strict=False):
        own = {item: choice for item in ballot.item_ids if each.id not in back[item]}
        ballots.cast(session, ballot, each, own)


@_once
def open_ballot(session: Session, player: Player, step: Step) -> None:
    """`open_ballot: {about: [labels], paper}`: on the named applicants, else on everybody still to be voted on."""
    said: Mapping[str, Any] = step.argument or {}
    about = latest(session)
    named = [_item(session, player, label).id for label in said.get("about", ())]
    items = named or [item.id for item in agenda.items(session, about.id, "listed")]
    officers = _officers(session, about)
    by = officers["teller_count"].person_id
    ballots.open(session, about, items, by, officers, paper=bool(said.get("paper")))


@_once
def cast(session: Session, player: Player, step: Step) -> None:
    """`cast: {seats: [numbers], choice, about: [labels]}`: these members hand in their sheets."""
    said: Mapping[str, Any] = step.argument
    ballot = _ballot(session)
    back = roll.recused(session, ballot.item_ids)
    named = [_item(session, player, label).id for label in said.get("about", ())]
    for each in _seats(session, said):
        items = named or [item for item in ballot.item_ids if each.id not in back[item]]
        ballots.cast(session, ballot, each, dict.fromkeys(items, said["choice"]))


@_once
def close_ballot(session: Session, player: Player, _step: Step) -> None:
    """`close_ballot:`: both officers type what they typed at the opening, and the votes are counted."""
    ballots.close(session, _ballot(session), _officers(session, latest(session)))


@_once
def void_ballot(session: Session, player: Player, step: Step) -> None:
    """`void_ballot: {reason}`: nobody counts what was handed in."""
    ballot = _ballot(session)
    closing.void(session, ballot, step.argument["reason"], ballot.opened_by)


@_once
def count_paper(session: Session, player: Player, step: Step) -> None:
    """`count_paper: {teller, yes, no, abstain, spoiled}`: one teller enters what he read, the same of every item."""
    said: Mapping[str, Any] = step.argument
    ballot, role = _ballot(session), str(said["teller"])
    read = Reading(*(said.get(key, 0) for key in paper.FIELDS))
    person = _officers(session, latest(session))[role].person_id
    paper.enter(session, ballot, role, person, dict.fromkeys(ballot.item_ids, read))


def latest(session: Session) -> ReviewSession:
    """The session that was called last."""
    found = session.scalars(select(ReviewSession).order_by(ReviewSession.id.desc())).first()
    if found is None:
        raise Failed("没有评审会议")
    return found


def _ballot(session: Session) -> Ballot:
    found = session.scalars(select(Ballot).order_by(Ballot.id.desc())).first()
    if found is None:
        raise Failed("没有投票")
    return found


def _item(session: Session, player: Player, label: str) -> AgendaItem:
    about = player.declaration(session, label).id
    wanted = select(AgendaItem).where(AgendaItem.declaration_id == about, AgendaItem.session_id == latest(session).id)
    found = session.scalars(wanted).first()
    if found is None:
        raise Failed(f"“{label}”不在议程中")
    return found


def _seats(session: Session, said: Mapping[str, Any]) -> list[Seat]:
    """The seats of these numbers, or the first `count`."""
    found = seats.of_session(session, latest(session).id)
    numbers: Sequence[int] = said.get("seats") or range(1, said.get("count", 0) + 1)
    return [each for each in found if each.number in numbers]


def _officers(session: Session, about: ReviewSession) -> Officers:
    body = sessions.convening_organisation(session, about).id
    held = {role: people.holders(session, role, body, clock.now(session)) for role in opening.OFFICERS}
    return {role: Officer(found[0].person_id, PASSPHRASES[role]) for role, found in held.items()}


def _units(session: Session, player: Player, about: ReviewSession) -> set[int]:
    """The units of the committee's declarations in the case, to whose people a member would be related."""
    own = Declaration.id.in_(player.declarations.values()), Declaration.committee_id == about.committee_id
    records = session.scalars(select(Declaration.data).where(*own))
    return {record["unit_id"] for record in records if record.get("unit_id")}


ACTIONS: dict[str, Callable[[Player, Step], None]] = {
    each.__name__: each
    for each in (
        review, seat, sign_in, leave, preside, stand_in, recuse, dismiss, defer, vote, open_ballot, cast, close_ballot,
        void_ballot, count_paper,
    )
}  # fmt: skip
