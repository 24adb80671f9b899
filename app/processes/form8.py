"""《职称申报综合情况（公示）表》 (form 8) for reading and printing: of today's record, or as a publicity froze it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain import attachments, declarations, dictionaries, publicised
from app.domain.forms import describe
from app.domain.forms.render import TableView
from app.domain.identity import mask_identity
from app.models.declaration import Declaration
from app.processes import bundles, standing

FORM = "declaration"


@dataclass(frozen=True)
class Sheet:
    """`headings` (label, text) in the form's order, `values` the same by key; `tables` those that have rows.

    `number` is masked.
    """

    title: str
    name: str
    headings: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    tables: tuple[TableView, ...]
    number: str
    files: Mapping[str, str]  # hash of an evidence → its name; the files themselves are not shown


def preview(session: Session, declaration: Declaration) -> Sheet:
    """What the publicity would show if it started now, drafts included."""
    record = standing.current_record(session, declaration)
    files = attachments.named(session, publicised.files_in(record))
    content = publicised.content(record, {key: file.digest for key, file in files.items()})
    names = {file.digest: file.name for file in files.values()}
    return of_content(session, declaration.notice_version_id, content, mask_identity(record.get("id_number")), names)


def frozen(session: Session, content: Mapping[str, Any], declaration_id: int) -> Sheet | None:
    """One name of a snapshot; None where it does not hold that name."""
    found = content["declarations"].get(str(declaration_id))
    if found is None:
        return None
    declaration = declarations.get(session, declaration_id)
    number = content["numbers"].get(str(declaration_id), "")
    return of_content(session, declaration.notice_version_id, found, number, content.get("files", {}))


def of_content(
    session: Session, notice_version_id: int, content: Mapping[str, Any], number: str, files: Mapping[str, str]
) -> Sheet:
    """{headings, tables} as `publicised.content` makes it, in the words of that notice's own form."""
    form = bundles.of_version(session, notice_version_id).schemas[FORM]
    headings, tables = content["headings"], content["tables"]
    parts = [part for section in describe(form, {**headings, **tables}) for part in section.parts]
    shown = [part for part in parts if not isinstance(part, TableView) and part.key in headings and part.text]
    return Sheet(
        title=_title(headings),
        name=str(headings.get("name") or ""),
        headings=tuple((part.label, part.text) for part in shown),
        values={part.key: part.text for part in shown},
        tables=tuple(part for part in parts if isinstance(part, TableView) and part.rows),
        number=number,
        files=files,
    )


def in_words(form: dict[str, Any], values: Mapping[str, Any]) -> dict[str, str]:
    """The given values as their form's readers see them, by key."""
    parts = [part for section in describe(form, values) for part in section.parts]
    return {part.key: part.text for part in parts if not isinstance(part, TableView) and part.key in values}


def _title(headings: Mapping[str, Any]) -> str:
    series = dictionaries.label("series", headings.get("series"))
    title = headings.get("target_title")
    level = dictionaries.label("level", dictionaries.level_of(title)) if title else ""
    return f"重庆市{series}系列{level}职称申报综合情况（公示）表"
