"""评委会与时间 of a draft: its rows as cells, checked row by row, written back as `committees.csv`."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from sqlalchemy.orm import Session

from app.domain import dictionaries
from app.domain.committee_files import COLUMNS, FLAGS, LEVELS
from app.domain.drafts import store
from app.domain.drafts.paths import COMMITTEES
from app.domain.parameter_values import WINDOWS, window_of
from app.domain.schedules import WINDOW_NAMES
from app.errors import Problem, Refused
from app.models.draft import NoticeDraft

Row = dict[str, str]
LABELS = {
    "no": "序号",
    "name": "评委会名称",
    "levels": "级别",
    "series": "系列",
    "specialties": "专业",
    "convening_key": "组建单位代号",
    "convening_name": "组建单位",
    "address": "办理地点",
    "session": "评审时间",
    "flags": "特别说明",
    "clause": "条款",
    "note": "备注",
}
LABELS |= {f"{name}_from": f"{words}开始" for name, words in WINDOW_NAMES.items()}
LABELS |= {f"{name}_to": f"{words}截止" for name, words in WINDOW_NAMES.items()}
FLAG_WORDS = {
    "offline": "线下申报",
    "special_online": "网上专项申报",
    "declare_month_only": "原文只写月份",
    "check_end_only": "审核只写截止",
}
assert FLAG_WORDS.keys() == set(FLAGS)
_NEEDED = ("name", "convening_key", "convening_name", "clause")


def rows(session: Session, draft: NoticeDraft) -> tuple[list[Row], int]:
    """The rows as they stand, as far as the file can be read, and the file's revision."""
    text, revision = store.text_of(session, draft, COMMITTEES)
    return parsed(text), revision


def parsed(text: str) -> list[Row]:
    return [{column: row.get(column) or "" for column in COLUMNS} for row in csv.DictReader(StringIO(text))]


def save(session: Session, draft_id: int, said: Sequence[Row], *, revision: int, by: int, reason: str) -> None:
    """Write the rows, numbered from 1. Refused with every fault of every row; Conflict, see `store.save`."""
    numbered = [{**row, "no": str(number)} for number, row in enumerate(said, start=1)]
    problems = [problem for number, row in enumerate(numbered, start=1) for problem in faults(row, f"第{number}号")]
    if problems:
        raise Refused(*problems)
    store.save(session, draft_id, COMMITTEES, text_of(numbered), revision=revision, by=by, reason=reason)


def text_of(said: Iterable[Row]) -> str:
    """The rows as the file has them."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(said)
    return text.getvalue()


def faults(row: Row, where: str) -> list[Problem]:
    """What is wrong with a row, each with its column; `where` says in the user's words which row it is."""
    found = [
        Problem("missing", f"{where}：{LABELS[column]}不能为空。", column)
        for column in _NEEDED
        if not row[column].strip()
    ]
    for column, allowed in (("levels", LEVELS), ("flags", FLAGS)):
        wrong = [code for code in row[column].split() if code not in allowed]
        if wrong:
            found.append(Problem("word", f"{where}：{LABELS[column]}中的“{wrong[0]}”不能识别。", column))
    for name in WINDOWS:
        found += _window_faults(row, name, where)
    return found


def _window_faults(row: Row, name: str, where: str) -> list[Problem]:
    ends = {end: row[f"{name}_{end}"] for end in ("from", "to") if row[f"{name}_{end}"]}
    if not ends:
        return []
    try:
        shown = window_of(ends)
    except ValueError:
        message = f"{where}：{WINDOW_NAMES[name]}时间应写为 2024-11-14 或 2024-11-14 09:30。"
        return [Problem("date", message, f"{name}_from")]
    if shown.opens and shown.closes and shown.opens >= shown.closes:
        return [Problem("reversed", f"{where}：{WINDOW_NAMES[name]}时间的起止颠倒。", f"{name}_from")]
    return []


def empty_row() -> Row:
    return dict.fromkeys(COLUMNS, "")


def level_words(codes: str) -> str:
    return "、".join(dictionaries.label("level", code) for code in codes.split())
