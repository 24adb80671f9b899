from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import overrides, quotas
from app.domain.overrides import Place
from app.models.process import ProcessInstance
from app.models.recommendation import UnitBatch
from tests.support.cases import Season, recommended, season, submitted

Freeze = Callable[[Session, str], object]


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-16 09:00:00")
        yield season(session)


def over(at_work: Season) -> tuple[UnitBatch, Place]:
    """A batch of two engineers with a quota of one, and the place where it is spoken about."""
    batch = recommended(at_work, submitted(at_work), submitted(at_work, "yi"))
    said = {"levels": [{"level": "intermediate", "quota": 1, "declared": 2}]}
    quotas.file(at_work.session, batch.organisation_id, 2023, said, at_work.people["clerk"])
    return batch, Place(at_work.session.get_one(ProcessInstance, batch.instance_id), "override_decide")


def test_what_is_exceeded_is_put_in_words(at_work: Season) -> None:
    batch, _ = over(at_work)

    assert overrides.quota_rule(at_work.session, batch) == {
        "rule": "R-016",
        "value": "中级申报数量2人",
        "limit": "中级投放量1人",
    }


@pytest.mark.parametrize(("decision", "still_over"), [("agree", 0), ("disagree", 1)])
def test_an_agreed_explanation_lets_the_batch_go_on(at_work: Season, decision: str, still_over: int) -> None:
    batch, place = over(at_work)
    asked = {"explanation": "两人均为援藏返岗人员", "evidence": [3]}
    overrides.record_decision(at_work.session, place, at_work.actor("clerk", "institute"), asked)
    assert overrides.explanation_of(at_work.session, place.instance.id) == "两人均为援藏返岗人员"

    said = {"decision": decision, "opinion": "情况属实"}
    found = overrides.record_override(at_work.session, place, at_work.actor("bing", "bureau"), said, batch)

    assert (found.explanation, found.evidence, found.asked_by) == ("两人均为援藏返岗人员", [3], at_work.people["clerk"])
    assert (found.granted, found.approver_id, found.decided_by, found.note) == (
        decision == "agree",
        at_work.bodies["bureau"],
        at_work.people["bing"],
        "情况属实",
    )
    assert (found.value, found.limit) == ("中级申报数量2人", "中级投放量1人")
    assert len(quotas.excess(at_work.session, batch)) == still_over


def test_a_decision_is_kept_word_for_word(at_work: Season) -> None:
    name = submitted(at_work)
    place = Place(at_work.session.get_one(ProcessInstance, name.instance_id), "unit_sign")
    values = {"decision": "sign", "signed_on": date(2023, 10, 16), "head_name": "周院长"}

    found = overrides.record_decision(at_work.session, place, at_work.actor("clerk", "institute"), values)

    assert (found.element_id, found.decision, found.declaration_id) == ("unit_sign", "sign", name.id)
    assert found.values == {"decision": "sign", "signed_on": "2023-10-16", "head_name": "周院长"}


def test_an_opinion_is_signed(at_work: Season) -> None:
    name = submitted(at_work)
    place = Place(at_work.session.get_one(ProcessInstance, name.instance_id), "unit_opinion")

    found = overrides.record_opinion(
        at_work.session, place, at_work.actor("clerk", "institute"), {"decision": "agree", "opinion": "同意破格"}
    )

    assert (found.declaration_id, found.decision, found.text, found.person_id) == (
        name.id,
        "agree",
        "同意破格",
        at_work.people["clerk"],
    )
