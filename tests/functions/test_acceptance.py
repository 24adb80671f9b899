from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.errors import ConfigurationError, Refused
from app.functions import acceptance as functions
from app.functions.case import Case
from app.models.declaration import Declaration
from app.models.notification import Notification
from tests.support.cases import N4, Season, case, season, submitted

Freeze = Callable[[Session, str], object]
ITEMS = {"correction_items": [{"_id": "1", "target": "查档情况", "text": "缺盖章页"}], "correction_days": 5}


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-11-06 09:00:00")
        yield season(session)


def office(at_work: Season, name: Declaration, values: dict[str, object] | None = None) -> Case:
    who = at_work.actor("clerk", "cq_bigdata_bureau")
    return case(at_work, name, who=who, data={"level": "committee"}, values=values)


def told(at_work: Season) -> list[str]:
    return list(at_work.session.scalars(select(Notification.template).order_by(Notification.id)))


def test_accept_gives_one_number_and_tells_once(at_work: Season) -> None:
    name = submitted(at_work)

    given = [functions.accept(office(at_work, name)) for _ in range(2)]

    assert given == ["虚构市大数据局受〔2023〕1号"] * 2

    assert (name.status, told(at_work)) == ("ACCEPTED", ["accepted"])


def test_issue_correction_tells_the_applicant_the_deadline(at_work: Season) -> None:
    name = submitted(at_work)

    number = functions.issue_correction(office(at_work, name, ITEMS))

    note = at_work.session.scalars(select(Notification)).one()
    assert number == "虚构市大数据局补〔2023〕1号"
    assert (note.facts["due"], note.facts["items"]) == ("2023年11月13日24时", "缺盖章页")  # A12


def test_the_time_and_length_of_the_notice_are_known_to_the_diagram(at_work: Season) -> None:
    name = submitted(at_work)
    with pytest.raises(ConfigurationError, match="尚未告知补正"):
        functions.correction_sent(case(at_work, name))
    assert functions.correction_length(case(at_work, name)) is None

    functions.issue_correction(office(at_work, name, ITEMS))

    assert functions.correction_sent(case(at_work, name)) == clock.local(clock.now(at_work.session)).isoformat()
    assert functions.correction_length(case(at_work, name)) == 5


def test_check_correction_keeps_the_replies(at_work: Season) -> None:
    name = submitted(at_work)
    functions.issue_correction(office(at_work, name, ITEMS))

    functions.check_correction(case(at_work, name, values={"correction_items": [{"_id": "1", "reply": "已补"}]}))

    with pytest.raises(Refused):
        functions.check_correction(case(at_work, submitted(at_work, "yi"), values={}))


def test_refuse_numbers_its_notice(at_work: Season) -> None:
    name = submitted(at_work)

    number = functions.refuse(office(at_work, name, {"refusal_reason": "不属受理范围"}))

    assert number == "虚构市大数据局不受〔2023〕1号"


def test_redirect_committee_moves_the_declaration(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2022-11-20 09:00:00")
        at_work = season(session, N4, 1)
        name = submitted(at_work)
        before = name.committee_id

        functions.redirect_committee(
            case(
                at_work,
                name,
                who=at_work.actor("clerk", "dadukou_tro"),
                values={"target_committee": "第76号", "redirect_reason": "级别不符"},
            )
        )

        assert name.committee_id != before
