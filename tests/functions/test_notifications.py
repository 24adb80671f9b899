"""The functions that word and send notifications, called as a diagram calls them."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.errors import ConfigurationError
from app.functions import batches, deadlines, notifications
from app.models.notification import Notification
from app.models.process import Task
from tests.support.cases import Season, batch_of, case, recommended, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-16 09:00:00")
        yield season(session)


def sent(at_work: Season) -> list[Notification]:
    at_work.session.flush()
    return list(at_work.session.scalars(select(Notification)))


def test_applicant_is_notified_about_his_own_declaration(at_work: Season) -> None:
    declaration = submitted(at_work)
    told = notifications.notify(case(at_work, declaration), "applicant", "accepted", number="虚2023-1")
    [row] = sent(at_work)
    assert told == 1
    assert (row.person_id, row.declaration_id) == (at_work.people["jia"], declaration.id)
    assert row.title == "申报已受理"
    assert "虚2023-1" in row.body


def test_role_is_notified_at_one_office_only(at_work: Season) -> None:
    about, here = case(at_work, submitted(at_work)), at_work.bodies["institute"]
    assert notifications.notify(about, "unit_clerk", "publicity_over", here) == 1
    assert notifications.notify(about, "unit_clerk", "publicity_over", at_work.bodies["company"]) == 0
    assert [row.person_id for row in sent(at_work)] == [at_work.people["clerk"]]


def test_unknown_template_is_a_fault_of_the_notice(at_work: Season) -> None:
    with pytest.raises(ConfigurationError, match="没有名为"):
        notifications.notify(case(at_work, submitted(at_work)), "applicant", "no_such_template")


def test_applicant_name(at_work: Season) -> None:
    assert notifications.applicant_name(case(at_work, submitted(at_work, "yi"))) == "李二"


def test_waiting_for_names_the_office_of_the_open_task(at_work: Season) -> None:
    declaration = submitted(at_work)
    about = case(at_work, declaration)
    assert notifications.waiting_for(about) == ""
    task = Task(
        instance_id=declaration.instance_id,
        engine_task_id="0",
        element_id="check",
        process_key="declaration",
        name="审核",
        role="unit_clerk",
        organisation_id=at_work.bodies["institute"],
        declaration_id=declaration.id,
        created_at=clock.now(at_work.session),
    )
    at_work.session.add(task)
    at_work.session.flush()
    assert "虚构数据研究院" in notifications.waiting_for(about)
    task.status = "cancelled"
    at_work.session.flush()
    assert notifications.waiting_for(about) == ""


def test_deadline_text_is_the_end_of_the_deadline_or_nothing(at_work: Season) -> None:
    about = case(at_work, submitted(at_work))
    assert deadlines.deadline_text(about, "unit_publicity") == "2023年10月20日24时"
    assert deadlines.deadline_text(about, "no_such_deadline") == ""


def test_quota_applies_to_institutions_alone(at_work: Season) -> None:
    of_institute, of_company = submitted(at_work, "jia"), submitted(at_work, "yi")
    of_company.route = {**of_company.route, "bodies": {"unit": at_work.bodies["company"]}}
    asked = [case(at_work, subject={"batch_id": batch_of(at_work, name).id}) for name in (of_institute, of_company)]
    assert [batches.quota_applies(about) for about in asked] == [True, False]


def test_names_of_a_batch_are_told_with_its_unit_and_days(at_work: Season) -> None:
    first, second = submitted(at_work), submitted(at_work, "yi")
    about = case(at_work, subject={"batch_id": recommended(at_work, first, second).id})
    assert batches.notify_names(about, "recommended") == 2
    told = {row.person_id: (row.declaration_id, row.body) for row in sent(at_work)}
    assert told[at_work.people["jia"]][0] == first.id
    assert told[at_work.people["yi"]] == (second.id, "您已由虚构数据研究院推荐上报，接下来由上级部门审核。")
