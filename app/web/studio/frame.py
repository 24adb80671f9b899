"""What all pages of the studio share: who may be there, the draft that they are about, its tabs."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from app.domain import permissions
from app.domain.drafts import store
from app.domain.drafts.paths import KINDS
from app.models.draft import NoticeDraft
from app.web.session import grants, visitor

DESIGNERS = ("process_designer", "system_admin")


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    url: str


def designer() -> int:
    """The id of the person who asks, if he may be here. Raises LoginRequired, NotAllowed."""
    visitor()
    permissions.require_role(grants(), *DESIGNERS)
    return visitor().person_id


def opened(session: Session, draft_id: int) -> NoticeDraft:
    """The draft of this page, for designers alone. NotFound."""
    designer()
    return store.get(session, draft_id)


def tabs(draft: NoticeDraft) -> list[Tab]:
    """The tabs of a draft in the order in which a notice comes into being."""
    found = [Tab("overview", "概览", url_for("studio_drafts.show", draft_id=draft.id))]
    for kind in ("diagrams", "decisions", "forms"):
        found.append(Tab(kind, KINDS[kind], _files(draft, kind)))
    for key, label, path in PAPER_TABS:
        found.append(Tab(key, label, url_for("studio_files.show", draft_id=draft.id, path=path)))
    for kind in ("documents", "scenarios"):
        found.append(Tab(kind, KINDS[kind], _files(draft, kind)))
    return found


PAPER_TABS = (
    ("parameters", "参数", "parameters.yaml"),
    ("committees", "评委会与时间", "committees.csv"),
    ("texts", "文字", "notice.yaml"),
    ("clauses", "条款", "clauses.yaml"),
)


def _files(draft: NoticeDraft, kind: str) -> str:
    return url_for("studio_drafts.files", draft_id=draft.id, folder=kind)
