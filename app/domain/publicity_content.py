"""What a unit publicity shows: frozen under its hash when a round begins, compared with the records afterwards."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app import ahead
from app.domain import attachments, batches, declarations, publicised, snapshots
from app.domain.batches import Line
from app.domain.identity import mask_identity
from app.models.attachment import Attachment
from app.models.recommendation import BatchEntry, Publicity
from app.rows import met

_FILE, _ENTRY = (model.metadata.tables[model.__tablename__] for model in (Attachment, BatchEntry))
FILES = (
    select(_FILE)
    .join(_ENTRY, _ENTRY.c.declaration_id == _FILE.c.declaration_id)
    .where(_ENTRY.c.batch_id == bindparam("batch"), _ENTRY.c.left_at.is_(None))
)


def of_names(session: Session, declaration_ids: Sequence[int]) -> dict[str, Any]:
    """Form 8 and the files of these declarations as they are now.

    {"declarations": {id: {headings, tables}}, "numbers": {id: masked identity number}, "files": {hash: name}}; a row
    names its evidence by hash.
    """
    records = {each: declarations.record_of(declarations.get(session, each)) for each in declaration_ids}
    files = attachments.named(session, {file for record in records.values() for file in publicised.files_in(record)})
    digests = {key: file.digest for key, file in files.items()}
    return {
        "declarations": {str(each): publicised.content(record, digests) for each, record in records.items()},
        "numbers": {str(each): mask_identity(record.get("id_number")) for each, record in records.items()},
        "files": {file.digest: file.name for file in files.values()},
    }


def freeze(session: Session, batch_id: int, declaration_ids: Sequence[int]) -> str:
    """Freeze what these declarations of the batch show now; returns the snapshot's digest."""
    _meet_files(session, batch_id)
    return snapshots.freeze(session, of_names(session, declaration_ids))


def changed(session: Session, shown: Publicity) -> list[Line]:
    """The names still publicised whose record no longer is what this round shows, in the unit's ranking."""
    lines = [line for line in batches.lines(session, shown.batch_id) if line.entry.recommended]
    _meet_files(session, shown.batch_id)
    now = of_names(session, [line.declaration.id for line in lines])
    if snapshots.digest_of(now) == shown.snapshot_digest:
        return []
    frozen = snapshots.read(session, shown.snapshot_digest)
    return [line for line in lines if _part(frozen, line) != _part(now, line)]


def _meet_files(session: Session, batch_id: int) -> None:
    """The files of the batch's names, where they came along; a look at those that a record names is not needed then."""
    for row in ahead.taken(session, FILES, {"batch": batch_id}) or ():
        met(session, row, Attachment)


def _part(content: dict[str, Any], line: Line) -> str:
    key = str(line.declaration.id)
    return snapshots.digest_of([content["declarations"].get(key), content["numbers"].get(key)])
