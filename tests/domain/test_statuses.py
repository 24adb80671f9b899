import pytest

from app.domain import statuses
from app.errors import ConfigurationError


def test_states_and_ends_have_their_words() -> None:
    assert statuses.label("CORRECTION") == "待补正"
    assert statuses.label("NOT_RECOMMENDED_OBJECTION") == "公示异议查实，不予推荐"


def test_a_state_fills_its_facts_and_does_without_them() -> None:
    assert statuses.label("PUBLICITY", n=3, N=5) == "单位公示中（第3/5个工作日）"
    assert statuses.label("PUBLICITY") == "单位公示中"


def test_the_applicants_sentence_is_left_out_when_a_fact_is_missing() -> None:
    assert statuses.sentence("PAY_OPEN", amount=240) == "应缴240元"
    assert statuses.sentence("PAY_OPEN") is None
    assert statuses.sentence("AT_DEPT") is None


@pytest.mark.parametrize("ask", [statuses.label, statuses.require_progress, statuses.require_end])
def test_an_unknown_code_is_a_fault_of_the_diagram(ask: object) -> None:
    with pytest.raises(ConfigurationError, match="GONE"):
        ask("GONE")  # type: ignore[operator]


def test_no_state_is_also_an_end() -> None:
    assert statuses.PROGRESS.keys() & statuses.ENDS.keys() == set()
