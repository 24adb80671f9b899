"""The small dictionaries: levels, series, specialties and titles with their Chinese names.

They are shipped (dictionaries.json); what a deployment added to those of EDITABLE, called otherwise or retired stands
in the database and is remembered by the process. Every transaction learns with its instant whether that has changed.
"""

import json
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from app import clock
from app.errors import ConfigurationError
from app.models.dictionary import DictionaryEntry

Entry = dict[str, Any]
Own = dict[str, dict[str, Entry]]  # dictionary → code → entry

NAMES = {"specialty": "专业", "series": "职称系列", "level": "职称级别", "title": "职称"}
EDITABLE = ("specialty", "series")
_contents: WeakKeyDictionary[Pool, tuple[int | None, Own]] = WeakKeyDictionary()
# of the database that this thread's last transaction was in
_own: ContextVar[Own] = ContextVar("own", default={})  # noqa: B039 (never changed in place)


def entries(dictionary: str, **wanted: str) -> list[Entry]:
    """The entries on offer, in order; `wanted` keeps those with these properties (series="engineering")."""
    return [entry for entry in every(dictionary) if not entry.get("retired") and wanted.items() <= entry.items()]


def every(dictionary: str) -> list[Entry]:
    """Those too that were retired."""
    return list(_all(dictionary).values())


def options(dictionary: str, **wanted: str) -> list[dict[str, str]]:
    """The entries as a form's options: `label` and `value`."""
    return [{"label": entry["label"], "value": entry["code"]} for entry in entries(dictionary, **wanted)]


def label(dictionary: str, code: str | None) -> str:
    """The Chinese name, of a retired entry too; the code itself where a notice brought its own; empty for none."""
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


def _all(dictionary: str) -> dict[str, Entry]:
    shipped, own = _shipped(dictionary), _own.get().get(dictionary)
    if own is None:
        return shipped
    return {code: {**entry, **own.get(code, {})} for code, entry in shipped.items()} | {
        code: entry for code, entry in own.items() if code not in shipped
    }


@cache
def _shipped(dictionary: str) -> dict[str, Entry]:
    content: dict[str, list[Entry]] = json.loads((files("app.domain") / "dictionaries.json").read_text("utf-8"))
    if dictionary not in content:
        raise ConfigurationError(f"没有名为 {dictionary} 的字典。")
    return {entry["code"]: entry for entry in content[dictionary]}


def is_shipped(dictionary: str, code: str) -> bool:
    return code in _shipped(dictionary)


def _learn(session: Session, change: int | None) -> None:
    """The transaction's database knows of changes up to this one: read its entries anew where we know of fewer."""
    pool = session.get_bind().engine.pool
    known, own = _contents.get(pool, (None, {}))
    if known != change:
        own = {} if change is None else _read(session)
        _contents[pool] = change, own
    _own.set(own)


def _read(session: Session) -> Own:
    found: Own = {}
    rows = session.execute(select(DictionaryEntry.__table__).order_by(DictionaryEntry.dictionary, DictionaryEntry.code))
    for dictionary, code, label, details, retired_at in rows:
        entry = {**details, "code": code, "label": label, "retired": retired_at is not None}
        found.setdefault(dictionary, {})[code] = entry
    return found


clock.read_along("dictionary_change", "SELECT max(id) FROM dictionary_change", _learn)
