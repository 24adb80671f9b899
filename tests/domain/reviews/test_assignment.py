from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.db import Database
from app.domain.reviews import assignment
from app.errors import Refused
from app.models.declaration import Declaration
from app.models.expert import Expert
from app.models.review import Recusal
from tests.support import reviews


@given(st.integers(1, 40), st.integers(1, 8))
def test_without_recusals_loads_differ_by_one_at_most(items: int, seats: int) -> None:
    given_to = Counter(assignment.balanced({item: range(seats) for item in range(items)}).values())
    assert max(given_to.values()) - min(given_to[seat] for seat in range(seats)) <= 1


@given(st.dictionaries(st.integers(0, 8), st.sets(st.integers(0, 3), min_size=1).map(sorted), min_size=1, max_size=6))
def test_the_heaviest_load_is_as_small_as_recusals_allow(choices: dict[int, list[int]]) -> None:
    found = assignment.balanced(choices)
    assert all(found[item] in seats for item, seats in choices.items())
    assert max(Counter(found.values()).values()) == _least(choices)


def _least(choices: dict[int, list[int]]) -> int:
    """The smallest possible heaviest load, by trying everything."""
    ways: list[Counter[int]] = [Counter()]
    for seats in choices.values():
        ways = list(
            {
                frozenset((way + Counter([seat])).items()): way + Counter([seat]) for way in ways for seat in seats
            }.values()
        )
    return min(max(way.values()) for way in ways)


def test_files_are_read_within_panels_and_by_nobody_who_stands_back(database: Database) -> None:
    with database.transaction() as session:
        meeting = reviews.session_with(session, seats=5, items=6, reserves=1)
        assert assignment.group(session, meeting.review) == []
        for number, item in enumerate(meeting.items):
            session.get_one(Declaration, item.declaration_id).specialty = "software" if number % 2 else "big_data"
        for seat in meeting.seats[:2]:
            session.get_one(Expert, seat.expert_id).specialties = ["software"]
        session.get_one(Expert, meeting.seats[4].expert_id).specialties = ["mining"]
        panels = assignment.group(session, meeting.review)
        assert {panel.specialties[0] for panel in panels} == {"big_data", "software"}
        assert assignment.group(session, meeting.review) == panels
        session.add(
            Recusal(seat_id=meeting.seats[0].id, item_id=meeting.items[1].id, status="recused", at=clock.now(session))
        )
        session.flush()
        assert assignment.share(session, meeting.review) == 6
        assert assignment.share(session, meeting.review) == 0
        assert meeting.items[1].main_reader_id == meeting.seats[1].id
        for item in meeting.items:
            reader = next(seat for seat in meeting.seats if seat.id == item.main_reader_id)
            assert assignment.may_read(reader, item)
        assert len(assignment.readable(session, meeting.seats[0])) == 2
        assert assignment.readable(session, meeting.seats[5]) == []
        others = [seat for seat in meeting.seats[1:] if seat.panel_id == meeting.items[1].panel_id]
        session.add_all(
            Recusal(seat_id=seat.id, item_id=meeting.items[1].id, status="suggested", at=clock.now(session))
            for seat in others
        )
        session.flush()
        with pytest.raises(Refused, match="第2号没有可担任主审"):
            assignment.share(session, meeting.review, anew=True)
        with pytest.raises(Refused, match="重名"):
            assignment.add(session, meeting.review, panels[0].name)
