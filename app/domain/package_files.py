"""Strict reading of a package's files: every complaint names the file and the key."""

import csv
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import yaml

from app.errors import ConfigurationError

try:
    from yaml import CSafeLoader as SafeLoader  # some eight times as quick as the one in Python
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]


class _StrictLoader(SafeLoader):
    """YAML whose mappings may not name a key twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.YAMLError(f"第 {key_node.start_mark.line + 1} 行的“{key}”重复")
            seen.add(key)
        return super().construct_mapping(node, deep)


def fail(path: Path, where: str, reason: str) -> NoReturn:
    """ConfigurationError for one place of a package; paths are given from the notice's folder on."""
    raise ConfigurationError(f"{path.parent.name}/{path.name} 的“{where}”：{reason}。")


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping a YAML file holds, with dates as ISO text; ConfigurationError if it is anything else."""
    if not path.is_file():
        fail(path, "文件", "缺少此文件")
    loader = _StrictLoader(path.read_text(encoding="utf-8"))
    try:
        found = loader.get_single_data()
    except yaml.YAMLError as error:
        fail(path, "文件", f"不是有效的 YAML：{error}")
    finally:
        loader.dispose()
    if not isinstance(found, dict):
        fail(path, "文件", "最外层应为“名称: 值”")
    return plain(found)


def loaded(text: str | bytes) -> Any:
    """What YAML says. Raises yaml.YAMLError."""
    return yaml.load(text, SafeLoader)


def plain(value: Any) -> Any:
    """The same value with nothing in it that JSON does not know."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return value


def check_keys(path: Path, where: str, found: Iterable[str], allowed: Collection[str], needed: Collection[str]) -> None:
    """Refuse unknown keys and missing ones, the first of each by name."""
    keys = list(found)
    for key in keys:
        if key not in allowed and key not in needed:
            fail(path, f"{where}{key}", f"不认识的项，可用：{'、'.join([*needed, *allowed])}")
    for key in needed:
        if key not in keys:
            fail(path, f"{where}{key}", "缺少此项")


def text_of(path: Path, values: Mapping[str, Any], key: str) -> str:
    """A text that must be there and not be empty."""
    value = values.get(key)
    if not isinstance(value, str) or not value.strip():
        fail(path, key, "应为文字，且不能为空")
    return value


def read_csv(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a CSV file whose heading must be exactly `columns`."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != columns:
            fail(path, "表头", f"应为 {','.join(columns)}")
        rows = list(reader)
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            fail(path, f"第 {line} 行", "列数与表头不符")
    return rows
