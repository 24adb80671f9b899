"""From what a document says to its bytes: the notice's own template before the shared one; sent papers are kept."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import notices, typesetting
from app.domain.wording import day_words
from app.models.document import IssuedDocument


@dataclass(frozen=True)
class Paper:
    """`kind` is the template, `name` what the file is called without its ending, `at` the instant it is dated."""

    kind: str
    name: str
    data: Mapping[str, Any]
    notice_version_id: int
    at: datetime
    number: str = ""

    @property
    def file_name(self) -> str:
        return f"{self.name}.pdf"


def pdf(session: Session, paper: Paper) -> bytes:
    own = notices.bundle(session, paper.notice_version_id).documents
    return typesetting.pdf(paper.kind, paper.data, paper.at, own)


def issued(session: Session, paper: Paper, subject_id: int, make: Callable[[Session, Paper], bytes] = pdf) -> bytes:
    """The bytes of a paper that was sent, made at its first opening and never again."""
    wanted = select(IssuedDocument).where(IssuedDocument.kind == paper.kind, IssuedDocument.subject_id == subject_id)
    found = session.scalars(wanted.with_for_update()).first()
    if found is None:
        content = make(session, paper)
        found = IssuedDocument(
            kind=paper.kind,
            subject_id=subject_id,
            number=paper.number,
            digest=hashlib.sha256(content).hexdigest(),
            content=content,
            set_at=clock.now(session),
        )
        session.add(found)
        session.flush()
    return found.content


def in_words(day: Any) -> str | None:
    """A day as a form keeps it (`2023-10-08`) in words; None for none."""
    if not day:
        return None
    return day_words(day if isinstance(day, date) else date.fromisoformat(str(day)[:10]))
