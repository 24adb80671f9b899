"""Stretches of a walk that many cases share: named lists of steps, played with the days and names a case gives."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any, TypeVar

from app.domain.package_files import loaded
from app.errors import ConfigurationError

STRETCHES = "stretches.yaml"
PLAY = "play"
T = TypeVar("T")


def named(folder: Path, file: str) -> Mapping[str, Any]:
    """What a file beside the cases gives by name; nothing without the file."""
    path = folder / file
    return _parsed(path, path.stat().st_mtime_ns) if path.exists() else {}


@lru_cache(maxsize=8)
def _parsed(path: Path, _written: int) -> Mapping[str, Any]:
    """Parsed anew only once it was written again: all cases of a folder share it, and nobody changes it."""
    found: Mapping[str, Any] = loaded(path.read_text(encoding="utf-8"))
    return found


def steps(
    path: Path, said: Sequence[Mapping[str, Any]], read: Callable[[Path, int, Mapping[str, Any]], T]
) -> Iterator[T]:
    """The steps of a case, each `play: name` replaced by the stretch of that name; all keep the case's own numbers."""
    known = named(path.parent, STRETCHES)
    for number, item in enumerate(said, 1):
        for each in _played(item, item.get("with") or {}, known, f"{path.name} 第{number}步"):
            yield read(path, number, {**each, "of": item["of"]} if PLAY in item and "of" in item else each)


def _played(
    item: Mapping[str, Any], given: Mapping[str, Any], known: Mapping[str, Any], where: str
) -> Iterator[Mapping[str, Any]]:
    """The step itself, or the steps of the stretch it plays; one that it plays gets its days and names too."""
    if PLAY not in item:
        yield item
        return
    if item[PLAY] not in known:
        raise ConfigurationError(f"{where}：没有名为“{item[PLAY]}”的段落。")
    for step in known[item[PLAY]]:
        filled = _filled(step, given, where)
        inner = {**given, **(filled.get("with") or {})} if PLAY in filled else given
        yield from _played(filled, inner, known, where)


def _filled(value: Any, given: Mapping[str, Any], where: str) -> Any:
    """`$day` becomes what the case says under `day`; alone in its place it keeps its kind (a number stays one)."""
    if isinstance(value, Mapping):
        return {key: _filled(item, given, where) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, given, where) for item in value]
    if not isinstance(value, str) or "$" not in value:
        return value
    if value[1:] in given and value.startswith("$"):
        return given[value[1:]] if isinstance(given[value[1:]], int | list | dict) else str(given[value[1:]])
    try:
        return Template(value).substitute(given)
    except (KeyError, ValueError) as missing:
        raise ConfigurationError(f"{where}：段落还需要 {missing}。") from missing
