"""通知与流程设计: the pages in which designers make next year's notice, one resource a file."""

from app.web.studio import (
    amending,
    archives,
    clause_marks,
    clauses,
    committee_parameters,
    committees,
    comparison,
    content,
    drafts,
    files,
    foreign,
    manual,
    migrations,
    parameters,
    recording,
    rehearsals,
    texts,
    trials,
    versions,
    workspace,
)
from app.web.studio.frame import designer

BLUEPRINTS = (
    workspace.blueprint,
    drafts.blueprint,
    rehearsals.blueprint,
    parameters.blueprint,
    committees.blueprint,
    committee_parameters.blueprint,
    clauses.blueprint,
    clause_marks.blueprint,
    texts.blueprint,
    files.blueprint,
    content.blueprint,
    foreign.blueprint,
    trials.blueprint,
    recording.blueprint,
    versions.blueprint,
    amending.blueprint,
    comparison.blueprint,
    migrations.blueprint,
    archives.blueprint,
    manual.blueprint,
)


def _only_designers() -> None:
    """Before anything that was sent is looked at."""
    designer()


for _each in BLUEPRINTS:
    _each.before_request(_only_designers)
