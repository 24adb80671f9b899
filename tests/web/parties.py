"""Who walks through the website: of every role one account in the case's own offices, one beside them, one far off.

The tree of bodies says which is which. A body on the case's way is its own: the applicant's unit, all above it, and the
office that convenes the review. A neighbour stands in the same district under the same superior as one of these; any
other body is foreign. Posts of the whole system are held in no body.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from sqlalchemy.orm import Session

from app.config import ROOT
from app.domain import organisations, people

UNIT, CONVENING = "cq_data_institute", "cq_bigdata_bureau"
OWN, NEIGHBOUR, FOREIGN, WHOLE = "own", "neighbour", "foreign", "whole"
NOBODY, APPLICANT, STRANGER, OTHER_STRANGER = "", "zhang.lin", "li.yue", "zhou.wen"  # the first has no login at all
# what the demo lacks: a body beside the department of the case, and one beside the office that convenes its review
ADDED = {"dept.beside": ("dept_admin", "cq_top_body"), "committee.beside": ("committee_office", "cq_self_review_unit")}


@dataclass(frozen=True)
class Party:
    """An account as it stands to the case; `role` is no post for applicants and visitors."""

    account: str
    role: str
    relation: str


def _read(name: str) -> Any:
    return yaml.safe_load((ROOT / "app/domain/demo" / name).read_text(encoding="utf-8"))


BODIES: dict[str, dict[str, Any]] = {each["key"]: each for each in _read("organisations.yaml")}
POSTS: list[tuple[str, str, str | None]] = [
    *((each["account"], role, body) for each in _read("people.yaml")["officers"] for role, body in each["roles"]),
    *((account, *post) for account, post in ADDED.items()),
]
ROLES = {account: {role for each, role, _ in POSTS if each == account} for account, _, _ in POSTS}


def _upwards(key: str | None) -> list[str]:
    return [] if key is None else [key, *_upwards(BODIES[key].get("under"))]


WAY = [*_upwards(UNIT), CONVENING]


def relation(body: str | None) -> str:
    """How near a body stands to the case."""
    if body is None or body in WAY:
        return WHOLE if body is None else OWN
    place = (BODIES[body].get("under"), BODIES[body].get("district"))
    beside = {(BODIES[each].get("under"), BODIES[each].get("district")) for each in WAY}
    return NEIGHBOUR if place[0] and place in beside else FOREIGN


def _one_of_each() -> Sequence[Party]:
    found: dict[tuple[str, str], Party] = {}
    for account, role, body in POSTS:
        found.setdefault((role, relation(body)), Party(account, role, relation(body)))
    return tuple(found.values())


OFFICERS = _one_of_each()
PARTIES = (
    Party(NOBODY, "no login", ""),
    Party(APPLICANT, "applicant", OWN),
    Party(STRANGER, "applicant", NEIGHBOUR),  # of another unit under the same department
    Party(OTHER_STRANGER, "applicant", FOREIGN),  # of no unit
    *OFFICERS,
)
# what is open to all, or to all who are logged in, is tried by a few of each sort
WITNESSES = {NOBODY, APPLICANT, STRANGER, "clerk.institute"}


def add(session: Session) -> None:
    """The accounts that the demo lacks."""
    for account, (role, body) in ADDED.items():
        person = people.register(session, account, "邻里")
        people.grant(session, person.id, role, organisations.by_key(session, body).id)
