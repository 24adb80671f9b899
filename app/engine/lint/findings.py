"""What the linter is told and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing to mend: `line` in the file (from 1), `code` one per kind, message and remedy for the designer."""

    file: str
    code: str
    element: str | None
    line: int | None
    message: str
    remedy: str
    severity: Severity = "error"

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Vocabulary:
    """The words a diagram may use.

    `functions`: name → function. `parameters`: keys of the notice and its parents. `forms`: form key → the keys
    of its fields. `roles`: role codes. `lanes`: label of a lane → the role codes it pictures.
    """

    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    lanes: Mapping[str, frozenset[str]] = field(default_factory=dict)
