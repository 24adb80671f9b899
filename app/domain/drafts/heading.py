"""A notice's heading (`notice.yaml`): written for a new draft, and repeated in the draft's row for lists."""

import re
from dataclasses import dataclass

from app.domain.drafts.yaml_text import mapping
from app.domain.said import day
from app.errors import Problem, Refused
from app.models.draft import NoticeDraft

_KEY = re.compile(r"[a-z][a-z0-9_]{2,79}")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Heading:
    """What a new notice is called."""

    key: str
    title: str
    number: str
    issuer: str
    year: int
    in_force_from: str
    parent: str | None = None


def check(said: Heading) -> None:
    """Refused with everything that keeps this from heading a notice."""
    problems = []
    if not _KEY.fullmatch(said.key):
        message = "代号用小写英文字母、数字和下划线，以字母开头，至少3位，如 bigdata_2024。"
        problems.append(Problem("key", message, "key"))
    for name, words in (("title", "通知名称"), ("number", "文号"), ("issuer", "发文机关")):
        if not getattr(said, name).strip():
            problems.append(Problem("missing", f"请填写{words}。", name))
    if not FIRST_YEAR <= said.year <= LAST_YEAR:
        problems.append(Problem("year", "请填写申报年度，如 2024。", "year"))
    if day(said.in_force_from) is None:
        problems.append(Problem("in_force_from", "请按年月日填写施行日期。", "in_force_from"))
    if problems:
        raise Refused(*problems)


def repeat(draft: NoticeDraft, content: str) -> None:
    """Let the draft's row say what its heading says now; what cannot be read leaves the row as it was."""
    said = mapping(content)
    for name in ("title", "issuer"):
        if isinstance(said.get(name), str) and said[name].strip():
            setattr(draft, name, said[name])
    if type(said.get("year")) is int:
        draft.year = said["year"]
    if "title" in said:
        draft.parent_key = said["parent"] if isinstance(said.get("parent"), str) else None
