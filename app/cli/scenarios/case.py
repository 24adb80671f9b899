"""A scenario file read strictly: what it starts with, its steps, what it expects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from app import clock
from app.cli.scenarios import stretches
from app.domain.package_files import loaded
from app.errors import ConfigurationError

SAMPLES = "samples.yaml"
SHIPPED = Path(__file__).parents[1] / "season"  # its samples, where a case has none beside it
BESIDE = frozenset({SAMPLES, "stretches.yaml"})  # files beside the cases that are no cases
ONE = "it"  # the label of a case's only declaration
ACTIONS = frozenset(
    {"complete", "refused", "at", "expect", "message", "object", "withdraw", "complain", "sanction", "retire",
     "amend", "publish", "calendar", "declare", "record", "restart", "substitute", "bind", "unbind", "copy",
     "import_payments", "claim", "return", "take_back", "restart_publicity",
     "review", "seat", "sign_in", "leave", "preside", "stand_in", "recuse", "dismiss", "defer", "vote", "open_ballot",
     "recheck", "adopt_recheck", "reissue", "cast", "close_ballot", "void_ballot", "count_paper",
     "solicit", "recommend", "apply", "complete_each", "decide", "measure", "expert_event", "reviewed",
     "draw", "pool", "last_year", "share", "reply",
     "transfer", "delegate", "sign", "answer", "take_from", "send_copy", "read_copy", "urge", "reassign", "move",
     "suspend", "resume", "terminate"}
)  # fmt: skip
MODIFIERS = frozenset({"as", "of", "with", "because", "note", "nth"})
KEYS = frozenset(
    {"case", "title", "notice", "notices", "clock", "people", "declaration", "declarations", "shared_records",
     "setup", "steps", "expect", "until", "note"}
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One thing that happens or is expected; `number` counts from 1 as the file lists them."""

    number: int
    action: str
    argument: Any
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return str(self.details.get("of", ONE))

    def __str__(self) -> str:
        return f"第{self.number}步 {self.action}: {self.argument}"


@dataclass(frozen=True)
class Case:
    """A case as its file tells it; `samples` are the named full form values beside it."""

    file: str
    folder: Path
    name: str
    title: str
    notice: str
    begins: datetime
    declarations: Mapping[str, Mapping[str, Any]]
    steps: tuple[Step, ...]
    expect: Mapping[str, Any]
    until: str | None
    people: Mapping[str, str]
    notices: tuple[str, ...]
    shared_records: Mapping[str, Any]
    samples: Mapping[str, Mapping[str, Any]]


def read(path: Path) -> Case:
    """The case in a YAML file. Raises ConfigurationError naming the file and what it does not understand."""
    return of_dict(loaded(path.read_text(encoding="utf-8")), path)


def of_dict(said: Mapping[str, Any], path: Path) -> Case:
    unknown = set(said) - KEYS
    if unknown:
        raise ConfigurationError(f"{path.name}：不认识的项 {', '.join(sorted(unknown))}。")
    single = {ONE: said["declaration"]} if said.get("declaration") else {}
    return Case(
        file=str(path),
        folder=path.parent,
        name=str(said["case"]),
        title=str(said.get("title", "")),
        notice=str(said["notice"]),
        begins=moment(said["clock"]),
        declarations={**single, **(said.get("declarations") or {})},
        steps=tuple(stretches.steps(path, said.get("steps") or [], _step)),
        expect=said.get("expect") or {},
        until=said.get("until"),
        people=said.get("people") or {},
        notices=tuple(said.get("notices") or ()),
        shared_records=said.get("shared_records") or {},
        samples=stretches.named(path.parent, SAMPLES) or stretches.named(SHIPPED, SAMPLES),
    )


def moment(text: Any) -> datetime:
    """`2023-10-09 09:00`, with or without seconds, or a bare date (its first instant), on the notices' wall clock."""
    found = text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
    return found.replace(tzinfo=clock.SHANGHAI) if found.tzinfo is None else found


def _step(path: Path, number: int, item: Mapping[str, Any]) -> Step:
    actions = [key for key in item if key in ACTIONS]
    unknown = set(item) - ACTIONS - MODIFIERS
    if len(actions) != 1 or unknown:
        raise ConfigurationError(f"{path.name} 第{number}步：须有且只有一个动作，现有 {', '.join(map(str, item))}。")
    details = {key: value for key, value in item.items() if key != actions[0]}
    return Step(number, actions[0], item[actions[0]], details)
