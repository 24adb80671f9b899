"""What a supplementary notice says, and what is refused in it before anything is written (D18a)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.committee_files import FLAGS, LEVELS
from app.domain.notice_content import Content
from app.domain.parameter_entries import fault_of
from app.domain.parameter_values import WINDOWS
from app.errors import Problem, Refused
from app.models.notice import NoticeVersion

KEEP_OLD = (
    "nobody",
    "started",
    "submitted",
)  # stay: instances begun, or declarations submitted, before it takes effect
_COLUMNS = ("name", "levels", "series", "specialties", "address", "session", "flags", "note", "clause", "parameters")


@dataclass(frozen=True)
class Changes:
    """What a supplementary notice changes, each by key; None as an entry takes it away.

    `parameters` entries as in a package; `texts`; `decisions` {file name: content}; `committees` {no: {column or window
    name: value}}, a window as {from, to} in printed form. `diagrams` and `forms` are only here to be refused.
    """

    parameters: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    texts: Mapping[str, str | None] = field(default_factory=dict)
    decisions: Mapping[str, bytes] = field(default_factory=dict)
    committees: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    diagrams: Mapping[str, bytes] = field(default_factory=dict)
    forms: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Amendment:
    """A supplementary notice: its 文号, what it rests on, why, from when, and who stays under the old rules."""

    number: str
    legal_basis: str
    reason: str
    changes: Changes
    effective_at: datetime | None = None
    keep_old: str = "nobody"


def refuse_faulty(said: Content, amendment: Amendment, effective_at: datetime, previous: NoticeVersion) -> None:
    """Refused with every fault at once: missing words, an unknown key, a wrong value, a diagram or form."""
    changes = amendment.changes
    problems = _formal_problems(amendment, effective_at, previous) + _resource_problems(said, changes)
    for key, entry in changes.parameters.items():
        problems += _entry_problems(said, f"parameters.{key}", key, entry)
    for no, columns in changes.committees.items():
        problems += _committee_problems(said, no, columns)
    if problems:
        raise Refused(*problems)


def _formal_problems(amendment: Amendment, effective_at: datetime, previous: NoticeVersion) -> list[Problem]:
    problems = []
    for name, words in (("number", "文号"), ("legal_basis", "依据"), ("reason", "事由")):
        if not getattr(amendment, name).strip():
            problems.append(Problem("missing", f"请填写补充通知的{words}。", field=name))
    if effective_at < previous.effective_at:
        message = f"生效时间不能早于所修改的版本（{previous.number}）的生效时间。"
        problems.append(Problem("too_early", message, field="effective_at"))
    if amendment.keep_old not in KEEP_OLD:
        problems.append(Problem("keep_old", "请选择哪些事项仍按原规定办理。", field="keep_old"))
    return problems


def _resource_problems(said: Content, changes: Changes) -> list[Problem]:
    problems = []
    for kind, words in (("diagrams", "流程图"), ("forms", "表单")):
        for key in getattr(changes, kind):
            message = f"“{key}”是{words}，不能由补充通知直接修改，请按流程迁移办理。"
            problems.append(Problem("needs_migration", message, field=f"{kind}.{key}"))
    for key in sorted(set(changes.decisions) - set(said.manifest["decisions"])):
        problems.append(Problem("unknown", f"本通知没有决策表“{key}”。", field=f"decisions.{key}"))
    return problems


def _entry_problems(said: Content, place: str, key: str, entry: Mapping[str, Any] | None) -> list[Problem]:
    if key not in said.vocabulary:
        return [Problem("unknown", f"没有名为“{key}”的参数。", field=place)]
    fault = fault_of(said.vocabulary[key], entry) if entry is not None else None
    if fault is None:
        return []
    return [Problem("invalid", f"“{said.vocabulary[key].meaning}”的 {fault[0]}：{fault[1]}。", field=place)]


def _committee_problems(said: Content, no: int, columns: Mapping[str, Any]) -> list[Problem]:
    place = f"committees.{no}"
    if str(no) not in said.committees:
        return [Problem("unknown", f"本通知没有第{no}号评委会。", field=place)]
    problems = []
    for name, value in columns.items():
        if name in WINDOWS:
            entry = None if value is None else {"value": value, "clause": "—"}
            problems += _entry_problems(said, f"{place}.{name}", WINDOWS[name], entry)
        elif name not in _COLUMNS:
            problems.append(Problem("unknown", f"评委会没有“{name}”这一项。", field=f"{place}.{name}"))
        elif (name == "levels" and set(value) - set(LEVELS)) or (name == "flags" and set(value) - set(FLAGS)):
            problems.append(Problem("invalid", f"评委会的“{name}”含有不认识的值。", field=f"{place}.{name}"))
    for key, entry in columns.get("parameters", {}).items():
        problems += _entry_problems(said, f"{place}.parameters.{key}", key, entry)
    return problems
