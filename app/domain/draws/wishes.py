"""What the operator asks for on the form `draw_rules`, read with the people of the pool at hand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain import dictionaries
from app.domain.pools import DrawableExpert
from app.errors import Problem, Refused

POSITIONS = {"chair": "主任委员", "deputy_chair": "副主任委员"}
_SEPARATORS = str.maketrans("，,；;/\n", "、、、、、、")


@dataclass(frozen=True)
class WantedGroup:
    """A group; without specialties it takes everybody whom no other group asks for."""

    name: str
    members: int
    reserves: int
    specialties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wishes:
    """`designated`: expert → chair or deputy_chair, who sits without being drawn; `exclusions`: expert → reason."""

    size: int
    groups: tuple[WantedGroup, ...]
    designated: tuple[tuple[int, str], ...] = ()
    exclusions: tuple[tuple[int, str], ...] = ()
    leaders_at_most: int = 1
    per_employer: int | None = None
    full_senior_at_least: int = 0
    non_public_at_least: int = 0


def of_form(values: Mapping[str, Any], people: Sequence[DrawableExpert]) -> Wishes:
    """The form's values as wishes; Refused, every fault at once, for names and specialties that nobody knows."""
    problems: list[Problem] = []
    groups = tuple(
        WantedGroup(
            name=str(row.get("name") or f"第{number}组"),
            members=_count(row.get("members")),
            reserves=_count(row.get("reserves")),
            specialties=tuple(_specialties(row, number, problems)),
        )
        for number, row in enumerate(values.get("groups") or [], 1)
    )
    named = _Names(people, problems)
    exclusions = tuple(
        (key, str(row.get("reason") or "利害关系"))
        for number, row in enumerate(values.get("exclusions") or [])
        if row.get("exclude") != "no"
        for key in named.find(str(row.get("expert") or ""), f"exclusions.{number}.expert")
    )
    positions = {person.expert_id: person.position for person in people}
    rows = [row for row in values.get("designated") or [] if row.get("attend") == "yes"]
    designated = tuple((key, positions[key]) for row in rows if (key := _count(row.get("_id"))) in positions)
    if problems:
        raise Refused(*problems)
    return Wishes(
        size=_count(values.get("size")),
        groups=groups,
        designated=designated,
        exclusions=exclusions,
        leaders_at_most=_count(values.get("leaders_at_most")),
        per_employer=_count(values.get("per_employer")) or None,
        full_senior_at_least=_count(values.get("full_senior_at_least")),
        non_public_at_least=_count(values.get("non_public_at_least")),
    )


@dataclass(frozen=True)
class _Names:
    """Finds people of the pool by name; two of one name are told apart by `姓名（单位）`."""

    people: Sequence[DrawableExpert]
    problems: list[Problem]

    def find(self, said: str, where: str) -> Iterator[int]:
        name = said.strip()
        found = [person for person in self.people if name in (person.name, spoken(person))]
        if len(found) == 1:
            yield found[0].expert_id
        elif found:
            units = "、".join(spoken(person) for person in found)
            self.problems.append(Problem("several", f"专家库中有多位“{name}”，请写明单位：{units}。", where))
        else:
            self.problems.append(Problem("unknown", f"专家库中没有“{name}”。", where))


def spoken(person: DrawableExpert) -> str:
    return f"{person.name}（{person.employer_name}）"


def _specialties(row: Mapping[str, Any], number: int, problems: list[Problem]) -> Iterator[str]:
    """Codes of the specialties that a row names, separated by 、; none is all others."""
    known = {entry["label"]: entry["code"] for entry in dictionaries.entries("specialty")}
    said = str(row.get("specialties") or "").translate(_SEPARATORS)
    for name in filter(None, (each.strip() for each in said.split("、"))):
        if name in known:
            yield known[name]
        else:
            labels = "、".join(known)
            message = f"第{number}组：没有“{name}”这一专业，可填：{labels}。"
            problems.append(Problem("specialty", message, f"groups.{number - 1}.specialties"))


def _count(said: Any) -> int:
    return int(said) if str(said if said is not None else "").strip().isdecimal() else 0
