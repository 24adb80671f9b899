"""What a new declaration takes over from the applicant's last one, so that nothing is typed twice."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import attachments, declarations
from app.domain.forms import schema
from app.domain.forms.schema import CHOICES, DECISION, Field, Table
from app.models.declaration import Declaration

CARRY = "carry"  # property of a field or table of form 8; false: each year asks anew


def source(session: Session, person_id: int) -> Declaration | None:
    """The person's latest submitted declaration."""
    wanted = select(Declaration).where(Declaration.person_id == person_id, Declaration.submitted_at.is_not(None))
    return session.scalars(wanted.order_by(Declaration.submitted_at.desc()).limit(1)).first()


def carried(form: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Of an earlier record what the new form asks for and still offers; the applicant checks and submits it himself."""
    found: dict[str, Any] = {}
    for item in schema.items(dict(form)):
        value = before.get(item.key)
        if value in (None, "", []) or item.key == DECISION or item.component.get(CARRY) is False:
            continue
        if isinstance(item, Table):
            found[item.key] = [_row(item, row) for row in value]
        elif _still_offered(item, value):
            found[item.key] = value
    return found


def own_files(session: Session, declaration: Declaration, form: Mapping[str, Any]) -> None:
    """Make the files that a carried record names the new declaration's own: its reviewers must be able to open them."""
    record = deepcopy(declarations.record_of(declaration))  # rows changed in place would look unchanged to the session
    places = [(record, item.key) for item in schema.items(dict(form)) if isinstance(item, Field) and _is_files(item)]
    for item in schema.items(dict(form)):
        if isinstance(item, Table):
            keys = [column.key for column in item.columns if _is_files(column)]
            places += [(row, key) for row in record.get(item.key) or [] for key in keys]
    copies = attachments.copied(session, {each for row, key in places for each in row.get(key) or []}, declaration.id)
    for row, key in places:
        if row.get(key):
            row[key] = [copies.get(each, each) for each in row[key]]
    declarations.write_record(declaration, record)


def _row(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    kept = {column.key: row.get(column.key) for column in table.columns}
    kept = {key: value for key, value in kept.items() if value is not None}
    return {"_id": row["_id"], **kept}


def _still_offered(field: Field, value: Any) -> bool:
    if field.kind not in CHOICES:
        return True
    options = {option["value"] for option in field.component.get("values", [])}
    return set(value if isinstance(value, list) else [value]) <= options


def _is_files(field: Field) -> bool:
    return field.kind == "evidence"
