"""Chance that can be repeated: every choice has its own stream, made of the seed and of what is chosen for whom.

So a choice does not depend on how many others were made before it, and two drafts of a notice meet the same people.
"""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Streams of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def of(self, *about: object) -> random.Random:
        """The stream of this choice: the same for the same words in every run."""
        return random.Random(f"{self.seed}|{'|'.join(map(str, about))}")  # noqa: S311 (no secret)


def weighted(stream: random.Random, shares: Mapping[T, float]) -> T:
    """One of the keys by its share; any of them where all shares are nothing."""
    keys = list(shares)
    if not any(shares.values()):
        return stream.choice(keys)
    return stream.choices(keys, [max(0.0, float(share)) for share in shares.values()])[0]


def shares_of(options: Sequence[T], known: Mapping[T, float]) -> dict[T, float]:
    """Each option's share; one that nobody has thought of gets the mean of those that are known (alone: all alike)."""
    said = [float(known[each]) for each in options if each in known]
    mean = sum(said) / len(said) if said else 1.0
    return {each: float(known.get(each, mean)) for each in options}
