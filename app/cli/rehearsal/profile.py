"""How people behave: the file beside this one, changed by a designer's own where that says something."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from app.domain.package_files import loaded
from app.errors import ConfigurationError

SHIPPED = Path(__file__).parent / "profile.yaml"
Span = tuple[int, int]


@dataclass(frozen=True)
class Profile:
    """What `profile.yaml` explains, under the same names."""

    careers: list[dict[str, Any]]
    common: Mapping[str, Any]
    everybody: Mapping[str, Any]
    weights: Mapping[str, Mapping[Any, float]]
    homes: Mapping[str, Mapping[str, Any]]
    decisions: Mapping[str, float]
    decisions_of: Mapping[str, Mapping[str, float]]
    days: Mapping[str, list[int]]
    late: float
    late_days: list[int]
    idle: Mapping[str, float]
    unticked: float
    unverified: float
    after_window: float
    outsiders: Mapping[str, float]
    sessions: Mapping[str, Any]
    experts: int
    months: int

    def days_of(self, *names: str | None) -> Span:
        """How soon and how late, by the first of the names (element, form, role) that is known."""
        fewest, most = _of(self.days, names)
        return int(fewest), int(most)

    def shares_of(self, *names: str | None) -> dict[str, float]:
        """Decision → share, at the element or form that has shares of its own, else anywhere."""
        found = dict(self.decisions)
        for name in reversed(names):
            found |= self.decisions_of.get(name or "", {})
        return found

    def idle_of(self, *names: str | None) -> float:
        return float(_of(self.idle, names))


def read(path: Path | None = None) -> Profile:
    """The shipped profile with what the file at `path` says instead. ConfigurationError for what it does not know."""
    shipped: dict[str, Any] = loaded(SHIPPED.read_text(encoding="utf-8"))
    if path is None:
        return Profile(**shipped)
    said = loaded(path.read_text(encoding="utf-8")) or {}
    if not isinstance(said, dict) or (unknown := set(said) - {each.name for each in fields(Profile)}):
        named = "、".join(sorted(map(str, unknown))) if isinstance(said, dict) else path.name
        raise ConfigurationError(f"{path.name}：不认识的项 {named}。")
    return Profile(**_merged(shipped, said))


def _merged(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {key for key in above if isinstance(above[key], dict) and isinstance(below.get(key), dict)}
    return {**below, **above, **{key: _merged(below[key], above[key]) for key in both}}


def _of(known: Mapping[str, Any], names: tuple[str | None, ...]) -> Any:
    return next((known[name] for name in names if name is not None and name in known), known["default"])
