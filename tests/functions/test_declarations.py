from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import verification
from app.errors import Refused
from app.functions import declarations as functions
from app.functions import registered
from app.models.notification import Notification
from app.models.process import Message
from tests.support.cases import Season, case, draft, record, season, submitted

Freeze = Callable[[Session, str], object]
TOPICS = ("declarations", "levels", "acceptance", "batches", "objections", "payments", "decisions")


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        yield season(session)


def notified(at_work: Season) -> list[tuple[str, int]]:
    rows = at_work.session.scalars(select(Notification).order_by(Notification.id))
    return [(row.template, row.person_id) for row in rows]


def test_every_function_is_explained_to_designers_in_chinese() -> None:
    mine = [f for f in registered().values() if f.__module__.rsplit(".", 1)[-1] in TOPICS]

    unexplained = [f.__name__ for f in mine if "：" not in (f.__doc__ or "").splitlines()[0]]
    assert mine
    assert unexplained == []


def test_check_submission_lets_a_sound_declaration_pass(at_work: Season) -> None:
    assert functions.check_submission(case(at_work, draft(at_work))) is None


def test_check_submission_refuses_with_every_reason(at_work: Season) -> None:
    unsound = draft(at_work, department_id=None, category="city_public", current_title_date="2023-06-01")

    with pytest.raises(Refused) as refused:
        functions.check_submission(case(at_work, unsound))

    assert len(refused.value.problems) == 2


def test_check_submission_keeps_the_evidence_just_uploaded(at_work: Season) -> None:
    made = draft(at_work)
    verification.compare(at_work.session, made)
    rows = [{"_id": key, "evidence": [1]} for key in verification.ITEMS]

    functions.check_submission(case(at_work, made, values={"items": rows}))

    assert verification.complete(made)


def test_auto_verify_is_true_once_everything_is_confirmed_or_evidenced(at_work: Season) -> None:
    made = draft(at_work)
    assert functions.auto_verify(case(at_work, made)) is False

    rows = [{"_id": key, "evidence": [1]} for key in verification.ITEMS]
    assert functions.auto_verify(case(at_work, made, values={"items": rows})) is True


def test_submit_declaration_numbers_and_tells_the_applicant(at_work: Season) -> None:
    made = draft(at_work)

    assert functions.submit_declaration(case(at_work, made)) == "2023000001"

    assert (made.status, made.year_slot) == ("SUBMITTED", 2023)
    assert notified(at_work) == [("submitted", made.person_id)]


@pytest.mark.parametrize(
    ("more", "needed"),
    [
        ({}, False),
        (
            {
                "target_title": "senior_engineer",
                "current_title": "engineer",
                "current_title_date": "2022-06-01",
                "exceptional": True,
                "performance_conditions": ["c1"],
            },
            True,
        ),
    ],
)
def test_needs_exceptional_when_the_years_do_not_suffice(
    at_work: Season, more: dict[str, object], needed: bool
) -> None:
    assert functions.needs_exceptional(case(at_work, draft(at_work, **more))) is needed


def test_the_route_is_answered_level_by_level(at_work: Season) -> None:
    asked = case(at_work, submitted(at_work))

    assert [functions.on_route(asked, level) for level in ("unit", "department", "agency", "district")] == [
        True,
        True,
        False,
        False,
    ]
    assert functions.body(asked, "department") == at_work.bodies["bureau"]
    assert functions.has_unit(asked) is True


def test_a_freelancer_has_no_unit(at_work: Season) -> None:
    name = submitted(at_work)
    name.route = {"recommender": "agency", "bodies": {"agency": at_work.bodies["agency"]}}

    assert functions.has_unit(case(at_work, name)) is False


@pytest.mark.parametrize("needed", [True, False])
def test_is_entrusted_where_the_route_asks_for_the_letter(at_work: Season, needed: bool) -> None:
    name = submitted(at_work)
    name.route = {**name.route, "requirements": {"needs_entrustment_letter": needed}}

    assert functions.is_entrusted(case(at_work, name)) is needed


def test_the_bodies_that_convene_and_oversee_are_found(at_work: Season) -> None:
    asked = case(at_work, submitted(at_work))

    assert functions.convening_organisation(asked) == at_work.bodies["cq_bigdata_bureau"]
    assert functions.municipal_tro(asked) == at_work.bodies["municipal_tro"]


def test_set_status_writes_what_the_applicant_reads(at_work: Season) -> None:
    name = submitted(at_work)

    functions.set_status(case(at_work, name), "AT_DEPT")

    assert name.status == "AT_DEPT"


def test_end_declaration_writes_the_end_and_tells_the_applicant(at_work: Season) -> None:
    name = submitted(at_work)

    functions.end_declaration(case(at_work, name), "REFUSED")

    assert (name.status, name.ended_as, name.year_slot) == ("REFUSED", "REFUSED", None)
    note = at_work.session.scalars(select(Notification)).one()
    assert (note.template, note.facts["outcome"]) == ("ended", "不予受理")


def test_tell_declaration_reaches_its_own_instance(at_work: Season) -> None:
    name = submitted(at_work)
    sibling = case(at_work, name, process="overdue", subject={})

    functions.tell_declaration(sibling, "lapsed")

    message = at_work.session.scalars(select(Message)).one()
    assert (message.name, message.receiver_id, message.sender_id) == ("lapsed", name.instance_id, sibling.instance.id)
    assert record(at_work)["name"] == "张一"
