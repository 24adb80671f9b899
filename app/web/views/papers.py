"""A filled form for reading: its sections with the names of organisations and the links of attachments."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import attachments, declarations
from app.domain.forms import describe, schema
from app.domain.forms.render import Section, TableView
from app.domain.forms.schema import DECISION, Table
from app.models.attachment import Attachment
from app.models.declaration import Declaration
from app.models.people import Organisation
from app.processes import bundles


@dataclass(frozen=True)
class Paper:
    """`files` maps attachment ids to what a link needs; see the macro in `_record.html`."""

    title: str
    sections: list[Section]
    files: dict[int, dict[str, Any]]


def of_declaration(session: Session, declaration: Declaration) -> Paper:
    """The declaration as saved last; identity number and mobile are shortened (D29)."""
    form = bundles.of_version(session, declaration.notice_version_id).schemas["declaration"]
    record = declarations.record_of(declaration)
    paper = of_values(session, "申请书", form, record, masks=declarations.SEALED_KEYS)
    return replace(paper, sections=list(_without_decision(paper.sections)))


def of_values(
    session: Session, title: str, form: dict[str, Any], values: Mapping[str, Any], masks: Iterable[str] = ()
) -> Paper:
    """Any form filled with `values`; the names and files it refers to cost one statement each."""
    names = organisation_names(session, organisation_ids(form, values))
    sections = describe(form, values, frozenset(masks), names)
    found = attachments.named(session, _attachment_ids(sections))
    return Paper(title, sections, {key: file_entry(row) for key, row in found.items()})


def _without_decision(sections: Iterable[Section]) -> Iterator[Section]:
    """The button an applicant pressed is no part of what he declares."""
    for section in sections:
        parts = tuple(part for part in section.parts if part.key != DECISION)
        if parts:
            yield replace(section, parts=parts)


def file_entry(attachment: Attachment) -> dict[str, Any]:
    """What the browser knows of a file: id, name, size in bytes, media type and address."""
    return {
        "id": attachment.id,
        "name": attachment.name,
        "size": attachment.size,
        "type": attachment.media_type,
        "url": url_for("attachments.show", attachment_id=attachment.id),
    }


def organisation_ids(form: dict[str, Any], values: Mapping[str, Any]) -> set[int]:
    """The bodies that the organisation fields of `form` name, in its tables too."""
    found: set[int] = set()
    for item in schema.items(form):
        if isinstance(item, Table):
            columns = [column.key for column in item.columns if column.kind == "organisation"]
            found |= {row[key] for row in values.get(item.key) or [] for key in columns if row.get(key)}
        elif item.kind == "organisation" and values.get(item.key):
            found.add(values[item.key])
    return {each for each in found if isinstance(each, int)}


def organisation_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    wanted = list(ids)
    if not wanted:
        return {}
    rows = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def evidence_ids(form: dict[str, Any], values: Mapping[str, Any]) -> set[int]:
    """The attachments that the evidence fields of `form` name, in its tables too."""
    return set(_attachment_ids(describe(form, values)))


def _attachment_ids(sections: Iterable[Section]) -> list[int]:
    found: list[int] = []
    for section in sections:
        for part in section.parts:
            rows = part.rows if isinstance(part, TableView) else (part,)
            found += [each for row in rows for each in row.attachments]
    return [each for each in found if isinstance(each, int)]
