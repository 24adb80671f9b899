from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import payments
from app.errors import Refused
from app.models.declaration import Declaration
from app.models.office import Payment
from tests.support.cases import N4, Season, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-11-19 10:00:00")  # a Sunday inside the window: calendar days count (C1)
        yield season(session)


def pay(at_work: Season, name: Declaration, **values: Any) -> Payment:
    given = {"amount": 240, "receipt_no": "R-1", "paid_on": "2023-11-19", "method": "on_site", **values}
    return payments.record(at_work.session, name, at_work.actor("clerk"), given, at_work.rules(name))


@pytest.mark.parametrize(
    ("title", "yuan"),
    [("assistant_engineer", 120), ("engineer", 240), ("senior_engineer", 420), ("full_senior_engineer", 420)],
)
def test_the_fee_goes_by_level(at_work: Season, title: str, yuan: int) -> None:
    name = submitted(at_work, target_title=title)

    assert payments.amount_due(name, at_work.rules(name)) == yuan


def test_the_exact_fee_is_booked(at_work: Season) -> None:
    found = pay(at_work, submitted(at_work), receipt=[5])

    assert (found.status, found.amount, found.receipt_no, found.paid_on, found.method, found.receipt) == (
        "paid",
        240,
        "R-1",
        date(2023, 11, 19),
        "on_site",
        [5],
    )


def test_another_amount_is_refused(at_work: Season) -> None:
    with pytest.raises(Refused) as refused:
        pay(at_work, submitted(at_work), amount=200)

    assert refused.value.problems[0].message == "中级评审费为240元/人，您填报200元，请核对。"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": 240.5}, "amount"),
        ({"receipt_no": ""}, "receipt_no"),
        ({"paid_on": "2023-11-20"}, "paid_on"),
    ],
)
def test_a_payment_says_how_much_when_and_on_which_receipt(at_work: Season, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        pay(at_work, submitted(at_work), **values)

    assert refused.value.problems[0].field == field


def test_a_payment_is_booked_once(at_work: Season) -> None:
    name = submitted(at_work)
    pay(at_work, name)

    with pytest.raises(Refused, match="R-1"):
        pay(at_work, name, receipt_no="R-2")
    found = payments.of_declaration(at_work.session, name.id)
    assert found is not None
    assert found.receipt_no == "R-1"


def test_who_was_let_pay_later_pays(at_work: Season) -> None:
    name = submitted(at_work)
    values = {"extended_until": "2023-11-30", "reason": "系统故障"}
    payments.extend(at_work.session, name, at_work.actor("clerk"), values)

    found = pay(at_work, name)

    assert found is payments.of_declaration(at_work.session, name.id)
    assert (found.status, found.amount, found.note, found.extended_to) == ("paid", 240, "系统故障", date(2023, 11, 30))


def test_a_committee_without_a_payment_window_collects_nothing(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2022-11-20 09:00:00")
        at_work = season(session, N4, 32)
        name = submitted(at_work)

        assert not payments.has_window(session, name)  # C4
        assert payments.skip(session, name, at_work.rules(name)).status == "skipped"


def test_a_committee_with_a_window_has_one(at_work: Season) -> None:
    assert payments.has_window(at_work.session, submitted(at_work))


def test_paying_later_is_granted_to_a_day_with_a_reason(at_work: Season) -> None:
    name, who = submitted(at_work), at_work.actor("clerk")
    values = {"extended_until": "2023-11-30", "reason": "系统故障"}

    assert payments.extend(at_work.session, name, who, values) == date(2023, 11, 30)
    found = payments.of_declaration(at_work.session, name.id)
    assert found is not None
    assert (found.status, found.extended_to, found.note) == ("due", date(2023, 11, 30), "系统故障")


@pytest.mark.parametrize(
    ("values", "field"),
    [({"reason": "故障"}, "extended_until"), ({"extended_until": "2023-11-18", "reason": "故障"}, "extended_until"),
     ({"extended_until": "2023-11-30"}, "reason")],
)  # fmt: skip
def test_paying_later_needs_a_coming_day_and_a_reason(at_work: Season, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        payments.extend(at_work.session, submitted(at_work), at_work.actor("clerk"), values)

    assert refused.value.problems[0].field == field
