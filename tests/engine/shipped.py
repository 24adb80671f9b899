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
PAYLOADS = {"session_result": {"passed": True}, "confirmation": {"confirmed": True}}
CALLER = "caller"
ISO = {"deadline", "correction_sent", "publicity_start"}
DATES = {"extend_route", "extend_payment"}


class Bundle:
    """One set of diagrams with its forms' decisions."""

    def __init__(self, diagrams: list[Path], forms: list[Path]) -> None:
        self.files = {path.name: path.read_bytes() for path in diagrams}
        self.definitions: Definitions = definitions(self.files)
        self.forms = {path.stem: _decisions(json.loads(path.read_text(encoding="utf-8"))) for path in forms}
        elements = self.definitions.elements.values()
        leaning = {element.process for element in elements if CALLER in element.properties.values()}
        self.processes = [key for key in self.definitions.processes if key not in leaning]  # others: through callers

    def waits(self) -> set[str]:
        """Everything the bundle can wait at: people, messages, time; an event gateway waits for what follows it."""
        elements = self.definitions.elements.values()
        return {each.id for each in elements if each.kind in WAITS} - self._behind() | self._boundary_events()

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
        if key and (key == "decision" or (component.get("properties") or {}).get("variable") in (True, "true")):
            found[key] = [option["value"] for option in component.get("values", [])] or [None]
    return found


def stand_ins(luck: random.Random) -> dict[str, Callable[..., Any]]:
    """A function of the right shape for every one that designers may call."""
    return {name: _stand_in(name, function, luck) for name, function in functions.registered().items()}


def _stand_in(name: str, function: Callable[..., Any], luck: random.Random) -> Callable[..., Any]:
    kind = inspect.signature(function, eval_str=True).return_annotation

    def stand_in(*_args: Any, **_named: Any) -> Any:
        if name in DATES:
            return "2023-11-20"
        if name in ISO:
            return play.days(luck.randint(1, 9))
        if name == "parameter":
            return luck.choice([None, "abandon"])
        return {bool: luck.random() < 0.5, int: luck.randint(0, 1), str: "unit_clerk"}.get(kind)

    return stand_in


class Walk(Play):
    """One random walk of one process; every step is followed by a restart."""

    def __init__(self, bundle: Bundle, process: str, seed: int) -> None:
        self.bundle, self.luck = bundle, random.Random(f"{process} {seed}")  # noqa: S311  # reproducible
        super().__init__(bundle.files, process, stand_ins(self.luck))

    def waits(self) -> set[str]:
        return {task.element.id for task in self.run.user_tasks()} | {item.element for item in self.run.waiting()}

    def step(self) -> bool:
        """A person, a message or time, at random; False when nothing is waited for, or an error leaves the process."""
        try:
            return self._step()
        except DiagramFault as fault:
            if "nothing catches the event" in fault.reason:  # the calling process does, and is walked too
                return False
            raise

    def _step(self) -> bool:
        tasks, waiting = self.run.user_tasks(), self.run.waiting()
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
        return values[0] if self.luck.random() < 0.6 else self.luck.choice(values)


@cache
def _shared() -> Bundle:
    return Bundle(sorted((ROOT / "bpmn").glob("*.bpmn")), sorted((ROOT / "forms").glob("*.json")))


def _of_notice(key: str) -> Bundle:
    own = {path.name: path for path in (ROOT / "notices" / key / "diagrams").glob("*.bpmn")}
    shared = {path.name: path for path in (ROOT / "bpmn").glob("*.bpmn")}
    forms = {
        path.name: path
        for folder in (ROOT / "forms", ROOT / "notices" / key / "forms")
        for path in folder.glob("*.json")
    }
    return Bundle(sorted((shared | own).values()), sorted(forms.values()))


SHIPPED: dict[str, Callable[[], Bundle]] = {
    "shared": _shared,
    **{
        path.parent.name: (lambda key=path.parent.name: _of_notice(key))
        for path in sorted((ROOT / "notices").glob("*/diagrams"))
    },
}
