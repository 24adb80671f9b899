"""One unit with many files: declarations of made-up people submitted to it, as a scenario's `copies` writes them."""

import hashlib
from pathlib import Path

from sqlalchemy import select

from app.cli.demo_drafts import page
from app.cli.scenarios.case import of_dict
from app.cli.scenarios.player import Player
from app.db import Database
from app.domain import attachments
from app.models.attachment import Attachment
from tests.support.walk import N2, SCENARIOS

MOMENT = "2023-10-13 09:00"


def submit(database: Database, count: int, folder: Path) -> list[int]:
    """`count` declarations of municipal engineers wait for their unit's check; gives their ids.

    Their evidence lies in `folder`, each file a page that says its name.
    """
    said = {
        "case": "fortnight",
        "notice": N2,
        "clock": MOMENT,
        "declarations": {"crowd": {"copies": count, "base": "municipal_engineer", "committee": 1}},
        "steps": [{"complete": "fill_form", "of": "all"}],
    }
    case = of_dict(said, SCENARIOS / "fortnight.yaml")
    player = Player(case, database)
    player.begin()
    for step in case.steps:
        player.complete(step)
    with database.transaction() as session:
        for attachment in session.scalars(select(Attachment)):
            content = page(attachment.name)
            attachment.digest = hashlib.sha256(content).hexdigest()
            path = attachments.path_of(folder, attachment)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return list(player.declarations.values())
