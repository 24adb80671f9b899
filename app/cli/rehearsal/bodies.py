"""The bodies of a rehearsal: those of the demo, which notices name, and more units and districts for more people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import demo
from app.domain import demo_people, organisations, people
from app.domain.packages import Package
from app.models.people import Organisation, RoleGrant

STAFF = {  # kind of body → the posts that somebody holds there
    "institution": ("unit_clerk", "unit_head"),
    "state_enterprise": ("unit_clerk", "unit_head"),
    "non_public": ("unit_clerk", "unit_head"),
    "non_local_unit": ("unit_clerk", "unit_head"),
    "self_review_unit": ("unit_clerk", "unit_head", "committee_office"),
    "department": ("dept_admin",),
    "industry_authority": ("dept_admin",),
    "agency": ("agency",),
    "district_tro": ("district_tro", "committee_office", "finance"),
    "municipal_tro": ("municipal_tro", "draw_operator", "inspector", "patrol"),
    "discipline": ("discipline",),
    "local_top_body": ("local_top_body",),
    "entrusting_unit": ("entrusting_unit",),
}
CONVENING = ("committee_office", "finance", "minutes_clerk", "teller_supervise", "teller_count")
UNITS = ("institution", "state_enterprise", "non_public", "non_local_unit", "self_review_unit")
_STAFF_OF_A_UNIT = 25  # applicants
_OF_A_DISTRICT = 400
_OF_A_DEPARTMENT = 250


@dataclass(frozen=True)
class Place:
    """A body as applicants know it: `above` are the bodies over it, the nearest first."""

    id: int
    kind: str
    district: str | None
    above: tuple[int, ...]


@dataclass
class Bodies:
    """Every body by id, in the order of their making."""

    known: dict[int, Place] = field(default_factory=dict)

    def units(self, kinds: Iterable[str], district: bool | None) -> list[Place]:
        """Units of these kinds, of a district or of the city itself where `district` says so; all units for no kind."""
        wanted = set(kinds) or set(UNITS)
        found = [each for each in self.known.values() if each.kind in wanted]
        return [each for each in found if district is None or district == (each.district is not None)]

    def nearest(self, unit: Place, kinds: Iterable[str]) -> int | None:
        """The body of these kinds that is nearest to the unit: itself, above it, of its district, anywhere."""
        wanted = set(kinds)
        near = [unit, *(self.known[each] for each in unit.above)]
        near += [each for each in self.known.values() if unit.district and each.district == unit.district]
        found = [each for each in (*near, *self.known.values()) if each.kind in wanted]
        return found[0].id if found else None


def found(session: Session, package: Package, applicants: int) -> Bodies:
    """Make all bodies and their staff; returns them."""
    demo_people.load_demo_people(session)
    demo.add_convening_organisations(session, package.committees)
    _grow(session, applicants)
    bodies = _read(session)
    _staff(session, bodies, {row.convening_key for row in package.committees})
    return bodies


def _grow(session: Session, applicants: int) -> None:
    city = organisations.by_key(session, "cq_municipal_tro").id
    districts = [_district(session, city, number) for number in range(1, applicants // _OF_A_DISTRICT + 1)]
    districts += [(organisations.by_key(session, f"{name}_tro").id, name) for name in ("dadukou", "jiangan")]
    departments = [
        _make(session, f"r_department_{number}", f"预演第{number}主管部门", "department", city)
        for number in range(1, applicants // _OF_A_DEPARTMENT + 1)
    ] or [organisations.by_key(session, "cq_industry_department").id]
    for number in range(1, applicants // _STAFF_OF_A_UNIT + 1):
        of = number % 4
        office, district = districts[number // 4 % len(districts)]
        name = f"预演第{number}单位"
        make = partial(_make, session, f"r_unit_{number}", name)
        if of in (0, 3):
            make("institution" if of else "state_enterprise", departments[number % len(departments)])
        elif of == 1:
            over = organisations.by_key(session, f"{district}_department").id
            make("institution", over, district=district)
        else:
            make("non_public", office, district=district)


def _district(session: Session, city: int, number: int) -> tuple[int, str]:
    name = f"r{number}"
    office = _make(session, f"{name}_tro", f"预演第{number}区职改办", "district_tro", city, district=name)
    _make(session, f"{name}_agency", f"预演第{number}区人才服务中心", "agency", office, district=name)
    _make(session, f"{name}_department", f"预演第{number}区主管部门", "department", office, district=name)
    return office, name


def _make(session: Session, key: str, name: str, kind: str, over: int, district: str | None = None) -> int:
    phone = f"023-6{sum(map(ord, key)) % 10**7:07d}"
    contact = {"contact_name": "职称工作联系人", "contact_phone": phone}
    code = {"document_code": name} if kind == "district_tro" else {}
    made = organisations.create(session, key, name, kind, over, district=district, registered=True, **contact, **code)
    return made.id


def _read(session: Session) -> Bodies:
    rows = session.scalars(select(Organisation).order_by(Organisation.id)).all()
    return Bodies({row.id: Place(row.id, row.kind, row.district, _above(row)) for row in rows})


def _above(row: Organisation) -> tuple[int, ...]:
    return tuple(int(each) for each in reversed(row.path.strip("/").split("/")[:-1]))


def _staff(session: Session, bodies: Bodies, convening: set[str]) -> None:
    """Somebody in every post of every body that has nobody there yet."""
    held = {tuple(row) for row in session.execute(select(RoleGrant.role, RoleGrant.organisation_id))}
    office = {row.id for row in session.scalars(select(Organisation).where(Organisation.key.in_(convening)))}
    for place in bodies.known.values():
        posts = (*STAFF.get(place.kind, ()), *(CONVENING if place.id in office else ()))
        for post in dict.fromkeys(posts):
            if (post, place.id) not in held:
                officer = people.register(session, f"r.{post}.{place.id}", f"{people.ROLES[post]}{place.id}")
                people.grant(session, officer.id, post, place.id)


def names(session: Session) -> Mapping[int, str]:
    """Body → what it is called."""
    return dict(session.execute(select(Organisation.id, Organisation.name)).all())
