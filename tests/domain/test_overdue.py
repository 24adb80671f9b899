from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import declarations, overdue
from app.errors import Refused
from app.models.office import RouteExtension
from app.models.process import Message
from tests.support.cases import Season, draft, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-11-16 00:00:00")
        yield season(session)


def test_overdue_asks_for_its_own_instance(at_work: Season) -> None:
    name = submitted(at_work)

    overdue.start(at_work.session, name)

    message = at_work.session.scalars(select(Message)).one()
    assert (message.starts, message.payload["declaration_id"], message.sender_id) == (
        "overdue",
        name.id,
        name.instance_id,
    )


def test_only_a_file_between_submission_and_acceptance_is_climbing(at_work: Season) -> None:
    drafted, climbing, accepted, ended = (
        draft(at_work),
        submitted(at_work),
        submitted(at_work, "yi"),
        submitted(at_work, "bing"),
    )
    accepted.accepted_at = clock.now(at_work.session)
    declarations.end(at_work.session, ended, "WITHDRAWN")

    assert [overdue.still_climbing(name) for name in (drafted, climbing, accepted, ended)] == [
        False,
        True,
        False,
        False,
    ]


def test_an_extension_is_recorded_and_the_file_goes_on_where_it_stood(at_work: Season) -> None:
    name = submitted(at_work)
    declarations.set_status(at_work.session, name, "AT_DISTRICT")
    declarations.set_status(at_work.session, name, "OVERDUE_UNDECIDED")
    values = {"reason": "经办人病假", "extended_until": "2023-11-20", "approver": "孙局长"}

    until = overdue.extend(at_work.session, name, at_work.actor("clerk", "cq_bigdata_bureau"), values)

    assert (until, name.status) == (date(2023, 11, 20), "AT_DISTRICT")  # A21
    kept = at_work.session.scalars(select(RouteExtension)).one()
    assert (kept.reason, kept.approver, kept.organisation_id) == (
        "经办人病假",
        "孙局长",
        at_work.bodies["cq_bigdata_bureau"],
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [({"extended_until": "2023-11-20"}, "reason"), ({"reason": "病假"}, "extended_until"),
     ({"reason": "病假", "extended_until": "2023-11-15"}, "extended_until")],
)  # fmt: skip
def test_an_extension_needs_a_reason_and_a_coming_day(at_work: Season, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        overdue.extend(at_work.session, submitted(at_work), at_work.actor("clerk"), values)

    assert refused.value.problems[0].field == field
