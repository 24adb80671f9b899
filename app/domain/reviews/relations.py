"""What the records show between the experts of a session and those before it: employers, recommendations, works."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import organisations
from app.domain.reviews import agenda, seats
from app.domain.reviews.seats import Line as SeatLine
from app.models.declaration import Declaration
from app.models.process import Task

WORKS = ("papers", "works", "patents", "research", "reports")  # tables of a record whose rows have a title
EMPLOYERS = ("unit_id", "insured_unit_id")
RECOMMENDATION = "exceptional"  # the form that names the recommenders

Pairs = dict[tuple[int, int], list[str]]


def of_session(session: Session, review_id: int) -> Pairs:
    """(seat id, item id) → bases of a recusal, in a fixed order; five statements whatever the numbers."""
    seated = seats.lines(session, review_id)
    listed = [line for line in agenda.lines(session, review_id) if line.item.status == "listed"]
    of_person = [line.declaration.id for line in listed]
    recommended, own = _recommenders(session, of_person), _own_works(session, seated)
    named_in = {line.item.id: {line.declaration.data.get(key) for key in EMPLOYERS} - {None} for line in listed}
    today = organisations.successors(session, set().union(*named_in.values()))
    found: Pairs = {}
    for line in listed:
        employers = {today.get(each, each) for each in named_in[line.item.id]}
        theirs, named = titles(line.declaration.data), recommended[line.declaration.id]
        for expert in seated:
            bases = list(_bases(expert, line.declaration, theirs & own[expert.expert.person_id], named))
            if expert.expert.employer_id in employers:
                bases.insert(0, "employer")
            if bases:
                found[expert.seat.id, line.item.id] = bases
    return found


def titles(record: Mapping[str, Any]) -> set[str]:
    """The titles of what a record lists as papers, works, patents and projects, without spaces and case."""
    rows = (row for table in WORKS for row in record.get(table) or ())
    return {_plain(row["title"]) for row in rows if _plain(row.get("title"))}


def _bases(expert: SeatLine, declaration: Declaration, shared: set[str], recommenders: set[str]) -> Iterable[str]:
    if _plain(expert.name) in recommenders:
        yield "recommender"
    if shared:
        yield "co_author"
    if expert.expert.person_id == declaration.person_id:
        yield "other"


def _recommenders(session: Session, declaration_ids: list[int]) -> Mapping[int, set[str]]:
    """Declaration → names of who recommended it for an exceptional promotion."""
    found: dict[int, set[str]] = defaultdict(set)
    wanted = select(Task.declaration_id, Task.values).where(Task.form_key == RECOMMENDATION, Task.status == "completed")
    for declaration_id, values in session.execute(wanted.where(Task.declaration_id.in_(declaration_ids))):
        found[declaration_id] |= {_plain(row.get("name")) for row in (values or {}).get("recommenders") or ()}
    return found


def _own_works(session: Session, seated: list[SeatLine]) -> Mapping[int, set[str]]:
    """Person → titles of an expert's own works, from his profile and from what he himself has declared."""
    found: dict[int, set[str]] = defaultdict(set)
    for line in seated:
        found[line.expert.person_id] |= titles(line.expert.profile)
    persons = [line.expert.person_id for line in seated]
    rows = session.execute(select(Declaration.person_id, Declaration.data).where(Declaration.person_id.in_(persons)))
    for person_id, record in rows:
        found[person_id] |= titles(record)
    return found


def _plain(text: Any) -> str:
    return "".join(str(text or "").split()).casefold()
