"""The lines of a diagram's file around a place, as a designer finds them there."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain import notices

BEFORE, AFTER = 4, 8
LENGTH = 200  # characters of a line


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    faulty: bool


def around(session: Session, notice_version_id: int, process_key: str, line: int) -> list[Line]:
    """The lines before and after `line` of the process's diagram in that version; none where there is no such line."""
    content = notices.bundle(session, notice_version_id).diagrams.get(f"{process_key}.bpmn", b"")
    lines = content.decode().splitlines()
    if not 0 < line <= len(lines):
        return []
    first = max(1, line - BEFORE)
    shown = enumerate(lines[first - 1 : line + AFTER], first)
    return [Line(number, text[:LENGTH].rstrip(), number == line) for number, text in shown]
