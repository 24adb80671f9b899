"""Reads a form-js schema: which fields, tables and sections it has, in which order, and what hides each of them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import errors
from app.domain.forms import feel

Component = dict[str, Any]

PRESENTATION = frozenset({"text", "html", "separator", "spacer", "button"})
STOCK = frozenset(
    {"textfield", "textarea", "number", "select", "radio", "checkbox", "checklist", "taglist", "datetime", "expression"}
)
OWN = frozenset({"idcard", "organisation", "evidence", "yearmonth", "rank", "checkpoints"})
FIELDS = STOCK | OWN
CHOICES = frozenset({"select", "radio", "checklist", "taglist"})
KEY = re.compile(r"^[a-z][a-z0-9_]*$")
DECISION = "decision"


class UnusableSchema(errors.ConfigurationError):
    """表单定义有误。"""

    code = "unusable_schema"

    def __init__(self, problem: errors.Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem

    @property
    def problems(self) -> list[errors.Problem]:
        return [self.problem]


@dataclass(frozen=True)
class Field:
    """One thing to fill; `hidden_by` are its own condition and those of the groups around it."""

    key: str
    label: str
    kind: str
    component: Component
    hidden_by: tuple[feel.Expression, ...] = ()

    @property
    def required(self) -> bool:
        return bool(self.component.get("validate", {}).get("required"))

    @property
    def readonly(self) -> bool:
        return self.component.get("readonly") is True


@dataclass(frozen=True)
class Table:
    """A record table (`dynamiclist`); each row is a dictionary of its columns with an `_id`."""

    key: str
    label: str
    component: Component
    columns: tuple[Field, ...]
    hidden_by: tuple[feel.Expression, ...] = ()

    @property
    def fixed(self) -> bool:
        """Whether rows come prefilled and none may be added or removed."""
        return self.component.get("allowAddRemove") is False

    @property
    def readonly(self) -> bool:
        return self.component.get("readonly") is True


Item = Field | Table


@dataclass(frozen=True)
class Section:
    """A part of the page: a top-level group, a top-level table, or what stands loose between them (no label).

    `key` is the table's path or the group's id.
    """

    key: str
    label: str
    help: str
    items: tuple[Item, ...]
    hidden_by: tuple[feel.Expression, ...] = ()


def read(path: Path) -> dict[str, Any]:
    """The schema in a file; a file that is no form-js schema raises UnusableSchema naming the file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise UnusableSchema(errors.Problem("not_json", f"表单文件“{path.name}”不是有效的 JSON：{fault}")) from fault
    if not isinstance(found, dict) or not isinstance(found.get("components"), list):
        raise UnusableSchema(errors.Problem("not_a_form", f"表单文件“{path.name}”缺少 components。"))
    return found


def sections(schema: dict[str, Any]) -> list[Section]:
    """The schema in reading order; raises UnusableSchema at the first component that cannot be carried."""
    found: list[Section] = []
    loose: list[Item] = []
    for component in schema["components"]:
        kind = component.get("type")
        if kind not in ("group", "dynamiclist"):
            loose.extend(_items([component], ()))
            continue
        if loose:
            found.append(Section("", "", "", tuple(loose)))
            loose = []
        conditions = _conditions(component, ())
        inner = component.get("components", []) if kind == "group" else [component]
        items = tuple(_items(inner, conditions if kind == "group" else ()))
        key = str(component.get("path") or component.get("id") or "")
        found.append(Section(key, label_of(component), component.get("help", ""), items, conditions))
    if loose:
        found.append(Section("", "", "", tuple(loose)))
    return found


def items(schema: dict[str, Any]) -> list[Item]:
    """All fields and tables of the schema in reading order."""
    return [item for section in sections(schema) for item in section.items]


def every_component(components: list[Component]) -> Iterator[tuple[Component, str | None]]:
    """Each component with the key of the table it is a column of; groups and tables come before their content."""
    yield from _every(components, None)


def _every(components: list[Component], table: str | None) -> Iterator[tuple[Component, str | None]]:
    for component in components:
        yield component, table
        inner = component.get("path", "") if component.get("type") == "dynamiclist" else table
        yield from _every(component.get("components") or [], inner)


def _items(components: list[Component], hidden_by: tuple[feel.Expression, ...]) -> Iterator[Item]:
    for component in components:
        kind = component.get("type")
        if kind in PRESENTATION:
            continue
        conditions = _conditions(component, hidden_by)
        if kind == "group" and not component.get("path"):
            yield from _items(component.get("components", []), conditions)
        elif kind == "dynamiclist":
            yield _table(component, conditions)
        elif kind in FIELDS and KEY.match(component.get("key", "")):
            yield Field(component["key"], label_of(component), str(kind), component, conditions)
        else:
            raise UnusableSchema(unusable(component))


def _table(component: Component, hidden_by: tuple[feel.Expression, ...]) -> Table:
    key = component.get("path", "")
    columns = list(_items(component.get("components", []), ()))
    if not KEY.match(key) or any(isinstance(column, Table) for column in columns):
        raise UnusableSchema(unusable(component))
    fields = tuple(column for column in columns if isinstance(column, Field))
    return Table(key, label_of(component), component, fields, hidden_by)


def unusable(component: Component) -> errors.Problem:
    """Why the server cannot carry this component; the words name it."""
    kind, label = component.get("type"), label_of(component)
    field = str(component.get("key") or component.get("path") or component.get("id") or "") or None
    if kind not in FIELDS | {"group", "dynamiclist"}:
        return errors.Problem("unsupported_component", f"不支持的表单组件“{kind}”（{label}）。", field)
    if kind == "group":
        return errors.Problem("group_path", f"分组“{label}”不能设置 path：字段直接记在表单上。", field)
    if kind == "dynamiclist" and KEY.match(component.get("path", "")):
        return errors.Problem("nested_table", f"明细表“{label}”中不能再放明细表。", field)
    return errors.Problem("bad_key", f"“{label}”的字段名“{field or ''}”应由小写字母、数字和下划线组成。", field)


def words_of(component: Component) -> str:
    """The words people see beside a component, empty where it has none; a date field has its own property for them."""
    return str(component.get("label") or component.get("dateLabel") or component.get("timeLabel") or "").strip()


def label_of(component: Component) -> str:
    """What to call a component in a message: its words, else its key or id."""
    return words_of(component) or str(component.get("key") or component.get("path") or component.get("id") or "")


def _conditions(component: Component, outer: tuple[feel.Expression, ...]) -> tuple[feel.Expression, ...]:
    hide = (component.get("conditional") or {}).get("hide")
    return (*outer, formula(component, hide)) if hide else outer


def formula(component: Component, text: str) -> feel.Expression:
    """Compile a component's expression; outside the subset raises UnusableSchema with the position."""
    try:
        return feel.parse(text)
    except feel.FeelError as fault:
        message = f"“{label_of(component)}”的表达式“{text}”{fault}。"
        key = component.get("key") or component.get("path") or component.get("id")
        raise UnusableSchema(errors.Problem("feel", message, key)) from fault
