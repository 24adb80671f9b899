"""The solicitation's functions by themselves: what they answer, whom they tell, what a diagram may not ask of them."""

import pytest
from sqlalchemy import select

from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.db import Database
from app.domain import campaigns, candidates, demo_experts, demo_people, notices, people
from app.domain.candidates import Named
from app.errors import ConfigurationError, Conflict
from app.functions import campaigns as selection
from app.functions import experts as functions
from app.functions.case import Case
from app.models.expert import ReviewCommittee
from app.models.notification import Notification
from app.models.outbox import Delivery
from app.models.process import ProcessInstance
from tests.support.cases import _package


@pytest.fixture
def case(sqlite_database: Database):
    """The case of somebody whom the approving department designates and whom nobody knows yet."""
    with sqlite_database.transaction() as session:
        world.freeze(session, moment("2021-08-05 09:00"))
        demo_people.load_demo_people(session)
        demo_experts.load(session)
        version = notices.publish(session, _package(campaigns.NOTICE), by=None, note="测试")
        committee = session.scalars(select(ReviewCommittee).where(ReviewCommittee.name == demo_experts.SENIOR)).one()
        plan = {"executing": 13, "term_from": "2021-09-01", "term_to": "2024-08-31", "designation": {"login": 3}}
        campaign = campaigns.begin(session, committee, campaigns.NOTICE, plan)
        named = Named("演练人", "110101199003070257", "13900001234")
        found = candidates.add(session, campaign, "designated", named)
        instance = ProcessInstance(
            process_key=candidates.PROCESS,
            notice_version_id=version.id,
            definition_digest="0" * 64,
            subject={"candidate_id": found.id, "campaign_id": campaign.id},
            state=b"",
            waits={},
            started_at=found.created_at,
        )
        session.add(instance)
        session.flush()
        yield Case(session, instance)


def test_an_invitation_makes_the_account_and_goes_to_the_number_by_text_message(case: Case) -> None:
    with pytest.raises(ConfigurationError, match="还没有账号"):
        functions.candidate_person(case)
    functions.invite_candidate(case)
    case.session.flush()
    person = people.get(case.session, functions.candidate_person(case))
    assert (person.name, person.mobile) == ("演练人", "13900001234")
    told = case.session.scalars(select(Notification).where(Notification.person_id == person.id)).one()
    assert "市职改办推荐为" in told.body
    assert "收到短信后3个工作日" in told.body
    sent = case.session.scalars(select(Delivery).where(Delivery.notification_id == told.id)).one()
    assert (sent.channel, told.routed_at is not None) == ("sms", True)


def test_the_designated_have_terms_of_their_own(case: Case) -> None:
    assert [functions.candidate_rule(case, stage) for stage in ("login", "checks")] == [
        "designation_login",
        "designation_checks",
    ]
    assert (functions.candidate_days(case, "login"), functions.candidate_days(case, "checks")) == (3, None)
    assert selection.designation_days(case) is None
    assert selection.term_start(case) == "2021-09-01T00:00:00+08:00"
    assert selection.days_until_reminder(case) == 1006


def test_what_no_diagram_may_ask(case: Case) -> None:
    functions.invite_candidate(case)
    with pytest.raises(ConfigurationError, match="没有“unit”这一级"):
        functions.expert_body(case, "unit")
    with pytest.raises(ConfigurationError, match="状态"):
        functions.set_candidate(case, "somewhere")
    with pytest.raises(ConfigurationError, match="结果"):
        functions.end_candidate(case, "accepted")
    functions.end_candidate(case, "not_completed")
    with pytest.raises(Conflict, match="未完善信息"):
        functions.end_candidate(case, "lapsed")


def test_bodies_of_the_committee_solicited_for(case: Case) -> None:
    committee = case.session.scalars(select(ReviewCommittee)).first()
    assert committee is not None
    assert selection.selection_body(case) == committee.convening_id
    assert selection.selection_approver(case) == committee.approving_id
    assert selection.enough_recommended(case) is False
    assert functions.municipal_unit(case) is True
