"""Casting: one sealed sheet a seat, handed in once, by those on the roll, until the close (R-185, R-186)."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.domain.ballots import roll, sealing
from app.domain.explanations import few_words
from app.errors import Problem, Refused
from app.models.ballot import Ballot, Participation, SealedSheet
from app.models.review import Seat

NO_PROXY = "未出席评审会议的评审专家不得委托他人投票或者补充投票。"
LATE = f"投票已经结束。{NO_PROXY}"
REPEATED = "您已确认投票，确认后不可更改。"
RECUSED = "您对{applicant}已申请回避，不参加该申报人的评议和投票。"
ON_PAPER = "本次投票使用纸质选票，请填写选票投入票箱。"
CLAUSE = "N4 §四(一)；R-186"


def cast(session: Session, ballot: Ballot, seat: Seat, choices: Mapping[int, str]) -> None:
    """Hand in the seat's sheet: a choice (yes, no, abstain) for every item but those it stands back from.

    Refused in the printed words when it comes late, twice, from a seat that is not on the roll or has left, or votes
    where the seat stands back; and while the session is suspended.
    """
    ballot = roll.locked(session, ballot, shared=True)
    part = _participation(session, ballot, seat)
    _require_complete(session, ballot, seat, choices)
    assert ballot.public_key is not None  # only a ballot on paper has none
    content = sealing.seal_sheet(ballot.public_key, ballot.item_ids, choices, place(ballot.id, seat.id))
    part.handed_in = True
    session.add(SealedSheet(ballot_id=ballot.id, seat_id=seat.id, content=content))
    session.flush()


def check(session: Session, ballot: Ballot, seat: Seat, choices: Mapping[int, str]) -> None:
    """Refused as `cast` would refuse this sheet now; nothing is handed in."""
    roll.require_going_on(session, ballot)
    _participation(session, ballot, seat)
    _require_complete(session, ballot, seat, choices)


def place(ballot_id: int, seat_id: int) -> str:
    """What a sealed sheet is bound to."""
    return f"ballot {ballot_id} seat {seat_id}"


def _participation(session: Session, ballot: Ballot, seat: Seat) -> Participation:
    if ballot.mode == "paper":
        raise Refused(Problem("paper", ON_PAPER))
    if ballot.status != "open":
        raise Refused(Problem("late", LATE, clause=CLAUSE))
    found = session.get(Participation, (ballot.id, seat.id), with_for_update=True, populate_existing=True)
    if found is None or seat.left_at is not None:
        raise Refused(Problem("not_present", NO_PROXY, clause=CLAUSE))
    if found.handed_in:
        raise Refused(Problem("repeated", REPEATED))
    return found


def _require_complete(session: Session, ballot: Ballot, seat: Seat, choices: Mapping[int, str]) -> None:
    back = {item_id for item_id, seats in roll.recused(session, ballot.item_ids).items() if seat.id in seats}
    asked = [each for each in ballot.item_ids if each not in back]
    names = roll.names(session, ballot.item_ids)
    problems = [
        Problem("recused", RECUSED.format(applicant=names[each]), f"item.{each}", "N1 §二(三)；R-192")
        for each in ballot.item_ids
        if each in back and each in choices
    ]
    missing = [each for each in asked if choices.get(each) not in sealing.LETTERS]
    if missing:
        shown = few_words([names[each] for each in missing])
        words = f"还有{len(missing)}位申报人没有选择：{shown}。请逐一选择同意、不同意或者弃权。"
        problems.append(Problem("missing", words, f"item.{missing[0]}"))
    if choices.keys() - set(ballot.item_ids):
        problems.append(Problem("unknown", "选票与本次投票的名单不符，请重新打开选票。"))
    if problems or not asked:
        raise Refused(*problems)
