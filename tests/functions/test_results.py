"""The functions about a result, its confirmation and the archive, each called as a diagram calls it."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.errors import Refused
from app.functions import archiving, complaints, confirmations, levels, results
from app.functions.case import Case
from app.models.complaint import Complaint
from app.models.notification import Notification
from app.models.process import Message, ProcessInstance
from app.models.review import ArchiveRecord, Confirmation
from tests.support import cases
from tests.support.results import CONTACTS, ISSUED, Voted, voted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def review(sqlite_database: Database, freeze: Freeze) -> Iterator[Voted]:
    """Two passed and one failed on Friday 8 December 2023; it is Monday the 11th."""
    with sqlite_database.transaction() as session:
        freeze(session, "2023-12-08 17:00:00")
        found = voted(session, passed=2, failed=1)
        freeze(session, "2023-12-11 09:00:00")
        yield found


def of(review: Voted, number: int, **values: object) -> Case:
    """The case of the declaration with that place on the agenda."""
    about = review.session.get_one(ProcessInstance, review.declaration(number).instance_id)
    return Case(review.session, about, review.clerk.person_id, None, values, "element")


def test_a_result_from_its_report_to_its_last_day(review: Voted, freeze: Freeze) -> None:
    asked = review.case(**CONTACTS, confirmed_count=2, text="到会11人")
    assert results.review_end(asked) == "2023-12-08T17:00:00+08:00"
    assert results.result_publicity_end(asked) == results.review_end(asked)
    assert (results.passed_names(asked), results.names_ready(asked), results.names_in_doubt(asked)) == (2, 2, 0)
    assert results.approving_body(asked) == review.season.bodies["municipal_tro"]
    assert results.approving_role(asked) == "municipal_tro"
    assert not results.self_review(asked)

    results.submit_report(asked)
    results.start_result_publicity(asked)
    results.mirror_publicity(asked)

    assert results.announce_results(asked) == 3
    assert review.review.report["to"] == review.season.bodies["municipal_tro"]
    assert results.result_publicity_start(asked) == "2023-12-11T09:00:00+08:00"
    assert results.result_publicity_end(asked) == "2023-12-15T23:59:59+08:00"
    assert confirmations.draft_since(asked) == results.result_publicity_end(asked)
    told = review.session.scalars(select(Notification.body).where(Notification.template == "result_publicity_started"))
    assert all("2023年12月11日至2023年12月15日" in body for body in told)

    freeze(review.session, "2023-12-18 09:00:00")
    results.close_result_publicity(asked)
    assert review.declaration(1).status == "CONFIRMING"


def test_a_lead_holds_and_is_closed_either_way(review: Voted) -> None:
    review.shown()
    one, other = of(review, 1), of(review, 2)
    assert results.in_result(one)
    assert not results.in_result(of(review, 3))
    for case in (one, other):
        levels.hold_declaration(case, "complaint", shown="RESULT_HELD")
    assert results.names_in_doubt(review.case()) == 2

    results.refuse_confirmation(one)
    results.tell_result(one, "lead_closed")
    levels.release_declaration(other, "complaint")

    rows = review.session.scalars(select(Message).where(Message.name.in_(["confirmation", "lead_closed"]))).all()
    assert {row.name: row.receiver_id for row in rows} == {
        "confirmation": review.declaration(1).instance_id,
        "lead_closed": review.review.instance_id,
    }
    assert (results.names_in_doubt(review.case()), results.names_ready(review.case())) == (0, 1)


def test_a_complaint_is_closed_with_its_finding(review: Voted) -> None:
    made = Complaint(
        declaration_id=review.declaration(1).id, receipt_code="ABC", text="不实", raised_at=review.review.ended_at
    )
    review.session.add(made)
    review.session.flush()
    about = cases.case(review.season, process="complaint", subject={"complaint_id": made.id})

    complaints.close_complaint(about, "unfounded")

    assert (made.finding, made.closed_at is not None) == ("unfounded", True)


def test_a_confirmation_is_drafted_issued_and_told(review: Voted, freeze: Freeze) -> None:
    review.shown()
    freeze(review.session, "2023-12-29 10:00:00")
    asked = review.case(**ISSUED, confirmed_count=2)
    assert (confirmations.own_names(asked), confirmations.entrusted_names(asked)) == (2, 0)
    assert confirmations.confirming_body(asked) == review.season.bodies["municipal_tro"]

    confirmations.draft_confirmation(asked)
    assert confirmations.issue_confirmation(asked) == ISSUED["number"]
    review.session.flush()

    assert confirmations.tell_confirmed(asked) == 2
    assert confirmations.draft_since(asked) == "2023-12-29T10:00:00+08:00"  # what follows was held
    assert archiving.confirmation_number(of(review, 1)) == ISSUED["number"]
    assert archiving.confirmation_issued(of(review, 1)) == "2023-12-29T10:00:00+08:00"
    assert archiving.confirmation_number(of(review, 3)) == ""
    assert not archiving.was_filed(of(review, 1))


def test_a_self_review_unit_files_and_an_entrusting_unit_is_answered(review: Voted, freeze: Freeze) -> None:
    review.declaration(2).route = {"requirements": {"needs_entrustment_letter": True}}
    review.shown()
    freeze(review.session, "2023-12-29 10:00:00")
    own = review.season.bodies["cq_bigdata_bureau"]
    asked = review.case(**ISSUED, notice=[1], number_record=[2])
    confirmations.draft_confirmation(asked, "filing", own)
    confirmations.issue_confirmation(asked)
    review.session.flush()
    confirmations.hand_in_filing(asked)
    confirmations.file_confirmation(asked)
    assert archiving.was_filed(of(review, 1))

    answered = review.case(number="渝数职改函〔2023〕5号", dated="2023-12-29", confirmed_count=1)
    assert confirmations.reply_results(answered) == 1
    assert {row.kind: row.body_id for row in review.session.scalars(select(Confirmation))} == {
        "filing": own,
        "reply": own,
    }


def test_archiving_knows_who_sends_and_files_and_keeps_each_step(review: Voted) -> None:
    declaration = cases.submitted(review.season)
    bureau, institute = review.season.bodies["bureau"], review.season.bodies["institute"]
    asked = cases.case(review.season, declaration, who=review.clerk, values={"personal_copies": 1, "unit_copies": 0})
    assert (archiving.reporting_body(asked), archiving.reporting_role(asked)) == (bureau, "dept_admin")
    assert (archiving.recommender_body(asked), archiving.recommender_role(asked)) == (institute, "unit_clerk")
    assert archiving.must_forward(asked)
    assert archiving.level_in(asked, "intermediate", "junior")
    assert not archiving.level_in(asked, "associate_senior")

    archiving.note_archiving(asked, "forwarded")
    with pytest.raises(Refused, match="归档2份"):
        archiving.archive(asked)
    asked.values = {"personal_copies": 1, "unit_copies": 1}
    archiving.archive(asked)

    kept = review.session.get_one(ArchiveRecord, declaration.id)
    assert (kept.forwarded_at, kept.personal_copies) == (kept.archived_at, 1)
