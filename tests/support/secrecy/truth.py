"""What really happened in a ballot, known to the test alone: who voted what, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Voter:
    seat_id: int
    number: int
    expert_id: int
    person_id: int
    name: str
    account: str


@dataclass(frozen=True)
class Truth:
    """`voters` in the order in which they handed in, `sheets` seat → item → choice, `sealed` what must be gone."""

    ballot_id: int
    items: Sequence[int]
    voters: Sequence[Voter]
    sheets: Mapping[int, Mapping[int, str]]
    sealed: Sequence[bytes] = field(default=())

    def orders(self) -> dict[str, list[int]]:
        """Ways to line the voters up, that somebody could know: seats."""
        handed_in = [each.seat_id for each in self.voters]
        seats = sorted(handed_in)
        return {
            "hand-in": handed_in,
            "seat": seats,
            "hand-in, last first": handed_in[::-1],
            "seat, last first": seats[::-1],
        }

    def profiles(self) -> list[tuple[str, ...]]:
        """Each voter's choices, item after item."""
        return [tuple(self.sheets[each.seat_id][item] for item in self.items) for each in self.voters]


@dataclass(frozen=True)
class Tie:
    """Something that tells how somebody voted: of which kind, and where it stands."""

    kind: str
    where: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}"
