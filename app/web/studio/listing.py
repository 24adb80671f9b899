"""The list of a draft's files of one kind, and what makes a new one; it comes back with what was typed if refused."""

from collections.abc import Sequence
from typing import Any

from flask import request

from app.domain import demo_people, people
from app.domain.drafts import store
from app.domain.drafts.paths import KINDS
from app.domain.packages import SCENARIOS
from app.errors import Problem
from app.processes.studio import scenarios, stage, words
from app.web.session import reading
from app.web.studio.frame import draft_page


def page(draft_id: int, kind: str, problems: Sequence[Problem] = ()) -> str:
    """Inherited files among them. NotFound."""
    with reading() as session:
        draft = store.get(session, draft_id)
        rows = store.listed(session, draft, kind)
        titles = words.titles(session, draft, kind)
    recorded = kind == SCENARIOS and draft.published_version_id is None
    if recorded:
        stage.make_ready()
    return draft_page(
        "studio/files.html",
        draft,
        kind,
        kind=kind,
        label=KINDS[kind],
        files=rows,
        titles=titles,
        recording=_beginnings() if recorded else None,
        problems=problems,
        said=request.form,
    )


def _beginnings() -> dict[str, Any]:
    """What a new recording may begin with: people of the demo, and records that are filled in already."""
    return {"people": dict(demo_people.groups())[people.ROLES["applicant"]], "samples": scenarios.samples()}
