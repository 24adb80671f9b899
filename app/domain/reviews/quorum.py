"""The fractions of a session in integers: who must be present, how many must agree, and what if somebody leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

_DIGITS = "零一二三四五六七八九十"
KEYS = ("quorum_fraction", "pass_fraction", "quorum_base", "recusal_in_denominator")


@dataclass(frozen=True)
class VoteRules:
    """What a session votes by: the notice's parameters, or what was minuted before its first ballot (R-184, R-185).

    `recused_count`: a recused member still counts as present for quorum and threshold (§8-4).
    """

    quorum: Fraction
    passing: Fraction
    base: str
    recused_count: bool

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "VoteRules":
        """From the parameters by their keys, fractions as such or as texts (`2/3`)."""
        quorum, passing, base, recused = (said[key] for key in KEYS)
        return cls(Fraction(quorum), Fraction(passing), str(base), bool(recused))

    def as_dict(self) -> dict[str, Any]:
        """As a session or a ballot keeps them, by the parameters' keys."""
        return dict(zip(KEYS, (str(self.quorum), str(self.passing), self.base, self.recused_count), strict=True))

    def counted(self, present: int, recused: int) -> int:
        """How many count for an item from which `recused` of the `present` stand back."""
        return present if self.recused_count else present - recused

    def quorate(self, counted: int, size: int) -> bool:
        return reaches(counted, size, self.quorum)

    def passed(self, yes: int, counted: int) -> bool:
        """Whether `yes` carry an item; nothing is carried where nobody counts."""
        return counted > 0 and reaches(yes, counted, self.passing)


@dataclass(frozen=True)
class Lamp:
    """Quorum as the desk shows it: of `size` members `present`, `needed` for a vote, `yes_needed` to pass an item."""

    size: int
    present: int
    needed: int
    yes_needed: int

    @property
    def lit(self) -> bool:
        return self.size > 0 and self.present >= self.needed

    @property
    def missing(self) -> int:
        return max(self.needed - self.present, 0)


def reaches(part: int, whole: int, fraction: Fraction) -> bool:
    """part/whole ≥ fraction, in integers: 2/3 is 3·part ≥ 2·whole."""
    return fraction.denominator * part >= fraction.numerator * whole


def least(whole: int, fraction: Fraction) -> int:
    """The smallest part that reaches the fraction of `whole`."""
    return -(-fraction.numerator * whole // fraction.denominator)


def lamp(rules: VoteRules, size: int, present: int) -> Lamp:
    return Lamp(size, present, least(size, rules.quorum), least(present, rules.passing))


def what_if(rules: VoteRules, size: int, present: int, leaving: int = 1) -> Lamp:
    """The lamp after `leaving` members have gone (B17)."""
    return lamp(rules, size, max(present - leaving, 0))


def shortage(rules: VoteRules, shown: Lamp) -> str:
    """Why no ballot can be opened, in the words of the interface."""
    share = fraction_words(rules.quorum)
    return f"出席不足：应到{shown.size}人，实到{shown.present}人，未达{share}（{shown.needed}人），不能开始投票。"


def fraction_words(fraction: Fraction) -> str:
    """三分之二 for 2/3; figures where a part is above ten."""
    above, below = fraction.numerator, fraction.denominator
    if max(above, below) >= len(_DIGITS):
        return str(fraction)
    return f"{_DIGITS[below]}分之{_DIGITS[above]}"
