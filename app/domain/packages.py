"""A notice package as files: what a folder of `notices/` says, read strictly into one frozen `Package` (D3, D20)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.clause_files import Clause, read_clauses, read_text
from app.domain.committee_files import CommitteeRow, read_committees
from app.domain.package_files import check_keys, fail, read_yaml, text_of
from app.domain.parameter_entries import read_entries, read_vocabulary
from app.domain.parameter_values import ParameterSpec

VOCABULARY_FILE = "parameters.schema.yaml"
# kind of resource: end of its file name; the shared templates of documents come with the product, not with a notice
ENDINGS = {"diagrams": ".bpmn", "decisions": ".dmn", "forms": ".json", "documents": ".typ"}
SCENARIOS = "scenarios"  # folder of a notice's own scenario files
_NEEDED = ("key", "title", "number", "issuer", "year", "in_force_from")
_OPTIONAL = ("parent", "note", "texts")

Resources = Mapping[str, Mapping[str, bytes]]  # kind: {file name (a form: its key): content}


@dataclass(frozen=True)
class Package:
    """Everything one notice brings: itself, its parameters and committees, its own files and the shared ones.

    `parameters` are entries as written (value, clause, …), checked against `vocabulary`; `own` overrides `shared`.
    """

    key: str
    title: str
    number: str
    issuer: str
    year: int
    in_force_from: date
    vocabulary: Mapping[str, ParameterSpec]
    parameters: Mapping[str, dict[str, Any]]
    parent: str | None = None
    note: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    committees: tuple[CommitteeRow, ...] = ()
    shared: Resources = field(default_factory=dict)
    own: Resources = field(default_factory=dict)
    text: str = ""
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    scenarios: Mapping[str, bytes] = field(default_factory=dict)


def read(folder: Path, root: Path | None = None) -> Package:
    """The package in `folder`; `root` (default: two floors up) holds `bpmn/`, `forms/` and the vocabulary.

    Raises ConfigurationError naming file and key for anything unknown, missing or of the wrong type.
    """
    root = root or folder.parents[1]
    path = folder / "notice.yaml"
    said = read_yaml(path)
    check_keys(path, "", said, _OPTIONAL, _NEEDED)
    if said["key"] != folder.name:
        fail(path, "key", f"应与文件夹名“{folder.name}”一致")
    if type(said["year"]) is not int:
        fail(path, "year", "应为四位年份")
    vocabulary = _vocabulary(folder, root)
    text = read_text(folder)
    return Package(
        key=said["key"],
        title=text_of(path, said, "title"),
        number=text_of(path, said, "number"),
        issuer=text_of(path, said, "issuer"),
        year=said["year"],
        in_force_from=_day(path, said, "in_force_from"),
        vocabulary=vocabulary,
        parameters=read_entries(folder / "parameters.yaml", vocabulary),
        parent=text_of(path, said, "parent") if "parent" in said else None,
        note=said.get("note", ""),
        texts=_texts(path, said.get("texts", {})),
        committees=read_committees(folder, vocabulary),
        shared=_shared(root),
        own={kind: _own(folder / kind, kind) for kind in ENDINGS},
        text=text,
        clauses=read_clauses(folder, text),
        scenarios={path.name: path.read_bytes() for path in sorted((folder / SCENARIOS).glob("*.yaml"))},
    )


def read_all(root: Path) -> list[Package]:
    """Every package under `root/notices`, parents before those that stand under them."""
    found = {path.parent.name: read(path.parent, root) for path in sorted(root.glob("notices/*/notice.yaml"))}
    ordered: dict[str, Package] = {}
    while len(ordered) < len(found):
        ready = [p for p in found.values() if p.key not in ordered and (p.parent is None or p.parent in ordered)]
        if not ready:
            stuck = next(p for p in found.values() if p.key not in ordered)
            fail(root / "notices" / stuck.key / "notice.yaml", "parent", f"找不到上级通知“{stuck.parent}”，或互为上级")
        ordered |= {package.key: package for package in ready}
    return list(ordered.values())


def _vocabulary(folder: Path, root: Path) -> dict[str, ParameterSpec]:
    """The shared words, and those that a notice declares for itself; it may not give a shared word another meaning."""
    shared = read_vocabulary(root / "notices" / VOCABULARY_FILE)
    path = folder / VOCABULARY_FILE
    own = read_vocabulary(path) if path.is_file() else {}
    for key in shared.keys() & own.keys():
        fail(path, key, "共用参数词表中已有此项")
    return {**shared, **own}


def _day(path: Path, said: Mapping[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(said[key])
    except (TypeError, ValueError):
        fail(path, key, "应为日期，如 2023-01-01")


def _texts(path: Path, texts: Any) -> dict[str, str]:
    if not isinstance(texts, dict):
        fail(path, "texts", "应为“名称: 文字”")
    return {key: text_of(path, texts, key) for key in texts}


def _shared(root: Path) -> Resources:
    folders = {"diagrams": "bpmn", "decisions": "bpmn", "forms": "forms"}
    return {kind: _files(root / folder, kind) for kind, folder in folders.items()}


def _own(folder: Path, kind: str) -> dict[str, bytes]:
    """The files of one kind that this notice has of its own; anything else in the folder is a mistake."""
    for path in folder.glob("*"):
        if path.suffix != ENDINGS[kind]:
            fail(path, "文件", f"{kind} 文件夹中只能放 *{ENDINGS[kind]}")
    return _files(folder, kind)


def _files(folder: Path, kind: str) -> dict[str, bytes]:
    found = {}
    for path in sorted(folder.glob(f"*{ENDINGS[kind]}")):
        content = path.read_bytes()
        if kind == "forms":
            _check_form(path, content)
        found[path.stem if kind == "forms" else path.name] = content
    return found


def _check_form(path: Path, content: bytes) -> None:
    try:
        schema = json.loads(content)
    except ValueError as error:
        fail(path, "文件", f"不是有效的 JSON：{error}")
    if not isinstance(schema, dict):
        fail(path, "文件", "应为一份表单")
