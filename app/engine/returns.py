"""The words of the designer's properties `returns` and `take_back`, in one place for the linter and the verbs."""

from collections.abc import Mapping
from typing import Protocol

RETURNS = ("applicant", "previous", "chosen")
TAKE_BACK = ("yes", "no")
RETURNED = "returned"  # the decision of a task whose holder returned it instead of completing it


class Drawn(Protocol):
    @property
    def properties(self) -> Mapping[str, str]: ...


def allowed(element: Drawn) -> frozenset[str]:
    """Which returns a task allows; none where it says nothing."""
    return frozenset(element.properties.get("returns", "").split())


def may_be_taken_back(element: Drawn) -> bool:
    """Whether whoever completed the task may take it back before the next one acts; only where the diagram says so."""
    return element.properties.get("take_back") == "yes"
