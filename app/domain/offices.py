"""Who acts for an office, and what an office may be asked to give with its act."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Problem, Refused


@dataclass(frozen=True)
class Actor:
    """The person who completes a task and the body he completes it for; both empty for timers and messages."""

    person_id: int | None = None
    organisation_id: int | None = None

    @property
    def person(self) -> int:
        """The person's id; RuntimeError where a timer or a message acts, which signs nothing (R-129)."""
        if self.person_id is None:
            raise RuntimeError("a timer or a message cannot sign an office's act")
        return self.person_id


def require_text(values: Mapping[str, Any], key: str, message: str) -> str:
    """The trimmed text under `key`; Refused with `message` where there is none."""
    text = str(values.get(key) or "").strip()
    if not text:
        raise Refused(Problem("missing", message, key))
    return text
