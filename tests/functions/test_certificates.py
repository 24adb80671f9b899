"""The functions of certificates, called as a diagram calls them."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain.certificates import issuing
from app.errors import Refused
from app.functions import certificates
from app.functions.case import Case
from app.models.declaration import Declaration
from app.models.process import Message
from tests.support import reviews
from tests.support.cases import case
from tests.support.reviews import Meeting


@pytest.fixture
def meeting(sqlite_database: Database, freeze: Callable[[Session, str], object]) -> Iterator[Meeting]:
    with sqlite_database.transaction() as session:
        freeze(session, "2024-01-11 09:00:00")
        found = reviews.session_with(session, seats=5, items=1)
        reviews.confirmed(found)
        yield found


def about(meeting: Meeting, **more: object) -> Case:
    declaration = meeting.season.session.get_one(Declaration, meeting.items[0].declaration_id)
    return case(meeting.season, declaration, process="certificate", **{"subject": {}, **more})


def test_start_certificate_asks_for_an_instance_of_its_own(meeting: Meeting) -> None:
    certificates.start_certificate(about(meeting))
    meeting.season.session.flush()
    [message] = meeting.season.session.scalars(select(Message).where(Message.starts == "certificate")).all()
    assert message.payload["declaration_id"] == meeting.items[0].declaration_id


def test_organ_is_the_body_that_issued_the_document(meeting: Meeting) -> None:
    assert certificates.certificate_organ(about(meeting)) == meeting.season.bodies["municipal_tro"]
    assert certificates.certificate_organ_role(about(meeting)) == "municipal_tro"


def test_registering_refuses_what_the_document_does_not_say(meeting: Meeting) -> None:
    with pytest.raises(Refused):
        certificates.register_certificate(about(meeting, values={"document_number": "渝职改办(2024)3号"}))
    certificates.register_certificate(about(meeting, values={"document_number": "渝职改办〔2024〕3号"}))


def test_issuing_reissuing_and_voiding(meeting: Meeting) -> None:
    session = meeting.season.session
    first = certificates.issue_certificate(about(meeting))
    held = issuing.look_up(session, first, "申报人001")
    again = about(meeting, subject={"replaces_id": held.id})
    assert certificates.replaces_certificate(about(meeting)) is False
    assert certificates.replaces_certificate(again) is True
    assert certificates.issue_certificate(again) != first
    assert certificates.void_certificate(about(meeting), "职称已撤销") is True
    assert certificates.void_certificate(about(meeting), "职称已撤销") is False
