from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import declarations
from app.domain.offices import Actor
from app.domain.results import announcing, archives, bodies, confirmations, leads, names, publicities, reports
from app.errors import ConfigurationError, Refused
from app.models.process import Message
from app.models.review import AgendaItem, ReviewSession
from tests.support import cases
from tests.support.results import CONTACTS, ISSUED, Voted, voted
from tests.support.website import statements

Freeze = Callable[[Session, str], object]
BRACKETS = "文号格式：请使用六角括号，如“渝职改办〔2023〕12号”。"


@pytest.fixture
def review(sqlite_database: Database, freeze: Freeze) -> Iterator[Voted]:
    """Three passed and two failed on Friday 8 December 2023; it is Monday the 11th."""
    with sqlite_database.transaction() as session:
        freeze(session, "2023-12-08 17:00:00")
        found = voted(session, passed=3, failed=2)
        freeze(session, "2023-12-11 09:00:00")
        yield found


def sent(review: Voted, name: str) -> dict[int, bool]:
    """Declaration → what the message of that name told it."""
    rows = review.session.scalars(select(Message).where(Message.name == name)).all()
    return {row.payload["declaration_id"]: row.payload.get("passed", row.payload.get("confirmed")) for row in rows}


def test_publicity_shows_who_passed_and_counts_its_first_day(review: Voted) -> None:
    shown = review.shown(confirmed_count=3)

    ((board, _, days),) = publicities.on_show(review.session)
    content = publicities.content(review.session, board)
    assert (days.first_day, days.last_day, days.total) == (date(2023, 12, 11), date(2023, 12, 15), 5)
    assert [each.name for each in content] == [name.applicant for name in review.names() if name.passed]
    assert set(vars(content[0])) == {"declaration_id", "name", "unit", "title", "specialty"}
    assert {name.declaration.status for name in review.names() if name.passed} == {"PASSED_PUBLICITY"}
    assert shown.last_day == date(2023, 12, 15)


def test_everybody_is_told_passed_or_not_and_nothing_more(review: Voted) -> None:
    review.shown()

    assert list(sent(review, "session_result").values()) == [True, True, True, False, False]
    row = review.session.scalars(select(Message).where(Message.name == "session_result")).first()
    assert row is not None
    assert set(row.payload) == {"declaration_id", "passed", "session_id"}


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({"office_contact_phone": " "}, "评委会组建单位"),
        ({"approving_contact_name": None}, "核准备案机构"),
        ({"confirmed_count": 5}, "现有3人可以公示，您确认的为5人"),
    ],
)
def test_publicity_needs_both_channels_and_the_right_number(
    review: Voted, values: dict[str, object], because: str
) -> None:
    with pytest.raises(Refused, match=because):
        publicities.start(review.session, review.review, review.clerk, {**CONTACTS, **values})


def test_list_is_gone_with_its_last_day_and_when_it_is_closed(review: Voted, freeze: Freeze) -> None:
    review.shown()
    freeze(review.session, "2023-12-15 23:59:59")
    assert len(publicities.on_show(review.session)) == 1

    freeze(review.session, "2023-12-16 00:00:00")
    assert publicities.on_show(review.session) == []

    freeze(review.session, "2023-12-15 10:00:00")
    publicities.close(review.session, review.review)
    assert publicities.on_show(review.session) == []
    assert {name.declaration.status for name in review.names() if name.open} == {"CONFIRMING"}


def test_publicity_that_begins_on_a_rest_day_counts_from_the_next_working_day(review: Voted, freeze: Freeze) -> None:
    freeze(review.session, "2023-12-30 09:00:00")
    review.shown()

    ((_, _, days),) = publicities.on_show(review.session)

    assert (days.first_day, days.last_day) == (date(2024, 1, 2), date(2024, 1, 8))
    assert publicities.last_moment(review.session, review.review) == datetime(
        2024, 1, 8, 23, 59, 59, tzinfo=clock.SHANGHAI
    )


