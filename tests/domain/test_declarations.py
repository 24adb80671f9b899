from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import declarations
from app.errors import ConfigurationError, NotFound, Refused
from app.models.process import Message
from tests.support.cases import Season, batch_of, draft, record, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        yield season(session)


def test_start_keeps_the_record_and_the_columns_that_repeat_it(at_work: Season) -> None:
    made = draft(at_work)

    assert declarations.record_of(made) == record(at_work)
    assert (made.notice_key, made.year, made.status) == ("n2_2023_bigdata", 2023, "DRAFT")
    assert (made.title, made.level, made.series, made.category) == (
        "engineer",
        "intermediate",
        "engineering",
        "city_public",
    )


def test_start_under_an_unknown_notice_is_not_found(at_work: Season) -> None:
    with pytest.raises(NotFound):
        declarations.start_declaration(at_work.session, at_work.people["jia"], at_work.committee.id, 999, {})


def test_identity_number_and_mobile_are_kept_sealed(at_work: Season) -> None:
    made = draft(at_work)

    row = at_work.session.execute(text("SELECT data, sealed FROM declaration WHERE id = :id"), {"id": made.id}).one()
    number = record(at_work)["id_number"]
    assert {"id_number", "mobile"} & set(made.data) == set()
    assert number not in str(row.data)
    assert number.encode() not in bytes(row.sealed)


def test_save_replaces_the_record_and_counts_the_revision(at_work: Season) -> None:
    made = draft(at_work)
    values = record(at_work, ce_hours=90)
    del values["department_id"]

    declarations.save_record(at_work.session, made, values)

    assert declarations.record_of(made) == values
    assert made.revision == 1


def test_save_refuses_to_change_a_verified_field(at_work: Season) -> None:
    made = draft(at_work)
    made.verification = {"education": {"result": "verified", "fields": ["highest_education"]}}

    with pytest.raises(Refused) as refused:
        declarations.save_record(at_work.session, made, record(at_work, highest_education="master"))

    assert [problem.field for problem in refused.value.problems] == ["highest_education"]
    assert declarations.record_of(made)["highest_education"] == "bachelor"


def test_an_unknown_state_is_the_diagrams_fault(at_work: Season) -> None:
    with pytest.raises(ConfigurationError, match="NOWHERE"):
        declarations.set_status(at_work.session, draft(at_work), "NOWHERE")


def test_a_hold_shows_itself_and_gives_back_the_state_set_meanwhile(at_work: Season) -> None:
    made = submitted(at_work)
    declarations.hold(at_work.session, made, "complaint")
    declarations.hold(at_work.session, made, "complaint")
    declarations.set_status(at_work.session, made, "AT_DEPT")
    assert (made.status, len(made.holds)) == ("HOLD", 1)

    declarations.release(at_work.session, made, "complaint")

    assert (made.status, made.holds) == ("AT_DEPT", [])


def test_two_holds_are_both_needed_to_go(at_work: Season) -> None:
    made = submitted(at_work)
    declarations.hold(at_work.session, made, "objection:1", shown="OBJECTION")
    declarations.hold(at_work.session, made, "complaint")

    declarations.release(at_work.session, made, "complaint")
    assert made.status == "OBJECTION"
    declarations.release(at_work.session, made, "objection:1")
    assert made.status == "SUBMITTED"


def test_overdue_gives_way_to_the_state_before(at_work: Season) -> None:
    made = submitted(at_work)
    declarations.set_status(at_work.session, made, "AT_DISTRICT")
    declarations.set_status(at_work.session, made, "OVERDUE_UNDECIDED")
    assert made.status == "OVERDUE_UNDECIDED"

    declarations.release(at_work.session, made, "overdue")

    assert made.status == "AT_DISTRICT"


def test_many_states_at_once_leave_the_ended_and_the_held_alone(at_work: Season) -> None:
    going, held, ended = submitted(at_work), submitted(at_work, "yi"), submitted(at_work, "bing")
    declarations.hold(at_work.session, held, "complaint")
    declarations.end(at_work.session, ended, "WITHDRAWN")

    declarations.set_status_of(at_work.session, [going.id, held.id, ended.id], "RECOMMENDED")

    assert (going.status, held.status, ended.status) == ("RECOMMENDED", "HOLD", "WITHDRAWN")
    declarations.release(at_work.session, held, "complaint")
    assert held.status == "RECOMMENDED"


def test_an_end_before_acceptance_gives_the_year_back_and_leaves_the_batch(at_work: Season) -> None:
    made = submitted(at_work)
    batch_of(at_work, made)

    declarations.end(at_work.session, made, "NOT_RECOMMENDED")

    assert (made.status, made.ended_as, made.year_slot) == ("NOT_RECOMMENDED", "NOT_RECOMMENDED", None)
    left = at_work.session.execute(text("SELECT left_at FROM batch_entry WHERE declaration_id = :id"), {"id": made.id})
    assert left.scalar_one() is not None


def test_an_end_after_acceptance_keeps_the_year(at_work: Season) -> None:
    made = submitted(at_work)
    made.accepted_at = made.submitted_at

    declarations.end(at_work.session, made, "NOT_PASSED")

    assert made.year_slot == 2023


def test_a_declaration_ends_once(at_work: Season) -> None:
    made = submitted(at_work)
    declarations.end(at_work.session, made, "WITHDRAWN")

    with pytest.raises(ConfigurationError, match="本人撤回"):
        declarations.end(at_work.session, made, "REFUSED")
    assert declarations.outcome_of(made) == "本人撤回"


def test_tell_reaches_the_declarations_own_instance(at_work: Season) -> None:
    made = submitted(at_work)

    declarations.tell(at_work.session, made, "lapsed", {"why": "逾期"}, sender_id=None)

    message = at_work.session.query(Message).one()
    assert (message.name, message.receiver_id, message.payload) == (
        "lapsed",
        made.instance_id,
        {"declaration_id": made.id, "why": "逾期"},
    )


def test_live_route_bodies_are_those_of_declarations_that_live(at_work: Season) -> None:
    made, bodies = submitted(at_work), at_work.bodies
    assert declarations.live_route_bodies(at_work.session, made.person_id) == {bodies["institute"], bodies["bureau"]}

    declarations.end(at_work.session, made, "WITHDRAWN")

    assert declarations.live_route_bodies(at_work.session, made.person_id) == set()
