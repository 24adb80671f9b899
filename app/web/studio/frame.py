"""What all pages of the studio share: who may be there, the draft that they are about, its tabs."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from app.domain import permissions
from app.domain.clause_files import CLAUSES_FILE, TEXT_FILE
from app.domain.drafts.paths import (
    COMMITTEE_PARAMETERS,
    COMMITTEES,
    HEADING,
    KINDS,
    LANES,
    PAPERS,
    PARAMETERS,
    kind_of,
)
from app.domain.packages import VOCABULARY_FILE
from app.models.draft import NoticeDraft
from app.web.session import grants, visitor

_PAPER_TABS = {
    PARAMETERS: "parameters",
    VOCABULARY_FILE: "parameters",
    COMMITTEES: "committees",
    COMMITTEE_PARAMETERS: "committees",
    HEADING: "texts",
    TEXT_FILE: "clauses",
    CLAUSES_FILE: "clauses",
    LANES: "diagrams",
}
DESIGNERS = ("process_designer", "system_admin")


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    url: str


def designer() -> int:
    """The id of the person who asks, if he may be here. Raises LoginRequired, NotAllowed.

    Every page asks this before anything else (see the package); a page that needs the id asks again.
    """
    visitor()
    permissions.require_role(grants(), *DESIGNERS)
    return visitor().person_id


def sent() -> dict[str, Any]:
    """The JSON object that came with the request; empty where none did."""
    said = request.get_json(silent=True)
    return said if isinstance(said, dict) else {}


def draft_page(template: str, draft: NoticeDraft, here: str, **shown: Any) -> str:
    """A page of the draft within its tabs; `here` is the key of the one it stands under."""
    return render_template(template, draft=draft, tabs=tabs(draft), here=here, **shown)


def tabs(draft: NoticeDraft) -> list[Tab]:
    """The tabs of a draft in the order in which a notice comes into being."""
    found = [Tab("overview", "概览", url_for("studio_drafts.show", draft_id=draft.id))]
    for kind in ("diagrams", "decisions", "forms"):
        found.append(Tab(kind, KINDS[kind], _files(draft, kind)))
    found.append(Tab("parameters", "参数", url_for("studio_parameters.index", draft_id=draft.id)))
    found.append(Tab("committees", "评委会与时间", url_for("studio_committees.index", draft_id=draft.id)))
    found.append(Tab("texts", "文字", url_for("studio_texts.show", draft_id=draft.id)))
    found.append(Tab("clauses", "条款", url_for("studio_clauses.index", draft_id=draft.id)))
    for kind in ("documents", "scenarios"):
        found.append(Tab(kind, KINDS[kind], _files(draft, kind)))
    found.append(Tab("rehearsal", "预演", url_for("studio_rehearsals.index", draft_id=draft.id)))
    found.append(Tab("versions", "版本", url_for("studio_versions.of_draft", draft_id=draft.id)))
    return found


def tab_of(path: str) -> str:
    """The tab that a file belongs under."""
    return _PAPER_TABS.get(path) or kind_of(path)


def beside(path: str) -> list[tuple[str, str]]:
    """(path, name) of the papers that stand under the same tab, this one among them; none for any other file."""
    tab = _PAPER_TABS.get(path)
    found = [(each, PAPERS[each]) for each, its_tab in _PAPER_TABS.items() if its_tab == tab]
    return found if len(found) > 1 else []


def _files(draft: NoticeDraft, kind: str) -> str:
    return url_for("studio_drafts.files", draft_id=draft.id, folder=kind)
