"""The text of a notice and its clauses, as a package writes them: `notice.txt` and `clauses.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.package_files import check_keys, fail, read_yaml, text_of

TEXT_FILE, CLAUSES_FILE = "notice.txt", "clauses.yaml"
UNUSED = "unused"  # what is accepted of a clause that nothing carries out


@dataclass(frozen=True)
class Clause:
    """A marked piece of the text: `where` its first character and the one after its last.

    `elements` are what carries it out: `payment#pay` (an element of a diagram) or the key of a parameter. `accepted`
    says why something is as it is: `unused` (nothing carries it out) or the key of a parameter that differs → reason.
    """

    id: str
    heading: str
    where: tuple[int, int]
    elements: tuple[str, ...] = ()
    accepted: Mapping[str, str] = field(default_factory=dict)


def read_text(folder: Path) -> str:
    """The text of the notice; empty where the package brings none."""
    path = folder / TEXT_FILE
    if not path.is_file():
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        fail(path, "文件", "应为 UTF-8 编码的文字")


def read_clauses(folder: Path, text: str) -> dict[str, Clause]:
    """The clauses by id: `三(二): {heading: 缴费, where: [120, 340], elements: [payment#pay, fee]}`."""
    path = folder / CLAUSES_FILE
    if not path.is_file():
        return {}
    return {str(key): _clause(path, str(key), said, text) for key, said in read_yaml(path).items()}


def clause_of(key: str, said: Mapping[str, Any]) -> Clause:
    """A clause as it is stored with a version."""
    begin, end = said["where"]
    return Clause(key, said["heading"], (begin, end), tuple(said["elements"]), dict(said["accepted"]))


def _clause(path: Path, key: str, said: object, text: str) -> Clause:
    if not isinstance(said, Mapping):
        fail(path, key, "应写 heading、where 等项")
    check_keys(path, f"{key}.", said, ("elements", "accepted"), ("heading", "where"))
    where, elements = said["where"], said.get("elements", [])
    if not isinstance(where, list) or len(where) != 2 or any(type(end) is not int for end in where):
        fail(path, f"{key}.where", "应为起止位置，如 [120, 340]")
    if not 0 <= where[0] < where[1] <= len(text):
        fail(path, f"{key}.where", f"超出通知正文（共 {len(text)} 字）")
    if not isinstance(elements, list) or not all(isinstance(each, str) for each in elements):
        fail(path, f"{key}.elements", "应为环节编号或参数名的列表")
    accepted = _accepted(path, key, said.get("accepted", {}))
    return Clause(key, text_of(path, said, "heading"), (where[0], where[1]), tuple(elements), accepted)


def _accepted(path: Path, key: str, said: object) -> dict[str, str]:
    """A reason alone is that of a clause which nothing carries out."""
    reasons = {UNUSED: said} if isinstance(said, str) else said
    if not isinstance(reasons, dict) or not all(isinstance(each, str) and each.strip() for each in reasons.values()):
        fail(path, f"{key}.accepted", "应为理由，或“参数名: 理由”")
    return {str(name): reason for name, reason in reasons.items()}
