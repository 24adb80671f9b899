"""A form filled in as its schema asks: what is there stays, what must be there is made up, the rest stays empty."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from app.cli.rehearsal import patterns
from app.cli.rehearsal.chance import shares_of, weighted
from app.cli.rehearsal.profile import Profile
from app.domain.forms import Form
from app.domain.forms import fields as checked
from app.domain.forms.schema import CHOICES, DECISION, Field, Item, Table
from app.domain.forms.scope import hidden_keys

Values = dict[str, Any]
UPLOAD = "upload"  # in the profile: some file
YEARS_AGO = "years_ago"
_ROUNDS = 6  # what a value makes appear may make more appear
_WIDEST = 100  # a number is chosen no farther above its least


@dataclass(frozen=True)
class Filler:
    """Who fills in, and what he knows: `says` by field key; `body` finds an organisation of some kinds, `upload` a
    file of an accepted ending."""

    stream: Random
    today: date
    profile: Profile
    says: Mapping[str, Any]
    body: Callable[[Sequence[str]], int | None]
    upload: Callable[[str], int]
    identity: Mapping[str, Any] = field(default_factory=dict)
    row: int = 0  # within a table: the number of its row


Insisted = Mapping[str, int]


def fill(form: Form, shown: Mapping[str, Any], by: Filler, insist: Insisted) -> Values:
    """The values to send: those `shown` as they are, what `by` says, and everything the form or `insist` asks for.

    `insist` are keys (`table.column` too) that have to be filled although the form does not ask for them; of a table
    so many rows.
    """
    values = {key: value for key, value in shown.items() if value is not None}
    values |= {key: by.says[key] for key in (DECISION,) if key in by.says}
    for _ in range(_ROUNDS):
        hidden = hidden_keys(form.items, values)
        missing = [item for item in form.items if item.key not in hidden and _is_missing(item, values, by, insist)]
        if not missing:
            break
        for item in missing:
            values[item.key] = _rows(item, values, by, insist) if isinstance(item, Table) else _value(item, by)
    return {key: value for key, value in values.items() if value is not None}


def _is_missing(item: Item, values: Mapping[str, Any], by: Filler, insist: Insisted) -> bool:
    if item.readonly:
        return False
    if isinstance(item, Table):
        return _lacks_rows(item, values.get(item.key) or [], by, insist)
    if item.key in values and not checked.is_empty(item, values[item.key]):
        return False
    if item.kind == "checkbox" and item.key in values and not item.required and item.key not in insist:
        return False
    return item.kind != "expression" and (item.required or item.key in insist or _volunteered(item, by))


def _volunteered(item: Field, by: Filler) -> bool:
    """What nobody has to fill in and he does: what he has something to say to, points to check, a box now and then."""
    return item.key in by.says or item.kind in ("checkpoints", "checkbox")


def _lacks_rows(table: Table, rows: Sequence[Values], by: Filler, insist: Insisted) -> bool:
    if len(rows) < _fewest(table, insist):
        return True
    return any(_is_missing(column, row, by, _inner(table, insist)) for row in rows for column in _shown(table, row))


def _rows(table: Table, values: Mapping[str, Any], by: Filler, insist: Insisted) -> list[Values]:
    rows = [dict(row) for row in values.get(table.key) or []]
    rows += [{"_id": f"r{number}"} for number in range(len(rows) + 1, _fewest(table, insist) + 1)]
    inner = _inner(table, insist)
    for number, row in enumerate(rows, 1):
        mine = _of_row(by, table, number)
        for column in _shown(table, {**values, **row}):
            if _is_missing(column, row, mine, inner):
                row[column.key] = _value(column, mine)
    return rows


def _of_row(by: Filler, table: Table, number: int) -> Filler:
    """What he says of a row: nothing that he says of himself, but what is known as `table.column`."""
    own = {key.partition(".")[2]: said for key, said in by.says.items() if key.startswith(f"{table.key}.")}
    return replace(by, says=own, identity={}, row=number)


def _shown(table: Table, row: Mapping[str, Any]) -> list[Field]:
    hidden = hidden_keys(table.columns, {**dict.fromkeys(column.key for column in table.columns), **row})
    return [column for column in table.columns if column.key not in hidden]


def _fewest(table: Table, insist: Insisted) -> int:
    if table.fixed:
        return 0
    return max(int(table.component.get("minRows") or 0), insist.get(table.key, 0))


def _inner(table: Table, insist: Insisted) -> dict[str, int]:
    return {key.partition(".")[2]: 1 for key in insist if key.startswith(f"{table.key}.")}


def _value(item: Field, by: Filler) -> Any:
    said = by.says.get(item.key, by.identity.get(item.key))
    found = _fitted(item, said, by) if said is not None else None
    return _MAKERS[item.kind](item, by) if found is None else found


def _fitted(item: Field, said: Any, by: Filler) -> Any:
    """What he says, if such a field can take it; None where it cannot."""
    if item.kind == "evidence":
        return _evidence(item, by) if said == UPLOAD else said
    if isinstance(said, Mapping) and YEARS_AGO in said:
        day = by.today.replace(day=min(by.today.day, 28)) - timedelta(days=round(365.25 * said[YEARS_AGO]))
        return f"{day:%Y-%m}" if item.kind == "yearmonth" else day.isoformat()
    if item.kind in CHOICES:
        known = {option["value"] for option in item.component.get("values", [])}
        chosen = said if isinstance(said, list) else [said]
        return said if set(chosen) <= known else None
    return said


def _text(item: Field, by: Filler) -> str | None:
    limits = item.component.get("validate") or {}
    if limits.get("pattern"):
        return patterns.fitting(limits["pattern"], by.stream)
    if limits.get("validationType") == "email":
        return "rehearsal@example.org"
    if limits.get("validationType") == "phone":
        return "+8613900000001"
    words = f"预演填写：{item.label}{by.row or ''}"
    words = words.ljust(int(limits.get("minLength") or 0), "。")
    return words[: limits["maxLength"]] if limits.get("maxLength") else words


def _number(item: Field, by: Filler) -> float:
    limits = item.component.get("validate") or {}
    least = limits.get("min")
    most = limits.get("max")
    if least is None:
        least = 1 if most is None else min(1, most)
    return by.stream.randint(int(least), int(least + _WIDEST if most is None else min(most, least + _WIDEST)))


def _choice(item: Field, by: Filler) -> Any:
    options = [option["value"] for option in item.component.get("values", [])]
    if not options:
        return None
    return weighted(by.stream, shares_of(options, by.profile.weights.get(item.key, {})))


def _several(item: Field, by: Filler) -> Any:
    one = _choice(item, by)
    return None if one is None else [one]


def _tick(item: Field, by: Filler) -> bool:
    return item.required or by.stream.random() >= by.profile.unticked


def _when(item: Field, by: Filler) -> str:
    subtype = item.component.get("subtype", "date")
    return {"time": "09:00", "datetime": f"{by.today}T09:00"}.get(subtype, by.today.isoformat())


def _month(item: Field, by: Filler) -> str:
    year = by.today.year
    return f"{year - 5}-03/{year - 3}-11" if item.component.get("period") is True else f"{year - 4}-06"


def _evidence(item: Field, by: Filler) -> list[int]:
    return [by.upload(item.component.get("accept") or ".pdf")]


def _points(item: Field, _by: Filler) -> dict[str, Any]:
    return {point: {"ok": True} for point in checked.points(item.component)}


_MAKERS: dict[str, Callable[[Field, Filler], Any]] = {
    "textfield": _text,
    "textarea": _text,
    "idcard": lambda _item, by: by.identity.get("id_number"),
    "number": _number,
    "select": _choice,
    "radio": _choice,
    "checklist": _several,
    "taglist": _several,
    "checkbox": _tick,
    "datetime": _when,
    "yearmonth": _month,
    "rank": lambda _item, _by: "1/3",
    "organisation": lambda item, by: by.body(item.component.get("kinds") or ()),
    "evidence": _evidence,
    "checkpoints": _points,
    "expression": lambda _item, _by: None,
}
