"""纸质选票: two tellers enter what they read, each without the other's figures; equal entries make the tally (G8)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.domain.ballots import roll, tallies
from app.domain.ballots.opening import OFFICERS
from app.domain.ballots.tallies import Count
from app.errors import Problem, Refused
from app.models.ballot import Ballot, PaperCount

FIELDS = {"yes": "同意", "no": "不同意", "abstain": "弃权", "spoiled": "废票"}


@dataclass(frozen=True)
class Reading:
    """What one teller read from the sheets of one item."""

    yes: int
    no: int
    abstain: int
    spoiled: int = 0

    @property
    def sheets(self) -> int:
        return self.yes + self.no + self.abstain + self.spoiled


Readings = Mapping[int, Reading]  # by item


def enter(session: Session, ballot: Ballot, role: str, person_id: int, readings: Readings) -> list[int]:
    """Keep one teller's figures in the place of his earlier ones; gives the items on which the two differ.

    The second entry that equals the first counts the ballot. Until then neither sees the other's figures.
    """
    ballot = roll.locked(session, ballot)
    other = next(each for each in OFFICERS if each != role)
    theirs = entries(session, ballot, other)
    _require_entry(session, ballot, (role, person_id), theirs, readings)
    session.execute(delete(PaperCount).where(PaperCount.ballot_id == ballot.id, PaperCount.teller == role))
    now = clock.now(session)
    session.add_all(
        PaperCount(
            ballot_id=ballot.id,
            item_id=item_id,
            teller=role,
            entered_by=person_id,
            entered_at=now,
            **{key: getattr(reading, key) for key in FIELDS},
        )
        for item_id, reading in readings.items()
    )
    session.flush()
    differing = [each for each in ballot.item_ids if theirs and reading_of(theirs[each]) != readings[each]]
    if theirs and not differing:
        _settle(session, ballot, readings)
        roll.note(session, ballot, "ballot_counted", person_id)
    return differing


def entries(session: Session, ballot: Ballot, role: str) -> dict[int, PaperCount]:
    """Item → what this teller has entered."""
    wanted = select(PaperCount).where(PaperCount.ballot_id == ballot.id, PaperCount.teller == role)
    return {each.item_id: each for each in session.scalars(wanted)}


def differing(session: Session, ballot: Ballot) -> list[int]:
    """Items on which both have entered and the figures differ."""
    first, second = (entries(session, ballot, role) for role in OFFICERS)
    if not first or not second:
        return []
    return [each for each in ballot.item_ids if reading_of(first[each]) != reading_of(second[each])]


def reading_of(row: PaperCount) -> Reading:
    return Reading(row.yes, row.no, row.abstain, row.spoiled)


def _require_entry(
    session: Session, ballot: Ballot, who: tuple[str, int], theirs: Mapping[int, PaperCount], readings: Readings
) -> None:
    if ballot.mode != "paper" or ballot.status != "open":
        raise Refused(Problem("not_open", "本次投票不在纸质计票中。"))
    if any(row.entered_by == who[1] for row in theirs.values()):
        raise Refused(Problem("one_teller", "两名计票人员须各自录入，不能由同一人录入两次。"))
    here, back = len(roll.voters(session, ballot)), roll.recused(session, ballot.item_ids)
    names, problems = roll.names(session, ballot.item_ids), []
    for item_id in ballot.item_ids:
        most = here - len(back[item_id])
        reading = readings.get(item_id)
        if reading is None or min(reading.yes, reading.no, reading.abstain, reading.spoiled) < 0:
            problems.append(Problem("missing", f"请填写{names[item_id]}的票数。", f"yes.{item_id}"))
        elif reading.sheets > most:
            message = f"{names[item_id]}的选票共{reading.sheets}张，多于有表决权的{most}人，请重新核对。"
            problems.append(Problem("too_many", message, f"yes.{item_id}"))
    if problems:
        raise Refused(*problems)


def _settle(session: Session, ballot: Ballot, readings: Readings) -> None:
    here, back = set(roll.voters(session, ballot)), roll.recused(session, ballot.item_ids)
    counts = {
        item_id: Count(readings[item_id].yes, readings[item_id].no, len(here), len(here & back[item_id]))
        for item_id in ballot.item_ids
    }
    tallies.write(session, ballot, counts)
    ballot.status, ballot.closed_at = "counted", clock.now(session)
    session.flush()
