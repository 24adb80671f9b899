from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import payments
from app.errors import Refused
from app.functions import payments as functions
from tests.support.cases import N4, Season, case, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-11-16 10:00:00")
        yield season(session)


def test_the_fee_is_known_before_it_is_paid(at_work: Season) -> None:
    asked = case(at_work, submitted(at_work))

    assert (functions.has_payment_window(asked), functions.fee(asked)) == (True, 240)


def test_record_payment_books_the_fee_and_nothing_else(at_work: Season) -> None:
    name, who = submitted(at_work), at_work.actor("clerk", "cq_bigdata_bureau")
    with pytest.raises(Refused, match="您填报420元"):
        functions.record_payment(case(at_work, name, who=who, values={"amount": 420, "receipt_no": "R-1"}))

    functions.record_payment(case(at_work, name, who=who, values={"amount": 240, "receipt_no": "R-1"}))

    found = payments.of_declaration(at_work.session, name.id)
    assert found is not None
    assert (found.status, found.recorded_by) == ("paid", at_work.people["clerk"])


def test_extend_payment_gives_the_day(at_work: Season) -> None:
    values = {"extended_until": "2023-11-30", "reason": "系统故障"}

    assert functions.extend_payment(case(at_work, submitted(at_work), values=values)) == "2023-11-30"


def test_skip_payment_leaves_a_note(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2022-11-20 10:00:00")
        at_work = season(session, N4, 32)
        name = submitted(at_work)
        assert functions.has_payment_window(case(at_work, name)) is False

        functions.skip_payment(case(at_work, name))

        found = payments.of_declaration(session, name.id)
        assert found is not None
        assert (found.status, found.note) == ("skipped", "本评委会未安排缴费时间，不设缴费环节。")
