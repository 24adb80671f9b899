"""A recorded scenario in words: its file names elements, fields, offices and states by their ids."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.domain import demo_people, statuses
from app.domain.drafts import recordings
from app.domain.drafts.recordings import Step
from app.domain.forms.choices import form_choices
from app.domain.forms.schema import DECISION, every_component
from app.engine import outline
from app.engine.outline import DrawnStep
from app.engine.xml import XmlRefused
from app.errors import ConfigurationError, NotFound

_NOT = {True: "是", False: "否"}


@dataclass(frozen=True)
class Speaker:
    """`files`: everything the draft has, by path."""

    files: Mapping[str, bytes]

    def step(self, step: Step) -> str:
        """One step in one line; as the file writes it where there is no shorter way to say it."""
        match step:
            case {"complete": str(element)}:
                return self._done(element, step)
            case {"refused": str(element), "because": because}:
                return f"{self._done(element, step)}——应被拒绝，说明中有“{because}”"
            case {"at": moment}:
                return f"时间到 {moment}"
            case {"expect": {"waiting": dict(waiting), "status": status}}:
                return f"预期：{self._waiting(waiting)}；{_status(status)}"
        return recordings.words(step)

    def _done(self, element: str, step: Step) -> str:
        said = dict(step.get("with") or {})
        drawn = self._drawn.get(element)
        form = drawn.properties.get("form", "") if drawn else ""
        decision = said.pop(DECISION, None)
        parts = [self._value(form, DECISION, decision)] if decision else []
        parts += [f"{self._labels(form).get(key, key)} {self._value(form, key, value)}" for key, value in said.items()]
        return self._name(element) + (f"：{'，'.join(parts)}" if parts else "")

    def _waiting(self, waiting: Mapping[str, str]) -> str:
        if not waiting:
            return "没有待办"
        return "、".join(f"{self._name(element)}（{demo_people.called(by)}）" for element, by in waiting.items())

    def _name(self, element: str) -> str:
        drawn = self._drawn.get(element)
        return drawn.name if drawn and drawn.name else element

    def _value(self, form: str, key: str, value: Any) -> str:
        if isinstance(value, bool):
            return _NOT[value]
        if isinstance(value, list | dict):
            return recordings.words({key: value}).partition(": ")[2]
        options = dict(form_choices(self._form(form))).get(key, {})
        return options.get(value, str(value)) if isinstance(value, str) else str(value)

    def _labels(self, form: str) -> dict[str, str]:
        try:
            fields = every_component(json.loads(self._form(form))["components"])
            return {each["key"]: each["label"] for each, _ in fields if each.get("key") and each.get("label")}
        except (ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _form(self, key: str) -> bytes:
        return self.files.get(f"forms/{key}.json", b"")

    @cached_property
    def _drawn(self) -> dict[str, DrawnStep]:
        """By element; nothing of diagrams that cannot be read, of which the checks speak."""
        drawn = {path.partition("/")[2]: data for path, data in self.files.items() if path.startswith("diagrams/")}
        try:
            return {each.id: each for each in outline.steps(drawn, "declaration")}
        except (NotFound, XmlRefused):
            return {}


def _status(status: str | Mapping[str, str]) -> str:
    if not isinstance(status, str):
        return "、".join(f"{label} {_status(code)}" for label, code in status.items())
    try:
        return statuses.label(status)
    except ConfigurationError:  # playing it will say so
        return status
