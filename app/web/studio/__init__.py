"""通知与流程设计: the pages in which designers make next year's notice, one resource a file."""

from app.web.studio import content, drafts, files, foreign, migrations, trials, workspace

BLUEPRINTS = (
    workspace.blueprint,
    drafts.blueprint,
    files.blueprint,
    content.blueprint,
    foreign.blueprint,
    trials.blueprint,
    migrations.blueprint,
)
