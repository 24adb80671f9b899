"""The small dictionaries: levels, series, specialties and titles with their Chinese names (dictionaries.json)."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from app.errors import ConfigurationError

Entry = dict[str, Any]


def entries(dictionary: str, **wanted: str) -> list[Entry]:
    """All entries of a dictionary, in order; `wanted` keeps those with these properties (series="engineering")."""
    return [entry for entry in _all(dictionary).values() if wanted.items() <= entry.items()]


def options(dictionary: str, **wanted: str) -> list[dict[str, str]]:
    """The entries as a form's options: `label` and `value`."""
    return [{"label": entry["label"], "value": entry["code"]} for entry in entries(dictionary, **wanted)]


def label(dictionary: str, code: str | None) -> str:
    """The Chinese name; the code itself where a notice brought a code of its own; empty for none."""
    entry = _all(dictionary).get(code or "")
    return entry["label"] if entry else code or ""


def level_of(title: str) -> str:
    """The level that a title belongs to (engineer → intermediate)."""
    return str(_require("title", title)["level"])


def fee_group(level: str) -> str:
    """The group that fees and committees know: both senior levels are one (`senior`)."""
    return str(_require("level", level)["fee_group"])


def _require(dictionary: str, code: str) -> Entry:
    entry = _all(dictionary).get(code)
    if entry is None:
        raise ConfigurationError(f"字典 {dictionary} 中没有“{code}”。")
    return entry


@cache
def _all(dictionary: str) -> dict[str, Entry]:
    content: dict[str, list[Entry]] = json.loads((files("app.domain") / "dictionaries.json").read_text("utf-8"))
    if dictionary not in content:
        raise ConfigurationError(f"没有名为 {dictionary} 的字典。")
    return {entry["code"]: entry for entry in content[dictionary]}
