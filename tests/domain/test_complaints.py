"""Complaints: what may be reported, whom one means, who reads of it; and cancelling a year."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import complaints, permissions, revocations
from app.domain.complaints import Reported, handling, reporters
from app.errors import ConfigurationError, NotAllowed, Refused
from app.models.complaint import Complaint, ComplaintReporter, ReporterReading
from app.models.people import Sanction
from tests.support.cases import Season, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-11-16 00:00:00")
        yield season(session)


def test_the_reporter_stands_apart_and_is_opened_on_record_alone(at_work: Season) -> None:
    session = at_work.session
    about = complaints.register(session, submitted(at_work), Reported("业绩不实", "某职工", "信箱甲"))
    kept = session.scalars(select(ComplaintReporter)).one()
    assert (kept.name, kept.contact, about.stage) == ("某职工", "信箱甲", "unit_publicity")
    stranger = permissions.Grants(kept.complaint_id + 10_000)
    with pytest.raises(NotAllowed):
        reporters.read(session, stranger, about, "了解情况")
    assert list(session.scalars(select(ReporterReading))) == []


def test_nothing_is_added_to_a_closed_complaint(at_work: Season) -> None:
    about = complaints.register(at_work.session, submitted(at_work), Reported("业绩不实"))
    handling.close(at_work.session, about, "unfounded", " ")
    assert about.reply is None
    with pytest.raises(Refused):
        reporters.write(at_work.session, about, "还有情况")
    with pytest.raises(ConfigurationError):
        handling.close(at_work.session, about, "maybe")


def test_an_ended_declaration_is_reported_on_only_while_its_title_stands(at_work: Season) -> None:
    name = submitted(at_work)
    for code in ("NOT_PASSED", "RESULT_REPLIED"):
        name.ended_as = code
        with pytest.raises(Refused):
            complaints.register(at_work.session, name, Reported("业绩不实"))
    name.ended_as = "CONFIRMED"
    assert complaints.register(at_work.session, name, Reported("业绩不实")).stage == "after_confirmation"
    assert len(list(at_work.session.scalars(select(Complaint)))) == 1


def test_a_title_never_confirmed_cannot_be_revoked_and_a_year_is_cancelled_to_its_end(at_work: Season) -> None:
    name = submitted(at_work)
    with pytest.raises(ConfigurationError):
        revocations.revoke(at_work.session, name, None)
    assert revocations.cancel_year(at_work.session, name, "渝职改办〔2023〕330号", None) == 0
    kept = at_work.session.scalars(select(Sanction)).one()
    assert (kept.from_on.isoformat(), str(kept.to_on), kept.kind) == ("2023-11-16", "2023-12-31", "职称申报弄虚作假")
