"""What a draft still lacks: faults that keep it from being published, and what is as it was last year."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain import clauses
from app.domain.clause_files import CLAUSES_FILE, TEXT_FILE
from app.domain.drafts import entries, schedule, store
from app.domain.drafts.entries import Line
from app.domain.drafts.paths import HEADING
from app.domain.drafts.yaml_text import mapping
from app.domain.parameter_values import WINDOWS
from app.models.draft import NoticeDraft
from app.models.notice import NoticeVersion

UNNUMBERED = "待编号"
_DATED = ("date", "window")


@dataclass(frozen=True)
class Todo:
    """One thing to look after: `tab` and `where` (a parameter's key, a path, a filter) lead there."""

    message: str
    tab: str
    where: str = ""


def todos(session: Session, draft: NoticeDraft) -> list[Todo]:
    """In the order in which a designer would work them off."""
    lines = entries.lines(session, draft)
    return [
        *_heading(session, draft),
        *_windows(session, draft),
        *_dates(draft, lines),
        *_open(lines),
        *_clauses(session, draft, lines),
        *_papers(session, draft),
    ]


def _heading(session: Session, draft: NoticeDraft) -> Iterator[Todo]:
    said = mapping(store.text_of(session, draft, HEADING)[0])
    if UNNUMBERED in str(said.get("number", "")):
        yield Todo("文号尚未填写（现为“待编号”），编号前不能发布。", "texts")
    if str(said.get("in_force_from", ""))[:4] < str(draft.year - 1):
        yield Todo(f"施行日期仍为{said.get('in_force_from')}，待核对。", "texts")
    stale = [key for key, text in (said.get("texts") or {}).items() if str(draft.year - 1) in str(text)]
    for key in stale:
        yield Todo(f"文字“{key}”中还有{draft.year - 1}年，待核对。", "texts")


def _windows(session: Session, draft: NoticeDraft) -> Iterator[Todo]:
    rows, _ = schedule.rows(session, draft)
    if not rows:
        yield Todo("还没有评委会；只作为上级通知的可以没有。", "committees")
    columns = [f"{name}_{end}" for name in WINDOWS for end in ("from", "to")]
    old = [row for row in rows if any(_is_past(row[column], draft.year) for column in columns)]
    if old:
        yield Todo(f"{len(old)}个评委会的时间仍是{draft.year}年以前的，待核对（可以一次全部移动）。", "committees")


def _dates(draft: NoticeDraft, lines: list[Line]) -> Iterator[Todo]:
    for line in lines:
        value = (line.own or {}).get("value") if line.spec.type in _DATED else None
        ends = value.values() if isinstance(value, dict) else [value or ""]
        if any(_is_past(str(end), draft.year) for end in ends):
            yield Todo(f"“{line.spec.meaning}”仍是{draft.year}年以前的日期，待核对。", "parameters", line.spec.key)


def _open(lines: list[Line]) -> Iterator[Todo]:
    for line in lines:
        if line.state == "undecided" and line.link and line.link.entry:
            words = f"“{line.spec.meaning}”须由{line.link.entry['undecided']}决定，尚未决定。"
            yield Todo(words, "parameters", line.spec.key)
        if line.state == "missing":
            yield Todo(f"必填的“{line.spec.meaning}”还没有填写。", "parameters", line.spec.key)
    suggested = [line for line in lines if (line.own or {}).get("kind") == "suggested"]
    if suggested:
        yield Todo(f"{len(suggested)}个参数用的是建议值，请按本年通知核对。", "parameters")


def _clauses(session: Session, draft: NoticeDraft, lines: list[Line]) -> Iterator[Todo]:
    """Entries that still rest on the clauses of the notice that this one was cloned from."""
    base = session.get(NoticeVersion, draft.based_on_version_id) if draft.based_on_version_id else None
    code = next((code for code, number in clauses.PAPERS.items() if base and number == base.number), None)
    number = base.number if base else ""
    named = [line for line in lines if _cites(str((line.own or {}).get("clause", "")), code, number)]
    if named:
        yield Todo(f"{len(named)}个参数的条款仍引用{number}，待改为本年通知的条款。", "parameters")


def _cites(clause: str, code: str | None, number: str) -> bool:
    return bool((code and f"{code} " in clause) or (number and number in clause))


def _papers(session: Session, draft: NoticeDraft) -> Iterator[Todo]:
    own = set(store.own_paths(session, draft.id))
    base = session.get(NoticeVersion, draft.based_on_version_id) if draft.based_on_version_id else None
    text = store.text_of(session, draft, TEXT_FILE)[0]
    if not text:
        yield Todo("还没有放入通知正文，不能逐条核对。", "clauses")
    elif base and base.body.get("text") == text:
        yield Todo("通知正文仍是所依据版本的，待换成本通知的。", "clauses")
    elif CLAUSES_FILE not in own:
        yield Todo("通知正文还没有标出条款。", "clauses")
    if not any(path.startswith("scenarios/") for path in own):
        yield Todo("还没有情景，发布前没有自动演练。", "scenarios")


def _is_past(printed: str, year: int) -> bool:
    return printed[:4].isdecimal() and int(printed[:4]) < year
