"""The workspace of a correction: each listed item with what was publicised, what stood before and what stands now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.domain import attachments, corrections, declarations
from app.domain.corrections import Asked, Item
from app.domain.forms.render import TableView
from app.domain.publicised import EVIDENCE
from app.models.process import Task
from app.processes import bundles
from app.web.views import papers
from app.web.views.papers import Paper


@dataclass(frozen=True)
class Line:
    """One item; `shown`, `before` and `now` are its part of form 8 in the three states, None where there is nothing."""

    item: Item
    shown: Paper | None
    before: Paper | None
    now: Paper | None
    files: Mapping[int, Any]


@dataclass(frozen=True)
class Workspace:
    asked: Asked
    lines: list[Line]
    editing: bool


def of_task(session: Session, task: Task, acting: bool) -> Workspace | None:
    """The workspace for the applicant who answers or the office that looks at his answer."""
    asked = corrections.of_task(session, task) if acting else None
    if asked is None:
        return None
    version = declarations.get(session, task.declaration_id).notice_version_id
    form = bundles.of_version(session, version).schemas["declaration"]
    files = attachments.named(session, {file for item in asked.items for file in item.evidence})
    known = {key: papers.file_entry(row) for key, row in files.items()}
    same = asked.kind == corrections.CORRECTION and not any(item.changed for item in asked.items)
    shown = _state(session, form, asked, asked.shown)
    before, now = (None if same else _state(session, form, asked, each) for each in (asked.before, asked.now))
    lines = [_line(item, asked.kind, (shown, before, now), known) for item in asked.items]
    return Workspace(asked, lines, editing=task.role == "applicant")


def _line(item: Item, kind: str, states: tuple[Paper | None, ...], files: Mapping[int, Any]) -> Line:
    """A correction that left the record as it was has its answer in words: there is no before and after to show."""
    shown, before, now = (_part(state, item) for state in states)
    told = item.changed or kind != corrections.CORRECTION
    return Line(item, shown, before if told else None, now if told else None, files)


def _state(session: Session, form: dict[str, Any], asked: Asked, record: Mapping[str, Any] | None) -> Paper | None:
    """The asked parts of one state of the record; evidence of a frozen state is known by its hash alone, left out."""
    if record is None:
        return None
    keys = {key for item in asked.items for key in item.keys}
    values = {key: record[key] for key in keys if record.get(key) not in (None, [])}
    for key, rows in values.items():
        if isinstance(rows, list):
            files = [[each for each in row.get(EVIDENCE) or [] if isinstance(each, int)] for row in rows]
            values[key] = [{**row, EVIDENCE: own} for row, own in zip(rows, files, strict=True)]
    return papers.of_values(session, "", form, values, declarations.SEALED_KEYS)


def _part(state: Paper | None, item: Item) -> Paper | None:
    """The item's table, row or heading of one state; None where it has none."""
    if state is None or not item.keys:
        return None
    sections = []
    for section in state.sections:
        parts = [part for part in section.parts if part.key in item.keys]
        if parts and item.row is not None and isinstance(parts[0], TableView):
            parts = [replace(parts[0], rows=tuple(row for row in parts[0].rows if row.id == item.row))]
        if parts and not (isinstance(parts[0], TableView) and not parts[0].rows):
            sections.append(replace(section, label="", parts=tuple(parts)))
    return replace(state, title=item.target, sections=sections) if sections else None
