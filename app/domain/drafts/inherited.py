"""What a draft has without holding it: the product's shared files, and over them what the notices above override."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.domain.drafts.paths import FOLDERS
from app.domain.notice_content import Content, latest_content, lineage
from app.models.notice import Resource

SHARED = "共用"
_FOLDERS = {"diagrams": "bpmn", "decisions": "bpmn", "forms": "forms", "documents": "documents"}


@dataclass(frozen=True)
class Inherited:
    """A file as a draft has it from elsewhere; `origin` 共用, or the notice above that it comes from."""

    content: bytes
    origin: str


def of_parent(session: Session, parent_key: str | None) -> dict[str, Inherited]:
    """Path → what a draft under this notice has of it; shared files alone where there is no notice above."""
    found = shared()
    for said in reversed(lineage(latest_content(session, parent_key))):
        found |= {path: Inherited(data, said.title) for path, data in own_of(session, said).items()}
    return found


def own_of(session: Session, said: Content) -> dict[str, bytes]:
    """Path → content of the files that a published version has of its own."""
    digests = {
        f"{kind}/{key.removesuffix(FOLDERS[kind])}{FOLDERS[kind]}": said.manifest[kind][key]
        for kind, keys in said.own.items()
        for key in keys
    }
    if not digests:
        return {}
    wanted = select(Resource.digest, Resource.content).where(Resource.digest.in_(set(digests.values())))
    stored = dict(session.execute(wanted).all())
    return {path: stored[digest] for path, digest in digests.items()}


def shared() -> dict[str, Inherited]:
    """The files that come with the product, by the path a notice would have its own copy at."""
    return {
        f"{kind}/{path.name}": Inherited(path.read_bytes(), SHARED)
        for kind, folder in _FOLDERS.items()
        for path in sorted((ROOT / folder).glob(f"*{FOLDERS[kind]}"))
    }
