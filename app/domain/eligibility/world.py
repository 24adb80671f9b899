"""What a check has to know beyond the form; the caller reads it from the database, the checks stay pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.clock import local
from app.domain.eligibility.windows import Window

STANDINGS = ("draft", "under_way", "accepted", "ended_before_acceptance")


@dataclass(frozen=True)
class OtherDeclaration:
    """Another declaration of the same person in the same year.

    `standing` is one of STANDINGS: the year is used up from acceptance, a file under way cannot have a twin, and a
    draft or a file that ended before acceptance (not recommended, wrong committee) costs nothing (R-011).
    `title`, `committee` and `status` are words for people; `auxiliary`: reviewed in an auxiliary series (R-012).
    """

    title: str
    committee: str
    status: str
    standing: str
    channel: str = "normal"
    auxiliary: bool = False


@dataclass(frozen=True)
class ImpactPeriod:
    """A sanction or its impact period in the integrity archive, first and last day included; `until` None is open.

    `kind` is what the person is told: 处分期 or 影响期.
    """

    since: date
    until: date | None
    clause: str | None = None
    kind: str = "影响期"

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Body:
    """A body that may stand on a route; `contact` and `phone` are whom to ask to register (R-105).

    `steps`: the levels for which it names a contact of its own.
    """

    name: str
    registered: bool = True
    contact: str = ""
    phone: str = ""
    steps: frozenset[str] = frozenset()

    def reachable_for(self, level: str) -> bool:
        """Whether there is a contact and phone for the level; without one the body may not stand there."""
        return bool(self.contact and self.phone) or level in self.steps


@dataclass(frozen=True)
class World:
    """`now` is the transaction's instant. `administrator_of` and `bodies` are keyed by organisation id.

    `convening` is the body that accepts for the committee; `contact` is whom to ask, as one text (机构、电话);
    `epidemic_benefit_used`: in any channel, passed or not (R-077); `on_letter`: the entrusting unit has recorded a
    letter whose list names the declaration.
    """

    now: datetime
    window: Window | None = None
    corrections: Window | None = None
    declarations: tuple[OtherDeclaration, ...] = ()
    impact_periods: tuple[ImpactPeriod, ...] = ()
    administrator_of: Mapping[Any, str] = field(default_factory=dict)
    bodies: Mapping[Any, Body] = field(default_factory=dict)
    convening: Body | None = None
    epidemic_benefit_used: bool = False
    contact: str | None = None
    on_letter: bool = False

    @property
    def today(self) -> date:
        return local(self.now).date()
