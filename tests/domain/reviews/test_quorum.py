"""E1–E6 and G5 as arithmetic: quorum and threshold in integers, and what if somebody leaves."""

from fractions import Fraction

import pytest

from app.domain.reviews.quorum import Lamp, VoteRules, fraction_words, lamp, least, shortage, what_if

RULES = VoteRules.of(
    {"quorum_fraction": "2/3", "pass_fraction": Fraction(2, 3), "quorum_base": "executing_roster",
     "recusal_in_denominator": True}
)  # fmt: skip


@pytest.mark.parametrize(("case", "present", "quorate"), [("E1", 8, False), ("E2", 9, True), ("E4", 11, True)])
def test_quorum_of_thirteen(case: str, present: int, quorate: bool) -> None:
    assert RULES.quorate(present, 13) is quorate
    assert lamp(RULES, 13, present).lit is quorate


@pytest.mark.parametrize(
    ("case", "present", "yes", "passed"),
    [("E2", 9, 6, True), ("E3", 9, 5, False), ("E4", 11, 7, False), ("E4", 11, 8, True), ("E6", 9, 4, False)],
)
def test_yes_votes_against_all_present(case: str, present: int, yes: int, passed: bool) -> None:
    assert RULES.passed(yes, RULES.counted(present, 0)) is passed


def test_g5_a_recused_member_counts_or_not_as_minuted() -> None:
    left_out = VoteRules.of({**RULES.as_dict(), "recusal_in_denominator": False})
    assert (RULES.counted(10, 1), RULES.passed(6, 10)) == (10, False)
    assert (left_out.counted(10, 1), left_out.passed(6, 9)) == (9, True)
    assert not left_out.passed(0, left_out.counted(1, 1))


def test_the_lamp_says_who_may_still_leave() -> None:
    assert lamp(RULES, 13, 11) == Lamp(13, 11, 9, 8)
    assert [what_if(RULES, 13, 11, gone).lit for gone in (1, 2, 3)] == [True, True, False]
    assert (lamp(RULES, 13, 8).missing, what_if(RULES, 13, 9).yes_needed) == (1, 6)
    assert not lamp(RULES, 0, 0).lit


def test_other_fractions_and_their_words() -> None:
    half = VoteRules.of({**RULES.as_dict(), "quorum_fraction": "1/2"})
    assert least(13, half.quorum) == 7
    assert shortage(half, lamp(half, 13, 6)) == "出席不足：应到13人，实到6人，未达二分之一（7人），不能开始投票。"
    assert fraction_words(Fraction(11, 20)) == "11/20"
    assert VoteRules.of(half.as_dict()) == half
