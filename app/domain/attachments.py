"""Uploaded files: checked by their content, stored once under their hash (D22)."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sqlalchemy import String, bindparam, select, update
from sqlalchemy.orm import Session

from app import ahead, clock
from app.errors import NotFound, Problem, Refused
from app.models.attachment import Attachment
from app.models.operators import listed
from app.rows import met, objects

LIMIT = 20 * 1024 * 1024  # bytes, where the form sets no lower one
# how a file of the type begins, and the endings its name may have
TYPES = {
    "application/pdf": (b"%PDF-", (".pdf",), "PDF"),
    "image/jpeg": (b"\xff\xd8\xff", (".jpg", ".jpeg"), "JPG"),
    "image/png": (b"\x89PNG\r\n\x1a\n", (".png",), "PNG"),
}
_NAME_LENGTH = 255
NAMED = select(Attachment).where(listed(Attachment.id, bindparam("ids", type_=String)))  # see `ids_of`


@dataclass(frozen=True)
class Upload:
    """A file as it arrives; `field` is the form key that it is meant for."""

    name: str
    content: bytes
    field: str | None = None


def store(
    session: Session,
    folder: Path,
    upload: Upload,
    person_id: int | None,
    declaration_id: int | None = None,
    limit: int = LIMIT,
) -> Attachment:
    """Keep an upload; Refused with sentence 13 for a type that its content is not, an empty or a too large file.

    `person_id` is empty for whoever stays unnamed (an objection).
    """
    name = PurePosixPath(upload.name.replace("\\", "/")).name[-_NAME_LENGTH:] or "未命名"
    media_type = _media_type(upload.content)
    if media_type is None or not name.lower().endswith(TYPES[media_type][1]) or len(upload.content) > limit:
        raise Refused(_mismatch(name, upload, limit))
    digest = hashlib.sha256(upload.content).hexdigest()
    _write(folder, digest, upload.content)
    attachment = Attachment(
        digest=digest,
        name=name,
        media_type=media_type,
        size=len(upload.content),
        declaration_id=declaration_id,
        uploaded_by=person_id,
        uploaded_at=clock.now(session),
    )
    session.add(attachment)
    session.flush()
    return attachment


def get(session: Session, attachment_id: int) -> Attachment:
    found = session.get(Attachment, attachment_id)
    if found is None:
        raise NotFound("没有找到该附件。")
    return found


def path_of(folder: Path, attachment: Attachment) -> Path:
    return folder / attachment.digest[:2] / attachment.digest


def named(session: Session, attachment_ids: Iterable[int]) -> dict[int, Attachment]:
    """Id → attachment for those of the ids that exist; what the session has met is not read again."""
    held = {each: session.identity_map.get((Attachment, (each,), None)) for each in set(attachment_ids)}
    found = {key: row for key, row in held.items() if row is not None}
    unknown = sorted(held.keys() - found.keys())
    rows = objects(session, NAMED, ids_of(unknown), Attachment) if unknown else ()
    return found | {row.id: row for row in rows}


def ids_of(attachment_ids: Iterable[int]) -> dict[str, str]:
    """The parameter of NAMED."""
    return {"ids": ",".join(map(str, sorted(attachment_ids)))}


def meet(session: Session, ids: Mapping[str, str]) -> None:
    """`named` will not ask for those that came along."""
    for row in ahead.taken(session, NAMED, ids) or ():
        met(session, row, Attachment)


def digests(session: Session, attachment_ids: Iterable[int]) -> dict[int, str]:
    """Id → SHA-256 of the bytes."""
    return {key: row.digest for key, row in named(session, attachment_ids).items()}


def copied(session: Session, attachment_ids: Iterable[int], declaration_id: int | None) -> dict[int, int]:
    """Id → id of the same file as the declaration's own, for those that are not; the bytes are stored once."""
    copies = {
        key: Attachment(
            digest=row.digest,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            declaration_id=declaration_id,
            uploaded_by=row.uploaded_by,
            uploaded_at=row.uploaded_at,
        )
        for key, row in named(session, attachment_ids).items()
        if row.declaration_id != declaration_id
    }
    session.add_all(copies.values())
    session.flush()
    return {key: copy.id for key, copy in copies.items()}


def belong(session: Session, person_id: int, declaration_id: int) -> None:
    """The person's uploads that belong to nothing yet are this declaration's: whoever may read it may open them."""
    mine = (Attachment.uploaded_by == person_id, Attachment.declaration_id.is_(None))
    session.execute(update(Attachment).where(*mine).values(declaration_id=declaration_id))


def _media_type(content: bytes) -> str | None:
    return next((kind for kind, (magic, _, _) in TYPES.items() if content.startswith(magic)), None)


def _mismatch(name: str, upload: Upload, limit: int) -> Problem:
    found = _media_type(upload.content)
    kind = TYPES[found][2] if found else f"未识别的类型（{Path(name).suffix.lstrip('.').upper() or '无后缀'}）"
    if found and not name.lower().endswith(TYPES[found][1]):
        kind = f"{kind}（文件名后缀为{Path(name).suffix or '空'}）"
    allowed = "、".join(kind for _, _, kind in TYPES.values())
    message = f"“{name}”为{kind}、{_size(len(upload.content))}，要求{allowed}、不超过{_size(limit)}。原有内容未受影响。"
    return Problem("attachment_type", message, upload.field)


def _size(count: int) -> str:
    if count < 1024:
        return f"{count}字节"
    return f"{count / 1024:.0f}KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f}".removesuffix(".0") + "MB"


def _write(folder: Path, digest: str, content: bytes) -> None:
    """Appear whole or not at all: another upload of the same bytes may be writing at the same moment."""
    target = folder / digest[:2] / digest
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(target)