def test_mirrored_list_names_the_approving_body(review: Voted) -> None:
    shown = review.shown()
    publicities.mirror(review.session, review.review, Actor(None, review.season.bodies["municipal_tro"]))

    assert (shown.mirrored_by, shown.mirrored_at) == (
        review.season.bodies["municipal_tro"],
        clock.now(review.session),
    )


def test_a_lead_holds_one_name_and_the_others_go_on(review: Voted) -> None:
    review.shown()
    held = review.declaration(2)
    assert leads.in_result(review.session, held)
    declarations.hold(review.session, held, "complaint", leads.HELD)
    publicities.close(review.session, review.review)

    assert [name.held for name in review.names()] == [False, True, False, False, False]
    assert len(names.own(review.names())) == 2
    assert (held.status, review.declaration(1).status) == ("RESULT_HELD", "CONFIRMING")

    declarations.release(review.session, held, "complaint")
    assert held.status == "CONFIRMING"
    assert len(names.own(review.names())) == 3


def test_a_proved_lead_ends_in_no_confirmation(review: Voted) -> None:
    made = review.drafted()
    leads.refuse(review.session, review.declaration(1), None)
    review.session.flush()

    assert sent(review, "confirmation") == {review.declaration(1).id: False}
    assert len(confirmations.drafted(review.session, review.review, made)) == 2
    assert not leads.in_result(review.session, review.declaration(1))
    leads.refuse(review.session, review.declaration(4), None)  # was not passed: nothing to refuse
    assert len(sent(review, "confirmation")) == 1


def test_issuing_leaves_out_who_is_held_meanwhile(review: Voted, freeze: Freeze) -> None:
    review.drafted()
    declarations.hold(review.session, review.declaration(2), "complaint", leads.HELD)
    freeze(review.session, "2023-12-29 10:00:00")
    with pytest.raises(Refused, match="现可办理2人，您确认的为3人"):
        confirmations.issue(review.session, review.review, review.clerk, {**ISSUED, "confirmed_count": 3})

    made = confirmations.issue(review.session, review.review, review.clerk, {**ISSUED, "confirmed_count": 2})
    told = confirmations.tell_confirmed(review.session, review.review, made)

    assert told == 2
    assert set(sent(review, "confirmation")) == {review.declaration(1).id, review.declaration(3).id}
    assert (made.number, made.dated, made.passed_on) == (ISSUED["number"], date(2023, 12, 29), date(2023, 12, 8))
    assert confirmations.of_declaration(review.session, review.declaration(1).id) == made
    assert confirmations.of_declaration(review.session, review.declaration(2).id) is None
    first, held = (review.session.get_one(AgendaItem, item.id) for item in review.items[:2])
    assert (first.outcome, held.outcome, held.confirmation_id) == ("confirmed", None, None)

    declarations.release(review.session, review.declaration(2), "complaint")
    again = confirmations.draft(review.session, review.review, "confirmation", made.body_id)
    assert again.id != made.id
    with pytest.raises(Refused, match="已用于另一份文件"):
        confirmations.issue(review.session, review.review, review.clerk, ISSUED)


@pytest.mark.bad_input
def test_number_with_other_brackets_is_refused_in_the_printed_words(review: Voted) -> None:
    review.drafted()
    with pytest.raises(Refused) as refused:
        confirmations.issue(review.session, review.review, review.clerk, {**ISSUED, "number": "渝职改办[2023]12号"})
    assert [problem.message for problem in refused.value.problems] == [BRACKETS]


def test_confirmation_is_dated_between_the_review_and_today(review: Voted) -> None:
    review.drafted()
    for day in ("2023-12-07", "2023-12-12"):
        with pytest.raises(Refused, match="2023年12月8日"):
            confirmations.issue(review.session, review.review, review.clerk, {**ISSUED, "dated": day})


def test_nothing_is_issued_before_it_is_drafted(review: Voted) -> None:
    with pytest.raises(ConfigurationError):
        confirmations.issue(review.session, review.review, review.clerk, ISSUED)
    with pytest.raises(ConfigurationError):
        confirmations.last_issued(review.session, review.review.id)


