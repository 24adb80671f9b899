"""通知与流程设计: the pages in which designers make next year's notice, one resource a file."""

from app.web.studio import (
    archives,
    clauses,
    committees,
    comparison,
    content,
    drafts,
    files,
    foreign,
    manual,
    migrations,
    parameters,
    rehearsals,
    texts,
    trials,
    versions,
    workspace,
)

BLUEPRINTS = (
    workspace.blueprint,
    drafts.blueprint,
    rehearsals.blueprint,
    parameters.blueprint,
    committees.blueprint,
    clauses.blueprint,
    texts.blueprint,
    files.blueprint,
    content.blueprint,
    foreign.blueprint,
    trials.blueprint,
    versions.blueprint,
    comparison.blueprint,
    migrations.blueprint,
    archives.blueprint,
    manual.blueprint,
)
