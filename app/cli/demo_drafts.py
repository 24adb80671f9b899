"""Drafts that the demo has begun for its applicants, so that a visitor reads and submits instead of typing a form."""

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app import domain
from app.domain import attachments, committees, notices, organisations, people, verification
from app.domain.attachments import Upload
from app.domain.package_files import loaded
from app.models.people import Person
from app.processes import instances

SOURCE = Path(domain.__file__).parent / "demo" / "declarations.yaml"
FILE, BODY = "file:", "@"
_WIDTH, _HEIGHT = 300, 160
_BOARD, _PAPER = b"\x8a\x5a\x3c", b"\xf7\xf4\xea"  # red, green, blue


def load(session: Session, files: Path) -> None:
    """Open the drafts, store their evidence under `files`, and fill the data-sharing simulator for their applicants."""
    for row in loaded(SOURCE.read_text(encoding="utf-8")):
        person = people.by_account(session, row["applicant"])
        assert person is not None
        assert person.identity_number is not None
        for item, result in _real(session, row["registers"], person, files).items():
            verification.share(session, person.identity_number, item, result)
        version = notices.current(session, row["notice"])
        committee = next(each for each in committees.of_version(session, version.id) if each.no == row["committee"])
        record = {**_own(person), **_real(session, row["record"], person, files)}
        declaration = instances.declare(session, person.id, committee.id, version.id, record)
        attachments.belong(session, person.id, declaration.id)


def _own(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "id_type": "resident_id",
        "id_number": person.identity_number,
        "mobile": person.mobile,
        "sex": person.sex,
        "birth_month": person.birth.strftime("%Y-%m") if person.birth else None,
    }


def _real(session: Session, value: Any, person: Person, files: Path) -> Any:
    """`@key` becomes a body's id, `file:name` the id of a stored upload."""
    if isinstance(value, Mapping):
        return {key: _real(session, item, person, files) for key, item in value.items()}
    if isinstance(value, list):
        return [_real(session, item, person, files) for item in value]
    if isinstance(value, str) and value.startswith(BODY):
        return organisations.by_key(session, value[len(BODY) :]).id
    if isinstance(value, str) and value.startswith(FILE):
        name = value[len(FILE) :]
        return attachments.store(session, files, Upload(name, content(name)), person.id).id
    return value


def content(name: str) -> bytes:
    """What a demo's file of this name holds: a picture where the name says so, else a page."""
    return picture() if name.endswith(".png") else page(name)


def picture() -> bytes:
    """A PNG of a board with three sheets of paper on it."""
    lines = []
    for y in range(_HEIGHT):
        on_sheet = 30 <= y < _HEIGHT - 30
        row = [_PAPER if on_sheet and x % 100 in range(15, 85) else _BOARD for x in range(_WIDTH)]
        lines.append(b"\0" + b"".join(row))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(lines))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def page(title: str) -> bytes:
    """A one-page PDF that says it is a demo's file; `title` keeps two files from being the same bytes."""
    text = f"BT /F1 14 Tf 72 760 Td (Demo evidence - fictional - {title.encode().hex()[:40]}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer
