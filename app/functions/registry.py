"""The functions that a diagram may call: their registry, and binding them to one case."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from app.functions.case import Case

F = TypeVar("F", bound=Callable[..., Any])
_registered: dict[str, Callable[..., Any]] = {}


@dataclass(frozen=True)
class ManualEntry:
    """One function as the designer's manual shows it; `call` leaves out the case, which designers never write."""

    name: str
    call: str
    text: str
    topic: str


def diagram_function(function: F) -> F:
    """Let diagrams call `function`; its name and docstring are the designer's manual."""
    if function.__name__ in _registered:
        raise ValueError(f"two diagram functions are named {function.__name__}")
    if not function.__doc__:
        raise ValueError(f"the diagram function {function.__name__} has no docstring: it is the designer's manual")
    _registered[function.__name__] = function
    return function


def registered() -> Mapping[str, Callable[..., Any]]:
    """Name to function, the case still its first parameter."""
    return _registered


class Bound(Mapping[str, Callable[..., Any]]):
    """What the diagrams of a case see: the functions without their first parameter, each made when it is named."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def __getitem__(self, name: str) -> Callable[..., Any]:
        return partial(_registered[name], self._case)

    def __contains__(self, name: object) -> bool:
        return name in _registered

    def __iter__(self) -> Iterator[str]:
        return iter(_registered)

    def __len__(self) -> int:
        return len(_registered)


def bind(case: Case) -> Bound:
    return Bound(case)


def registered_for_designers() -> dict[str, Callable[..., Any]]:
    """Name to function as designers call it, for checking the arguments of a call; not to be run."""
    return {name: partial(function, None) for name, function in _registered.items()}


def manual() -> list[ManualEntry]:
    """The designer's manual, by topic and name."""
    entries = [_entry(name, function) for name, function in _registered.items()]
    return sorted(entries, key=lambda entry: (entry.topic, entry.name))


def _entry(name: str, function: Callable[..., Any]) -> ManualEntry:
    signature = inspect.signature(function)
    shown = signature.replace(parameters=list(signature.parameters.values())[1:])
    return ManualEntry(name, f"{name}{shown}", inspect.getdoc(function) or "", function.__module__.rsplit(".", 1)[-1])
