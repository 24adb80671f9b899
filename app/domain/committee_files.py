"""Committees as a package writes them: `committees.csv` and, where rows have values of their own, a YAML beside it."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from app.domain.package_files import check_keys, fail, read_csv, read_yaml
from app.domain.parameter_entries import check_entries
from app.domain.parameter_values import WINDOWS, ParameterSpec, window_of

LEVELS = ("junior", "intermediate", "associate_senior", "full_senior")
FLAGS = ("offline", "special_online", "declare_month_only", "check_end_only")
_LISTS = ("levels", "series", "specialties", "flags")
_ENDS = tuple(f"{window}_{end}" for window in WINDOWS for end in ("from", "to"))
COLUMNS = (
    *("no", "name", "levels", "series", "specialties", "convening_key", "convening_name", "address"),
    *_ENDS,
    *("session", "flags", "clause", "note"),
)


@dataclass(frozen=True)
class CommitteeRow:
    """One row of a schedule as printed; `windows` {declare|check|corrections|pay|paper: {from?, to?}}."""

    no: int
    name: str
    levels: tuple[str, ...]
    series: tuple[str, ...]
    specialties: tuple[str, ...]
    convening_key: str
    convening_name: str
    address: str
    session: str
    flags: tuple[str, ...]
    clause: str
    note: str
    windows: Mapping[str, Mapping[str, str]]
    parameters: Mapping[str, dict[str, Any]] = field(default_factory=dict)


def read_committees(folder: Path, vocabulary: Mapping[str, ParameterSpec]) -> tuple[CommitteeRow, ...]:
    """The committees of a package, none if it has no `committees.csv`; numbers must be 1, 2, 3, … without a gap."""
    path = folder / "committees.csv"
    if not path.exists():
        return ()
    own = _own_parameters(folder / "committee_parameters.yaml", vocabulary)
    rows = tuple(_row(path, line, values, own) for line, values in enumerate(read_csv(path, COLUMNS), start=2))
    if [row.no for row in rows] != list(range(1, len(rows) + 1)):
        fail(path, "no", "序号应从 1 起连续")
    missing = set(own) - {row.no for row in rows}
    if missing:
        fail(folder / "committee_parameters.yaml", "committees", f"没有第 {min(missing)} 号评委会")
    return rows


def written(rows: Iterable[CommitteeRow]) -> str:
    """`committees.csv` with these rows, as `read_committees` reads it again."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells_of(row) for row in rows)
    return text.getvalue()


def cells_of(row: CommitteeRow) -> dict[str, str]:
    """The cells of one row by column."""
    cells = {column: str(getattr(row, column)) for column in COLUMNS if column not in (*_LISTS, *_ENDS)}
    cells |= {column: " ".join(getattr(row, column)) for column in _LISTS}
    return cells | {
        f"{name}_{end}": row.windows.get(name, {}).get(end, "") for name in WINDOWS for end in ("from", "to")
    }


def _row(path: Path, line: int, values: dict[str, str], own: Mapping[int, dict[str, Any]]) -> CommitteeRow:
    where = f"第 {line} 行"
    if not values["no"].isdigit():
        fail(path, f"{where} no", "应为序号")
    for column in ("name", "convening_key", "convening_name", "clause"):
        if not values[column]:
            fail(path, f"{where} {column}", "不能为空")
    lists = {column: tuple(values[column].split()) for column in _LISTS}
    for column, allowed in (("levels", LEVELS), ("flags", FLAGS)):
        wrong = [item for item in lists[column] if item not in allowed]
        if wrong:
            fail(path, f"{where} {column}", f"“{wrong[0]}”不在 {'、'.join(allowed)} 之内")
    no = int(values["no"])
    return CommitteeRow(
        no=no,
        name=values["name"],
        levels=lists["levels"],
        series=lists["series"],
        specialties=lists["specialties"],
        convening_key=values["convening_key"],
        convening_name=values["convening_name"],
        address=values["address"],
        session=values["session"],
        flags=lists["flags"],
        clause=values["clause"],
        note=values["note"],
        windows=_windows(path, where, values),
        parameters=own.get(no, {}),
    )


def _windows(path: Path, where: str, values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for window in WINDOWS:
        ends = {end: values[f"{window}_{end}"] for end in ("from", "to") if values[f"{window}_{end}"]}
        if not ends:
            continue
        try:
            window_of(ends)
        except ValueError as error:
            fail(path, f"{where} {window}", f"日期应为 2022-11-14 或 2022-11-14 09:30（{error}）")
        found[window] = ends
    return found


def _own_parameters(path: Path, vocabulary: Mapping[str, ParameterSpec]) -> dict[int, dict[str, Any]]:
    """Values of single committees: groups of numbers with the parameters they share."""
    found: dict[int, dict[str, Any]] = {}
    if not path.exists():
        return found
    for name, group in read_yaml(path).items():
        if not isinstance(group, dict):
            fail(path, str(name), "应写 committees 与 parameters")
        check_keys(path, f"{name}.", group, (), ("committees", "parameters"))
        entries = check_entries(path, group["parameters"], vocabulary)
        for key in entries:
            if vocabulary[key].scope != "committee":
                fail(path, f"{name}.{key}", "此参数只能在通知中设置，不能由单个评委会设置")
        for no in group["committees"]:
            found[no] = {**found.get(no, {}), **entries}
    return found
