"""Rates of small groups are kept back, so that nobody reads one person's result out of a table (B27, B4).

Who failed is nobody's business but his own, while the members of a unit or category are known to many. So a group's
rate is shown only from SMALLEST reviewed people on and only where somebody passed ("none of twelve" tells of each of
them). And what is kept back must not come out by subtracting the shown groups from the total: the hidden ones together
must be at least two groups of SMALLEST people, somebody of whom passed; else the smallest shown group is hidden too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SMALLEST = 10  # people reviewed; below it one knows one's own result and guesses those of the few others


@dataclass(frozen=True)
class Rate:
    """How many of a group were reviewed and passed; both None where they are kept back."""

    group: str
    reviewed: int | None
    passed: int | None

    @property
    def percent(self) -> int | None:
        return None if not self.reviewed or self.passed is None else round(100 * self.passed / self.reviewed)


def rates(groups: Mapping[str, tuple[int, int]], total: str) -> list[Rate]:
    """The groups (reviewed, passed), largest first, and below them all together under the name `total`."""
    counted = {key: found for key, found in groups.items() if found[0]}
    ordered = sorted(counted, key=lambda key: (-counted[key][0], key))
    hidden = [key for key in ordered if not _safe(*counted[key])]
    for key in reversed([key for key in ordered if key not in hidden]):
        if not hidden or _together(counted, hidden):
            break
        hidden.append(key)
    shown = [Rate(key, None, None) if key in hidden else Rate(key, *counted[key]) for key in ordered]
    whole = (sum(reviewed for reviewed, _ in counted.values()), sum(passed for _, passed in counted.values()))
    visible = _safe(*whole) and (not hidden or _together(counted, hidden))
    return [*shown, Rate(total, *whole) if visible else Rate(total, None, None)]


def _safe(reviewed: int, passed: int) -> bool:
    return reviewed >= SMALLEST and passed > 0


def _together(counted: Mapping[str, tuple[int, int]], hidden: list[str]) -> bool:
    """Whether the sum of what is hidden may be known."""
    sums = (sum(counted[key][0] for key in hidden), sum(counted[key][1] for key in hidden))
    return len(hidden) > 1 and _safe(*sums)
