"""Checks a form's schema when it is published: everything the server or the diagrams could stumble over."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from app.domain.forms import feel, schema
from app.domain.forms.schema import CHOICES, DECISION, FIELDS, KEY, PRESENTATION, Component
from app.errors import Problem

_DECISION_CODE = re.compile(r"^[a-z][a-z_]*$")
_FORMULA_PLACES = ("conditional", "expression")


def check_schema(source: dict[str, Any], reserved_names: Collection[str]) -> list[Problem]:
    """All faults of a schema, in its order; `field` is the component's key, path or id.

    `reserved_names` are the diagrams' functions: a field of the same name would hide the function in a script.
    """
    components = source.get("components")
    if not isinstance(components, list):
        return [Problem("not_a_form", "表单缺少 components。")]
    found: list[Problem] = []
    for component, table in schema.every_component(components):
        if component.get("type") in PRESENTATION:
            continue
        if component.get("type") not in FIELDS | {"group", "dynamiclist"}:
            found.append(schema.unusable(component))
            continue
        found += _component(component, table)
        found += _formulas(component, _visible(components, table))
    return [*found, *_ids(components), *_keys(components, reserved_names), *_decision(components)]


def _name(component: Component) -> str:
    return str(component.get("key") or component.get("path") or component.get("id") or "")


def _component(component: Component, table: str | None) -> Iterator[Problem]:
    kind, name = component["type"], _name(component)
    key = component.get("path" if kind in ("group", "dynamiclist") else "key") or ""
    nested = kind == "dynamiclist" and table is not None
    if nested or bool(key) is (kind == "group") or (key and not KEY.match(key)):
        yield schema.unusable(component)
    elif key in feel.KEYWORDS:
        yield Problem("bad_key", f"字段名“{key}”是表达式的关键字，请改名。", name)
    if kind != "expression" and not schema.words_of(component):
        yield Problem("missing_label", f"“{name}”没有标题。", name)
    if kind in CHOICES:
        yield from _options(component, "values", name)
    if kind == "checkpoints":
        yield from _options(component, "points", name)
    pattern = (component.get("validate") or {}).get("pattern")
    if pattern and not _compiles(pattern):
        yield Problem("pattern", f"“{component.get('label')}”的正则表达式“{pattern}”无法识别。", name)


def _options(component: Component, place: str, name: str) -> Iterator[Problem]:
    label, options = component.get("label"), component.get(place)
    if not isinstance(options, list) or not options:
        yield Problem("options", f"“{label}”没有选项；选项须写在表单中，不能取自数据。", name)
        return
    values = [option.get("value") for option in options]
    for option in options:
        if not isinstance(option.get("value"), str) or not option["value"]:
            code = "decision_option" if name == DECISION else "options"
            yield Problem(code, f"“{label}”的选项“{option.get('label')}”没有值。", name)
        elif not str(option.get("label") or "").strip():
            yield Problem("options", f"“{label}”的选项“{option['value']}”没有文字。", name)
    if len({str(value) for value in values}) < len(values):
        yield Problem("options", f"“{label}”有重复的选项。", name)


def _formulas(component: Component, visible: Collection[str]) -> Iterator[Problem]:
    name = _name(component)
    texts = [(component.get("conditional") or {}).get("hide")]
    if component["type"] == "expression":
        texts.append(component.get("expression") or "")
    for text in texts:
        if text is None:
            continue
        try:
            expression = schema.formula(component, text)
        except schema.UnusableSchema as fault:
            yield fault.problem
            continue
        if not text.startswith("="):
            yield Problem("feel", f"“{component.get('label')}”的表达式“{text}”应以“=”开头。", name)
        for unknown in sorted(expression.names - set(visible)):
            yield Problem("unknown_name", f"“{component.get('label')}”的表达式用到了不存在的字段“{unknown}”。", name)
    for place in _foreign_formulas(component):
        message = f"“{component.get('label')}”的 {place} 不能用表达式；表达式只能用于隐藏条件和计算字段。"
        yield Problem("formula_place", message, name)


def _foreign_formulas(component: Component) -> Iterator[str]:
    for place, value in component.items():
        if place in ("components", *_FORMULA_PLACES):
            continue
        if place in ("valuesExpression", "valuesKey") and value:
            yield place
        inner = value.items() if isinstance(value, dict) else [("", value)]
        for key, text in inner:
            if place != "valuesExpression" and isinstance(text, str) and text.startswith("="):
                yield f"{place}.{key}".rstrip(".")


def _visible(components: list[Component], table: str | None) -> set[str]:
    """The names a condition may read: all of the form's own, and in a row also its columns."""
    return {
        str(each.get("path") if each.get("type") == "dynamiclist" else each.get("key"))
        for each, within in schema.every_component(components)
        if within in (None, table)
    }


def _ids(components: list[Component]) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for component, _ in schema.every_component(components):
        identifier = component.get("id")
        if identifier in seen:
            found.append(Problem("duplicate_id", f"组件编号“{identifier}”重复。", _name(component)))
        seen.add(str(identifier))
    return found


def _keys(components: list[Component], reserved: Collection[str]) -> Iterator[Problem]:
    seen: set[tuple[str | None, str]] = set()
    for component, table in schema.every_component(components):
        key = component.get("path" if component.get("type") == "dynamiclist" else "key")
        if not key:
            continue
        if (table, key) in seen:
            yield Problem("duplicate_key", f"字段名“{key}”重复。", key)
        seen.add((table, key))
        if table is None and key in reserved:
            yield Problem("reserved_key", f"字段名“{key}”与流程图的函数同名，请改名。", key)


def _decision(components: list[Component]) -> Iterator[Problem]:
    top = {_key(each): each for each, table in schema.every_component(components) if table is None}
    field = top.get(DECISION)
    if field is None:
        return
    if field.get("type") != "radio":
        yield Problem("decision", "决定栏“decision”应为单选（radio）。", DECISION)
        return
    for option in field.get("values") or []:
        value = option.get("value")
        if isinstance(value, str) and value and not _DECISION_CODE.match(value):
            yield Problem("decision_option", f"决定“{option.get('label')}”的值“{value}”应为小写字母。", DECISION)
        for key in (*option.get("requires", ()), *option.get("allOk", ())):
            if key not in top or key == DECISION:
                yield Problem("decision_option", f"决定“{option.get('label')}”要求的字段“{key}”不存在。", DECISION)
        for key in option.get("allOk", ()):
            if key in top and top[key].get("type") != "checkpoints":
                yield Problem("decision_option", f"决定“{option.get('label')}”的 allOk 只能列审核要点。", DECISION)


def _key(component: Component) -> str:
    return str(component.get("path" if component.get("type") == "dynamiclist" else "key") or "")


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
