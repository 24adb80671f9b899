"""Opening a ballot: what must be so before anybody votes, its key, and its roll."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain.ballots import roll, sealing
from app.domain.reviews import quorum, seats, sessions
from app.errors import Problem, Refused
from app.models.ballot import Ballot, Participation
from app.models.review import AgendaItem, ReviewSession, Seat

OFFICERS = {"teller_supervise": "监票人", "teller_count": "计票人"}
FEWEST = 5  # eligible voters of an electronic ballot: among fewer a count tells too much
SHORTEST = 8  # characters of a passphrase


@dataclass(frozen=True)
class Officer:
    """Who keeps one half of the key, and what he typed."""

    person_id: int
    passphrase: str = field(repr=False)


Officers = Mapping[str, Officer]  # by role


def open_ballot(
    session: Session,
    review: ReviewSession,
    item_ids: Sequence[int],
    by: int,
    officers: Officers | None = None,
    *,
    paper: bool = False,
) -> Ballot:
    """A ballot on these items by those present now.

    On paper where it is asked for or an item has fewer than five voters; otherwise the two officers seal the key. The
    roll is fixed: whoever comes later votes in the next ballot. Refused with every reason at once.
    """
    here = seats.present(session, review.id)
    items = _items(session, review, item_ids)
    away = _away(session, items, here)
    _require_ready(session, review, items, len(here), away)
    few = [item_id for item_id, gone in away.items() if len(here) - gone < FEWEST]
    if few and len(few) < len(items) and not paper:
        raise Refused(Problem("mixed", f"{_listed(session, few)}有表决权的评委不足{FEWEST}人，须单独用纸质选票投票。"))
    ballot = Ballot(
        session_id=review.id,
        number=roll.next_number(session, review),
        mode="paper" if paper or few else "electronic",
        item_ids=[each.id for each in items],
        rules=sessions.rules_of(session, review).as_dict(),
        opened_at=clock.now(session),
        opened_by=by,
    )
    _appoint(ballot, officers or {})
    session.add(ballot)
    session.flush()
    session.add_all(Participation(ballot_id=ballot.id, seat_id=each.id) for each in here)
    session.flush()
    roll.note(session, ballot, "ballot_opened", by)
    return ballot


def _items(session: Session, review: ReviewSession, item_ids: Sequence[int]) -> list[AgendaItem]:
    wanted = select(AgendaItem).where(AgendaItem.session_id == review.id, AgendaItem.id.in_(item_ids))
    found = list(session.scalars(wanted.order_by(AgendaItem.place)))
    if not found or len(found) != len(set(item_ids)):
        raise Refused(Problem("items", "请选择本次会议议程中的申报人。", "items"))
    return found


def _require_ready(
    session: Session, review: ReviewSession, items: list[AgendaItem], here: int, away: Mapping[int, int]
) -> None:
    problems = []
    if review.status not in sessions.SITTING:
        problems.append(Problem("not_open", "会议尚未开始或者已经结束，不能开始投票。"))
    if review.rules_minuted_at is None:
        problems.append(
            Problem("rules", "首次投票前，须先确定出席、通过和回避的计算办法并记入会议记录。", clause="N4 §四(一)")
        )
    if decided := [each.id for each in items if each.status != "listed"]:
        problems.append(Problem("decided", f"{_listed(session, decided)}不在待表决之列，不能投票。", "items"))
    running = {each for ballot in roll.running(session, review) for each in ballot.item_ids}
    if again := [each.id for each in items if each.id in running]:
        problems.append(Problem("running", f"{_listed(session, again)}的投票正在进行。", "items"))
    rules = sessions.rules_of(session, review)
    size = sessions.size_of(session, review, rules)
    shown = quorum.lamp(rules, size, here)
    if not shown.lit:
        problems.append(Problem("no_quorum", quorum.shortage(rules, shown), clause="N4 §四(一)；R-184"))
    elif short := [each for each, gone in away.items() if not rules.quorate(rules.counted(here, gone), size)]:
        message = f"因评委回避，{_listed(session, short)}的表决人数未达{quorum.fraction_words(rules.quorum)}，"
        problems.append(Problem("recusal", f"{message}请暂缓表决或者递补评委。", "items", "N4 §四(一)；R-192"))
    if problems:
        raise Refused(*problems)


def _away(session: Session, items: list[AgendaItem], here: list[Seat]) -> dict[int, int]:
    """Item → how many of those present stand back from it."""
    back, present = roll.recused(session, [each.id for each in items]), {each.id for each in here}
    return {each.id: len(back[each.id] & present) for each in items}


def _appoint(ballot: Ballot, officers: Officers) -> None:
    """Name the officers; an electronic ballot gets its key, one share of it for each."""
    ballot.officers = {role: officer.person_id for role, officer in officers.items()}
    if ballot.mode == "paper":
        return
    problems = [
        Problem("passphrase", f"请{name}本人输入不少于{SHORTEST}位的口令。", role)
        for role, name in OFFICERS.items()
        if role not in officers or len(officers[role].passphrase.strip()) < SHORTEST
    ]
    if not problems and len({each.person_id for each in officers.values()}) < len(OFFICERS):
        problems = [Problem("one_officer", "监票人和计票人不能是同一人。", "teller_count")]
    if not problems and len({each.passphrase.strip() for each in officers.values()}) < len(OFFICERS):
        problems = [Problem("same_passphrase", "监票人和计票人的口令不能相同。", "teller_count")]
    if problems:
        raise Refused(*problems)
    keys = sealing.make_keys()
    ballot.public_key = keys.public
    ballot.shares = {
        role: sealing.seal_share(share, officers[role].passphrase, role)
        for role, share in zip(OFFICERS, keys.shares, strict=True)
    }


def _listed(session: Session, item_ids: list[int]) -> str:
    return "、".join(roll.names(session, item_ids).values())
