"""What a deployment does to its dictionaries: adding, renaming, retiring and restoring an entry, each on record."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import clock
from app.domain import account_changes, dictionaries
from app.errors import NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.dictionary import DictionaryChange, DictionaryEntry
from app.models.entrustment import EntrustmentLetter
from app.models.expert import Expert, ReviewCommittee
from app.models.notice import Committee
from app.models.people import RoleGrant

KINDS = {"added": "增加", "renamed": "改名", "retired": "停用", "restored": "恢复"}
WHY_BOUND = {
    "level": "申报条件、评审费、申报数量和评委会权限都按这四个级别计算，由系统规定。",
    "title": "每个职称的级别和申报条件由系统和通知的决策表规定；新增职称须随通知的表单和决策表发布。",
}
BELONGS = {"specialty": "series"}  # what an entry of it belongs to
LONGEST_CODE, LONGEST_LABEL = 40, 20
PAGE = account_changes.PAGE
_CODE = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = ("other", "all", "none")  # said by forms for what no entry says


@dataclass(frozen=True)
class New:
    """An entry to be; `belongs` to an entry of the dictionary that BELONGS names."""

    code: str
    label: str
    belongs: str = ""


@dataclass(frozen=True)
class Change:
    """One line of the history."""

    row: DictionaryChange
    by: str

    @property
    def kind(self) -> str:
        return KINDS.get(self.row.kind, self.row.kind)


def get(dictionary: str, code: str) -> dictionaries.Entry:
    """The entry, retired or not. NotFound."""
    if dictionary not in dictionaries.NAMES:
        raise NotFound("没有这一字典。")
    found = {entry["code"]: entry for entry in dictionaries.every(dictionary)}
    if code not in found:
        raise NotFound("字典中没有这一项。")
    return found[code]


def add(session: Session, dictionary: str, new: New, *, by: int, reason: str) -> None:
    """A new entry, offered from the next page on. Refused, every fault at once."""
    _require_editable(dictionary)
    code, label, problems = new.code.strip().lower(), new.label, []
    if not _CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        problems.append(
            Problem("code", f"代码用小写字母、数字和下划线，以字母开头，不超过{LONGEST_CODE}个字符。", "code")
        )
    elif code in RESERVED or code in {entry["code"] for entry in dictionaries.every(dictionary)}:
        problems.append(Problem("taken", f"代码“{code}”已被使用，已停用的代码也不能再用。", "code"))
    details = {}
    if (over := BELONGS.get(dictionary)) is not None:
        details = {over: new.belongs}
        if new.belongs not in {entry["code"] for entry in dictionaries.entries(over)}:
            problems.append(Problem("belongs", f"请选择所属{dictionaries.NAMES[over]}。", "belongs"))
    said = _checked(problems, dictionary, code, label, reason)
    session.add(DictionaryEntry(dictionary=dictionary, code=code, label=label.strip(), details=details))
    _note(session, (dictionary, code), "added", (None, label.strip()), by, said)


def rename(session: Session, dictionary: str, code: str, label: str, *, by: int, reason: str) -> None:
    """Another word for the same thing, wherever it is shown. Refused."""
    entry, problems = _editable(dictionary, code), []
    if label.strip() == entry["label"]:
        problems.append(Problem("same", "名称没有变化。", "label"))
    said = _checked(problems, dictionary, code, label, reason)
    _own(session, dictionary, entry).label = label.strip()
    _note(session, (dictionary, code), "renamed", (entry["label"], label.strip()), by, said)


def retire(session: Session, dictionary: str, code: str, *, by: int, reason: str) -> None:
    """No longer offered; what names it already is read as before. Refused."""
    entry, said = _editable(dictionary, code), account_changes.required(reason)
    if entry.get("retired"):
        raise Refused(Problem("retired", "该项已经停用。"))
    if len(dictionaries.entries(dictionary)) == 1:
        raise Refused(Problem("last", "字典中须至少留有一项。"))
    _own(session, dictionary, entry).retired_at = clock.now(session)
    _note(session, (dictionary, code), "retired", (entry["label"], None), by, said)


def restore(session: Session, dictionary: str, code: str, *, by: int, reason: str) -> None:
    """On offer again. Refused where its name was taken meanwhile."""
    entry, problems = _editable(dictionary, code), []
    if not entry.get("retired"):
        problems.append(Problem("offered", "该项没有停用。"))
    said = _checked(problems, dictionary, code, entry["label"], reason)
    _own(session, dictionary, entry).retired_at = None
    _note(session, (dictionary, code), "restored", (None, entry["label"]), by, said)


def uses(session: Session, dictionary: str, code: str) -> dict[str, int]:
    """Where the code stands in records; one statement."""
    if dictionary == "specialty":
        counted = {
            "申报": _count(Declaration, Declaration.specialty == code),
            "各通知版本的评委会": _count(Committee, _holds(Committee.specialties, code)),
            "评审专家": _count(Expert, _holds(Expert.specialties, code)),
            "限定此专业的任职": _count(RoleGrant, _holds(RoleGrant.specialties, code)),
        }
    elif dictionary == "series":
        counted = {
            "申报": _count(Declaration, Declaration.series == code),
            "各通知版本的评委会": _count(Committee, _holds(Committee.series, code)),
            "核准备案的评委会": _count(ReviewCommittee, _holds(ReviewCommittee.series, code)),
            "评审专家": _count(Expert, Expert.series == code),
            "委托评审函": _count(EntrustmentLetter, EntrustmentLetter.series == code),
        }
    else:
        return {}
    row = session.execute(select(*(each.scalar_subquery() for each in counted.values()))).one()
    return dict(zip(counted, row, strict=True))


def history(session: Session, dictionary: str, page: int = 1) -> tuple[list[Change], int]:
    """One page of its changes, the latest first, and how many there are."""
    own = DictionaryChange.dictionary == dictionary
    rows, total = account_changes.with_authors(session, DictionaryChange, own, page)
    return [Change(row, by) for row, by in rows], total


def _checked(problems: list[Problem], dictionary: str, code: str, label: str, reason: str) -> str:
    """The reason, if label and reason are as they should be and nothing else is wrong. Refused."""
    said = label.strip()
    if not said or len(said) > LONGEST_LABEL:
        problems.append(Problem("label", f"名称为1至{LONGEST_LABEL}字。", "label"))
    elif said in _labels(dictionary, but=code):
        problems.append(Problem("taken", f"“{said}”已有同名的项；导入表格时按名称识别，不能重名。", "label"))
    try:
        words = account_changes.required(reason)
    except Refused as refused:
        problems += refused.problems
    if problems:
        raise Refused(*problems)
    return words


def _labels(dictionary: str, but: str) -> Iterable[str]:
    return [entry["label"] for entry in dictionaries.entries(dictionary) if entry["code"] != but]


def _require_editable(dictionary: str) -> None:
    if dictionary not in dictionaries.NAMES:
        raise NotFound("没有这一字典。")
    if dictionary not in dictionaries.EDITABLE:
        raise Refused(Problem("bound", WHY_BOUND[dictionary]))


def _editable(dictionary: str, code: str) -> dictionaries.Entry:
    _require_editable(dictionary)
    return get(dictionary, code)


def _own(session: Session, dictionary: str, entry: dictionaries.Entry) -> DictionaryEntry:
    """The deployment's row of the entry, made from the shipped one where there is none yet."""
    found = session.get(DictionaryEntry, (dictionary, entry["code"]), with_for_update=True)
    if found is None:
        details = {key: value for key, value in entry.items() if key not in ("code", "label", "retired")}
        found = DictionaryEntry(dictionary=dictionary, code=entry["code"], label=entry["label"], details=details)
        session.add(found)
    return found


def _note(
    session: Session, which: tuple[str, str], kind: str, words: tuple[str | None, str | None], by: int, reason: str
) -> None:
    dictionary, code = which
    before, after = words
    facts = {"kind": kind, "before": before, "after": after, "by_id": by, "reason": reason}
    session.add(DictionaryChange(dictionary=dictionary, code=code, at=clock.now(session), **facts))
    session.flush()


def _holds(column: InstrumentedAttribute[list[str]], code: str) -> ColumnElement[bool]:
    return cast(column, String).contains(f'"{code}"', autoescape=True)


def _count(table: type, met: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(table).where(met)
