"""Counting: from the votes of each item to its tally under the rules of the ballot, the other way beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.domain.reviews.quorum import VoteRules
from app.models.ballot import Ballot, Tally
from app.models.review import AgendaItem

_FETCH = {"synchronize_session": "fetch"}


@dataclass(frozen=True)
class Count:
    """The votes on one item: of `present` members `recused` stood back; who handed in nothing is in neither figure."""

    yes: int
    no: int
    present: int
    recused: int

    @property
    def abstain(self) -> int:
        """Abstentions, spoiled sheets, and those present who handed in none: there, and not for it."""
        return self.present - self.recused - self.yes - self.no


def tally(count: Count, rules: VoteRules) -> dict[str, object]:
    """A tally's figures; `other_way` is what the other reading of the rule would have given (§8-4)."""
    counted = rules.counted(count.present, count.recused)
    other = replace(rules, recused_count=not rules.recused_count)
    beside = other.counted(count.present, count.recused)
    return {
        "yes": count.yes,
        "no": count.no,
        "abstain": count.abstain,
        "present": count.present,
        "recused": count.recused,
        "counted": counted,
        "passed": rules.passed(count.yes, counted),
        "other_way": {"counted": beside, "passed": other.passed(count.yes, beside)},
    }


def write(session: Session, ballot: Ballot, counts: Mapping[int, Count]) -> None:
    """Keep the tallies and decide the items; what left the agenda meanwhile (R-193) stays as it is."""
    rules = VoteRules.of(ballot.rules)
    found = {item_id: tally(count, rules) for item_id, count in counts.items()}
    rows = [{"ballot_id": ballot.id, "item_id": item_id, **figures} for item_id, figures in found.items()]
    session.connection().execute(insert(Tally.__table__), rows)  # type: ignore[arg-type]
    for passed in (True, False):
        decided = [item_id for item_id, figures in found.items() if figures["passed"] is passed]
        wanted = update(AgendaItem).where(AgendaItem.id.in_(decided), AgendaItem.status == "listed")
        session.execute(wanted.values(passed=passed, status="voted"), execution_options=_FETCH)
