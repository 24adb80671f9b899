"""Who declares: from the day on which somebody thinks of it to the draft that waits for him to fill it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from stdnum.cn import ric

from app.cli.rehearsal.bodies import Place
from app.cli.rehearsal.chance import Chance, shares_of, weighted
from app.cli.rehearsal.pace import Pace
from app.cli.rehearsal.profile import Profile
from app.cli.rehearsal.world import World
from app.domain import committees, dictionaries, people
from app.domain.forms.schema import Field
from app.models.notice import Committee
from app.models.people import Person
from app.processes import bundles, instances

CATEGORY = "category"
_BORN, _IN_A_DAY = date(1980, 1, 1), 450
_LONGEST_WINDOW = timedelta(days=30)  # supposed of a committee whose schedule prints none


@dataclass
class Applicant:
    """`number` counts from 1; `says` are the fields he knows, `closes` when his committee stops taking declarations."""

    number: int
    unit: Place
    committee_id: int
    begins: datetime
    closes: datetime | None
    says: Mapping[str, Any]
    person_id: int = 0
    identity: Mapping[str, Any] = field(default_factory=dict)
    registered: bool = False  # whether the data sharing knows him

    @property
    def key(self) -> str:
        return f"a{self.number}"


class Crowd:
    """Makes the applicants of a world."""

    def __init__(self, world: World, profile: Profile, chance: Chance, pace: Pace) -> None:
        self._world, self._profile, self._chance, self._pace = world, profile, chance, pace
        with world.database.reading() as session:
            self._rows = world.committees(session)
            form = bundles.of_version(session, world.version_id).form(bundles.FORM_8)
        known = (item for item in form.items if isinstance(item, Field) and item.key == CATEGORY)
        self._categories = [option["value"] for item in known for option in item.component.get("values", [])]

    def applicant(self, number: int) -> Applicant:
        """Who he is, which committee he declares to and when he begins."""
        stream = self._chance.of("applicant", number)
        careers = self._profile.careers
        career = careers[weighted(stream, {place: each["weight"] for place, each in enumerate(careers)})]
        says = {**self._profile.common, **career["set"]}
        if self._categories:
            shares = shares_of(self._categories, self._profile.weights.get(CATEGORY, {}))
            says[CATEGORY] = weighted(stream, shares)
        home = self._profile.homes.get(says.get(CATEGORY, ""), {})
        bodies = self._world.bodies
        units = bodies.units(home.get("kinds", ()), home.get("district")) or bodies.units((), None)
        row = stream.choice(self._committees(says))
        begins, closes = self._begins(row, number)
        return Applicant(number, stream.choice(units), row.id, begins, closes, says)

    def arrive(self, session: Session, applicant: Applicant) -> int:
        """Register the person and open his draft; returns the declaration's id."""
        person = _person(session, applicant.number)
        applicant.person_id, applicant.identity = person.id, _identity(person)
        version = self._world.version_id
        return instances.declare(session, person.id, applicant.committee_id, version, {}).id

    def _committees(self, says: Mapping[str, Any]) -> list[Committee]:
        level = dictionaries.level_of(str(says["target_title"])) if "target_title" in says else None
        fitting = [row for row in self._rows if level in row.levels and says.get("series") in row.series]
        online = [row for row in fitting or self._rows if committees.window(row, "declare")]
        return online or fitting or self._rows

    def _begins(self, row: Committee, number: int) -> tuple[datetime, datetime | None]:
        """Most people begin late in the window, a few after it."""
        stream = self._chance.of("begins", number)
        window = committees.window(row, "declare")
        opens, closing = (window.opens, window.closes) if window else (None, None)
        opens = opens or self._world.begins
        closes = closing or opens + _LONGEST_WINDOW
        if stream.random() < self._profile.after_window:
            return self._pace.later(closes, stream.randint(0, 3), stream), closing
        days = self._pace.working_days(opens, closes - timedelta(microseconds=1))
        day = days[int(stream.betavariate(2.0, 1.2) * len(days))]
        return max(self._pace.hour(day, stream), self._world.begins), closing


def _person(session: Session, number: int) -> Person:
    days, place = divmod(number, _IN_A_DAY)
    body = f"500103{_BORN + timedelta(days=days):%Y%m%d}{place + 1:03d}"
    person = people.register(session, f"r.a{number}", f"演练{number:05d}", body + ric.calc_check_digit(body + "0"))
    people.set_mobile(session, person.id, f"139{number:08d}")
    return person


def _identity(person: Person) -> dict[str, Any]:
    born = (
        {"birth_month": person.birth.strftime("%Y-%m"), "birth_date": person.birth.isoformat()} if person.birth else {}
    )
    said = {"name": person.name, "id_number": person.identity_number, "mobile": person.mobile, "sex": person.sex}
    return {**said, **born, "id_type": "resident_id"}
