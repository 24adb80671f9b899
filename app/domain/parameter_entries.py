"""Parameters as a package writes them: the vocabulary and the entries, checked one against the other."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.domain.package_files import check_keys, fail, read_yaml
from app.domain.parameter_values import KINDS, SCOPES, TYPES, ParameterSpec, typed

_SPEC_OPTIONAL = ("unit", "scope", "clause", "choices", "required")
_ENTRY_KEYS = ("value", "undecided", "unit", "clause", "kind", "note", "decided_by", "stopped_by")


def read_vocabulary(path: Path) -> dict[str, ParameterSpec]:
    """The declared parameters by key: the only names that packages and diagrams may use."""
    found = {}
    for key, said in read_yaml(path).items():
        if not isinstance(said, dict):
            fail(path, key, "应为 type、meaning 等项")
        check_keys(path, f"{key}.", said, _SPEC_OPTIONAL, ("type", "meaning"))
        if said["type"] not in TYPES:
            fail(path, f"{key}.type", f"应为 {'、'.join(TYPES)} 之一")
        if said.get("scope", "notice") not in SCOPES:
            fail(path, f"{key}.scope", f"应为 {'、'.join(SCOPES)} 之一")
        if said["type"] == "choice" and not said.get("choices"):
            fail(path, f"{key}.choices", "choice 类型应列出可选值")
        found[key] = spec_of(key, said)
    return found


def spec_of(key: str, said: Mapping[str, Any]) -> ParameterSpec:
    return ParameterSpec(key=key, **{**said, "choices": tuple(said.get("choices", ()))})


def spec_as_written(spec: ParameterSpec) -> dict[str, Any]:
    """The declaration as `spec_of` reads it again, to be stored with a version."""
    return {name: value for name, value in asdict(spec).items() if name != "key" and value not in (None, (), False)}


def read_entries(path: Path, vocabulary: Mapping[str, ParameterSpec]) -> dict[str, dict[str, Any]]:
    """The entries of a parameters file, every one checked."""
    return check_entries(path, read_yaml(path), vocabulary)


def check_entries(path: Path, said: Any, vocabulary: Mapping[str, ParameterSpec]) -> dict[str, dict[str, Any]]:
    """`said` itself, after a complaint about the first entry that is unknown, incomplete or of the wrong type."""
    if not isinstance(said, dict):
        fail(path, "文件", "应为“参数名: 内容”")
    for key, entry in said.items():
        if key not in vocabulary:
            fail(path, key, "不认识的参数，请先在参数词表中登记")
        if not isinstance(entry, dict):
            fail(path, key, "应写 value、clause 等项")
        check_keys(path, f"{key}.", entry, _ENTRY_KEYS, ())
        reason = fault_of(vocabulary[key], entry)
        if reason:
            fail(path, f"{key}.{reason[0]}", reason[1])
    return said


def fault_of(spec: ParameterSpec, entry: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with an entry: the item and the reason, or None.

    A value needs the clause that prints it; a decided one its decider; a suggested one a note. Where the notice is
    silent and nobody has decided, `undecided` names who must (the parameter then has no value at all).
    """
    if ("value" in entry) == ("undecided" in entry):
        return "value", "value 与 undecided 应且只应写一个"
    source = _source_fault(entry)
    if source:
        return source
    if "unit" in entry and entry["unit"] != spec.unit:
        return "unit", f"单位应为“{spec.unit}”"
    if "stopped_by" in entry and (spec.type != "deadline" or not isinstance(entry["stopped_by"], list)):
        return "stopped_by", "只有期限可写，且应为中止事由的列表"
    if "value" in entry:
        try:
            typed(spec, entry["value"])
        except ValueError as error:
            return "value", str(error)
    return None


def _source_fault(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    kind = entry.get("kind", "printed")
    if kind not in KINDS:
        return "kind", f"应为 {'、'.join(KINDS)} 之一"
    needed = {"printed": "clause", "decided": "decided_by", "suggested": "note"}[kind]
    if "undecided" in entry:
        needed = "undecided"
    if not isinstance(entry.get(needed), str) or not entry[needed].strip():
        return needed, "缺少此项"
    return None
