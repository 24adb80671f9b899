"""会签, 或签 and 依次审批 as a designer draws them, each with each policy for a refusal; and done a second time."""

import pytest

from app.engine.lint import Vocabulary, lint
from app.errors import MoveRefused
from tests.engine import tiny
from tests.engine.invariants import assert_sound
from tests.engine.play import Play

FIRST = "<bpmn:completionCondition>True</bpmn:completionCondition>"  # 或签: the first answer decides


def diagram(*, sequential: bool = False, over: str = "", **properties: str) -> dict[str, bytes]:
    """before → three signers → again? → after; `again` leads back to `before` where the decision is no agreement."""
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f'<bpmn:loopDataInputRef>people</bpmn:loopDataInputRef><bpmn:inputDataItem id="who" name="who"/>{over}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    own = tiny.extensions({"form": "vote", "role": "clerk", "person": "who", **properties})
    several = f'<bpmn:userTask id="sign" name="sign">{own}{loop}</bpmn:userTask>'
    one = {"form": "plain", "role": "clerk"}
    elements = (
        tiny.start() + tiny.script("set", "people = [1, 2, 3]") + tiny.user("before", **one) + several
        + tiny.gateway("again") + tiny.user("after", **one) + tiny.end()
    )  # fmt: skip
    flows = "s>set>before>sign>again; again>before[refused > 0 and agreed < 2]; again>after!; after>e"
    return {"p.bpmn": tiny.document(tiny.process("p", elements, flows))}


def played(*answers: str, **drawn: object) -> Play:
    play = Play(diagram(**drawn), "p")  # type: ignore[arg-type]
    play.complete("before")
    for each in answers:
        play.complete("sign", decision=each)
        assert_sound(play.run)
    return play


def data(play: Play) -> dict[str, object]:
    found = dict(play.run.user_tasks()[0].data)
    return {key: found.get(key) for key in ("decision", "agreed", "refused", "who")}


def test_all_must_agree_and_one_refusal_ends_it() -> None:
    play = played("pass", "pass", refusal="finish")
    assert play.waiting() == ["sign"]
    play.complete("sign", decision="pass")
    assert (play.waiting(), data(play)) == (["after"], {"decision": "pass", "agreed": 3, "refused": 0, "who": None})
    play = played("pass", "no", refusal="finish")
    assert (play.waiting(), data(play)) == (["before"], {"decision": "no", "agreed": 1, "refused": 1, "who": None})
    play.complete("before")
    assert play.waiting() == ["sign", "sign", "sign"]
    assert sorted(task.data["who"] for task in play.run.user_tasks()) == [1, 2, 3]


def test_refusals_are_counted_and_nobodys_word_is_the_joint_decision() -> None:
    play = played("no", "pass", refusal="count")
    assert play.waiting() == ["sign"]
    play.complete("sign", decision="pass")
    assert (play.waiting(), data(play)) == (["after"], {"decision": None, "agreed": 2, "refused": 1, "who": None})


def test_first_answer_decides_for_all() -> None:
    play = played("pass", over=FIRST, refusal="finish")
    assert (play.waiting(), data(play)["decision"]) == (["after"], "pass")
    wanted = "<bpmn:completionCondition>decision == 'pass'</bpmn:completionCondition>"
    play = played("no", "pass", over=wanted, refusal="count")
    assert (play.waiting(), data(play)["agreed"], data(play)["refused"]) == (["before"], 1, 1)


def test_one_after_the_other_until_somebody_refuses() -> None:
    play = played("ok", sequential=True, refusal="finish", agreement="ok")
    assert [task.data["who"] for task in play.run.user_tasks()] == [2]
    play.complete("sign", decision="no")
    assert (play.waiting(), data(play)["decision"]) == (["before"], "no")


@pytest.mark.parametrize("sequential", [False, True])
def test_refusal_sends_the_whole_activity_back(sequential: bool) -> None:
    play = played("pass", sequential=sequential, refusal="return")
    diverted = play.run.complete_to(play.task("sign"), {"decision": "no"}, ("before",), {})
    assert (diverted, play.waiting()) == (True, ["before"])
    assert_sound(play.run)
    play.store()
    play.complete("before")
    assert play.waiting() == ["sign"] * (1 if sequential else 3)


def test_one_instance_cannot_be_moved_and_the_whole_can_and_is_entered_again() -> None:
    play = played("pass", refusal="count")
    with pytest.raises(MoveRefused, match="move the activity"):
        play.run.move(play.task("sign"), "before", {})
    play.run.move(play.task("sign"), "before", {}, several=True)
    assert play.waiting() == ["before"]
    assert_sound(play.run)
    play.complete("before")
    play.run.move(play.task("sign"), "after", {}, several=True)
    play.run.move(play.task("after"), "sign", {})
    assert play.waiting() == ["sign", "sign", "sign"]


def test_linter_wants_one_policy_where_several_decide_and_none_elsewhere() -> None:
    words = Vocabulary(forms={"vote": frozenset({"decision"}), "plain": frozenset()}, roles=frozenset({"clerk"}))

    def codes(files: dict[str, bytes]) -> set[str]:
        drawn = ("missing_shape", "missing_edge", "no_lane", "unnamed_gateway", "unnamed_flow")
        found = lint(files, words)
        return {each.code for each in found if each.element == "sign" and each.code not in drawn}

    assert codes(diagram(refusal="finish")) == set()
    assert codes(diagram()) == {"joint_without_refusal"}
    assert codes(diagram(refusal="finish count")) == {"unknown_verb"}
    assert codes(diagram(refusal="veto")) == {"unknown_verb"}
    alone = {"p.bpmn": diagram(refusal="count")["p.bpmn"].replace(b"multiInstance", b"x")}
    assert "refusal_of_one" in codes(alone)
