"""The shipped diagrams walked at random with stand-ins for the functions they call: no database, no domain."""

import inspect
import json
import random
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app import functions
from app.engine import xml
from app.engine.parser import Definitions, definitions
from app.errors import DiagramFault
from tests.engine import play
from tests.engine.play import Play

ROOT = Path(__file__).parents[2]
WAITS = ("userTask", "intermediateCatchEvent", "receiveTask")
PAYLOADS = {"session_result": {"passed": True}, "confirmation": {"confirmed": True}, "deliberated": {"admitted": True}}
# what the calling process has set before it calls
CALLED_WITH: dict[str, dict[str, Any]] = {
    "cooperation": {"cooperate_with": ["unit"]},
    "recommendation": {"level": "unit", "level_role": "unit_clerk", "level_state": "SUBMITTED"},
}
CALLER = "caller"
SHARED = "shared"
ISO = {"deadline", "correction_sent", "publicity_start"}
DATES = {"extend_route", "extend_payment"}


class Bundle:
    """One set of diagrams, and per form which values a person may choose (see `_decisions`)."""

    def __init__(
        self, files: Mapping[str, bytes], forms: Mapping[str, Mapping[str, list[Any]]], kinds: Mapping[str, str]
    ) -> None:
        self.files, self.forms, self.kinds = files, forms, kinds
        self.definitions: Definitions = definitions(self.files)
        elements = self.definitions.elements.values()
        leaning = {element.process for element in elements if CALLER in element.properties.values()}
        self.boundaries = self._boundary_events()
        self.processes = [key for key in self.definitions.processes if key not in leaning]  # others: through callers

    def waits(self) -> set[str]:
        """Everything the bundle can wait at: people, messages, time; an event gateway waits for what follows it."""
        elements = self.definitions.elements.values()
        return {each.id for each in elements if each.kind in WAITS} - self._behind() | self.boundaries

    def _behind(self) -> set[str]:
        gateways = {key for key, element in self.definitions.elements.items() if element.kind == "eventBasedGateway"}
        roots = [xml.parse(content) for content in self.files.values()]
        flows = [flow for root in roots for flow in root.iter("{*}sequenceFlow")]
        return {flow.get("targetRef") for flow in flows if flow.get("sourceRef") in gateways}

    def _boundary_events(self) -> set[str]:
        """Boundary events that wait: for a message or for time, not for an error."""
        found = set()
        for content in self.files.values():
            for node in xml.parse(content).iter("{*}boundaryEvent"):
                if node.find("{*}errorEventDefinition") is None:
                    found.add(node.get("id"))
        return found


def _decisions(schema: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Variable field → values a person may choose."""
    found: dict[str, list[Any]] = {}
    stack = list(schema.get("components", []))
    while stack:
        component = stack.pop()
        stack += component.get("components", [])
        key = component.get("key")
        if key and (key == "decision" or component.get("variable") is True):
            found[key] = [option["value"] for option in component.get("values", [])] or [None]
    return found


def kinds() -> dict[str, str]:
    """What every function that designers may call gives back, in one word, for its stand-in."""
    signatures = {name: inspect.signature(each, eval_str=True) for name, each in functions.registered().items()}
    return {name: _kind(name, signature.return_annotation) for name, signature in signatures.items()}


def _kind(name: str, returns: Any) -> str:
    if name in DATES:
        return "date"
    if name in ISO:
        return "instant"
    if name == "parameter":
        return "parameter"
    return returns.__name__ if returns in (bool, int, str) else "none"


def stand_ins(kinds: Mapping[str, str], luck: random.Random) -> dict[str, Callable[..., Any]]:
    """A function of the right shape for each name."""
    answers: dict[str, Callable[[], Any]] = {
        "date": lambda: "2023-11-20",
        "instant": lambda: play.days(luck.randint(1, 9)),
        "parameter": lambda: luck.choice([None, "abandon", "municipal_tro", "convening_org", "registration"]),
        "bool": lambda: luck.random() < 0.5,
        "int": lambda: luck.randint(0, 1),
        "str": lambda: "unit_clerk",
        "none": lambda: None,
    }
    return {name: (lambda *_args, _answer=answers[kind], **_named: _answer()) for name, kind in kinds.items()}


class Walk(Play):
    """One random walk of one process from its start or from a stored state; every step is followed by a restart.

    Odd seeds are patient: no boundary event happens while anything else can, and most choices lead on. Only they come
    to the end of long processes; what cuts them short is met by the others.
    """

    def __init__(self, bundle: Bundle, process: str, seed: int, state: bytes | None = None) -> None:
        self.bundle, self.luck = bundle, random.Random(f"{process} {seed}")  # noqa: S311  # reproducible
        self.patient = seed % 2 == 1
        self.left = False  # by an error that the calling process would catch
        super().__init__(
            bundle.files, process, stand_ins(bundle.kinds, self.luck), data=CALLED_WITH.get(process), state=state
        )

    def waits(self) -> set[str]:
        return {task.element.id for task in self.run.user_tasks()} | {item.element for item in self.run.waiting()}

    def step(self) -> bool:
        """A person, a message or time, at random; False when nothing is waited for, or an error leaves the process."""
        try:
            return self._step()
        except DiagramFault as fault:
            if "nothing catches the event" in fault.reason:  # the calling process does, and is walked too
                self.left = True
                return False
            raise

    def _step(self) -> bool:
        tasks, waiting = self.run.user_tasks(), self.run.waiting()
        if self.patient:
            calm = [item for item in waiting if item.element not in self.bundle.boundaries]
            waiting = calm if calm or tasks else waiting
        if tasks and (not waiting or self.luck.random() < 0.8):
            task = self.luck.choice(tasks)
            fields = self.bundle.forms.get(task.setting("form") or "", {})
            self.run.complete(task.id, {key: self._choice(values) for key, values in fields.items()})
            self.store()
            return True
        named = [item.message for item in waiting if item.message]
        if named and (self.luck.random() < 0.5 or not any(item.due for item in waiting)):
            message = self.luck.choice(named)
            self.send(message, **PAYLOADS.get(message, {}))
            return True
        if any(item.due for item in waiting):
            self.next_timer()
            return True
        return bool(tasks)

    def _choice(self, values: list[Any]) -> Any:
        """The first option leads on in most forms: without a liking for it few walks come far."""
        return values[0] if self.luck.random() < (0.9 if self.patient else 0.6) else self.luck.choice(values)


@cache
def shipped(key: str) -> Bundle:
    """The shared diagrams, or those of a notice together with the shared ones it does not replace."""
    own = [] if key == SHARED else [ROOT / "notices" / key]
    diagrams = {path.name: path for folder in (ROOT / "bpmn", *(path / "diagrams" for path in own))
                for path in sorted(folder.glob("*.bpmn"))}  # fmt: skip
    forms = {path.stem: path for folder in (ROOT, *own) for path in sorted((folder / "forms").glob("*.json"))}
    return Bundle(
        {name: path.read_bytes() for name, path in sorted(diagrams.items())},
        {name: _decisions(json.loads(path.read_bytes())) for name, path in forms.items()},
        kinds(),
    )


def own_diagrams(key: str) -> list[str]:
    """File names of the diagrams that ship in this set, without those that come along from the shared ones."""
    folder = ROOT / "bpmn" if key == SHARED else ROOT / "notices" / key / "diagrams"
    return sorted(path.name for path in folder.glob("*.bpmn"))


SHIPPED = (SHARED, *(path.parent.name for path in sorted((ROOT / "notices").glob("*/diagrams"))))
