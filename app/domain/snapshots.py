"""Content frozen under its own hash (D31a): what was shown to the public can never change afterwards."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import clock
from app.errors import ConfigurationError
from app.models.recommendation import Snapshot

_KEEP = {
    name: insert(Snapshot.metadata.tables["snapshot"]).on_conflict_do_nothing()
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def canonical(content: Any) -> bytes:
    """JSON in one single form: sorted keys, no spaces, UTF-8."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def digest_of(content: Any) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def freeze(session: Session, content: Mapping[str, Any]) -> str:
    """The digest under which exactly `content` is kept, as it was before or from now on."""
    digest = digest_of(content)
    row = {"digest": digest, "content": dict(content), "frozen_at": clock.now(session)}
    session.connection().execute(_KEEP[session.get_bind().dialect.name], row)
    return digest


def read(session: Session, digest: str) -> dict[str, Any]:
    """The frozen content; ConfigurationError if the row no longer matches its own hash."""
    found = session.get(Snapshot, digest)
    if found is None or digest_of(found.content) != digest:
        raise ConfigurationError("公示快照与其摘要不符，可能已被改动，请联系系统管理员核查。")
    return found.content