def test_reply_tells_entrusting_units_of_both_results(review: Voted, freeze: Freeze) -> None:
    for number in (1, 4):
        review.declaration(number).route = {"requirements": {"needs_entrustment_letter": True}}
    review.shown()
    freeze(review.session, "2023-12-29 10:00:00")
    publicities.close(review.session, review.review)
    entrusting = names.entrusted(review.names())
    assert [name.passed for name in entrusting] == [True, False]
    assert len(names.own(review.names())) == 2
    declarations.end(review.session, review.declaration(4), "NOT_PASSED")

    bureau = review.season.bodies["cq_bigdata_bureau"]
    count = confirmations.reply(review.session, review.review, review.clerk, bureau, {**ISSUED, "confirmed_count": 2})

    assert count == 2
    assert sent(review, "confirmation") == {review.declaration(1).id: True}
    assert names.entrusted(review.names()) == []
    assert len(names.own(review.names())) == 2


def test_filing_needs_the_document_and_the_record_of_numbers(review: Voted, freeze: Freeze) -> None:
    review.drafted()
    freeze(review.session, "2023-12-29 10:00:00")
    confirmations.issue(review.session, review.review, review.clerk, ISSUED)
    with pytest.raises(Refused) as refused:
        confirmations.hand_in(review.session, review.review, {})
    assert [problem.field for problem in refused.value.problems] == ["notice", "number_record"]

    confirmations.hand_in(review.session, review.review, {"notice": [1], "number_record": [2]})
    made = confirmations.file(review.session, review.review, review.clerk)

    assert made.filed_at == clock.now(review.session)
    assert confirmations.uploads(review.session, review.review.id) == [1, 2]


def test_report_is_kept_with_whom_it_went_to(review: Voted) -> None:
    with pytest.raises(Refused, match="请填写评审情况"):
        reports.submit(review.session, review.review, review.clerk, 1, {"text": " "})
    reports.submit(review.session, review.review, review.clerk, 1, {"text": "到会11人", "reviewed": 5, "passed": 3})
    assert (review.review.report["to"], review.review.report["passed"]) == (1, 3)


def test_two_copies_go_to_two_archives(review: Voted) -> None:
    declaration = review.declaration(1)
    for copies in ({"personal_copies": 2, "unit_copies": 0}, {"personal_copies": 1}, {}):
        with pytest.raises(Refused, match="评审表须归档2份"):
            archives.archive(review.session, declaration, review.clerk, copies, 2)
    for step in archives.STEPS:
        archives.note(review.session, declaration, step)
    with pytest.raises(ConfigurationError):
        archives.note(review.session, declaration, "burnt")

    found = archives.archive(
        review.session, declaration, review.clerk, {"personal_copies": 1, "unit_copies": 1, "place": "人才中心"}, 2
    )

    assert found.archived_at == found.sealed_at == clock.now(review.session)


def test_last_body_on_the_route_reports_and_the_recommender_files(review: Voted) -> None:
    declaration = cases.submitted(review.season)
    bureau, institute = review.season.bodies["bureau"], review.season.bodies["institute"]
    assert bodies.reporting(declaration) == ("dept_admin", bureau)
    assert bodies.recommender(declaration) == ("unit_clerk", institute)
    declaration.route = {**declaration.route, "bodies": {"unit": institute}}
    assert bodies.reporting(declaration) == ("unit_clerk", institute)
    declaration.route = {"bodies": {}}
    with pytest.raises(ConfigurationError):
        bodies.reporting(declaration)


def test_only_a_title_reform_office_approves_committees(review: Voted) -> None:
    assert bodies.approving_role(review.session, review.review) == "municipal_tro"
    assert not bodies.self_review(review.session, review.review)
    bodies.approving(review.session, review.review).kind = "agency"
    with pytest.raises(ConfigurationError):
        bodies.approving_role(review.session, review.review)


def test_three_hundred_are_told_by_one_insert(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2023-12-08 17:00:00")
        review = voted(session, passed=200, failed=100)
        key = review.review.id
    with statements(database) as seen, database.transaction() as session:
        assert announcing.announce(session, session.get_one(ReviewSession, key)) == 300
    assert sum(each.startswith("INSERT INTO message") for each in seen) == 1
