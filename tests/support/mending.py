"""A published diagram whose script fails where the applicant hands in, until a designer puts it right."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.cli.scenarios.case import Step, of_dict
from app.cli.scenarios.player import Player
from app.config import ROOT
from app.db import Database
from app.domain import notices
from app.domain.packages import read
from app.errors import DiagramFault
from app.processes import incidents, tasks
from app.processes.incidents import Attempt
from tests.support.walk import ENGINEER, N2, SCENARIOS

WORKS, FAILS = "<bpmn:script>submit_declaration()</bpmn:script>", "<bpmn:script>share = 12 // 0</bpmn:script>"


def publish_broken(session: Session) -> int:
    """The shipped notice, whose script of the submission fails; gives the version's id."""
    package = read(ROOT / "notices" / N2, ROOT)
    diagrams = dict(package.shared["diagrams"])
    text = diagrams["declaration.bpmn"].decode()
    assert WORKS in text
    diagrams["declaration.bpmn"] = text.replace(WORKS, FAILS).encode()
    broken = replace(package, shared={**package.shared, "diagrams": diagrams})
    return notices.publish(session, broken, by=None, note="改图").id


def submit(database: Database, declaration: Mapping[str, Any] = ENGINEER, moment: str = "2023-10-09 09:00") -> int:
    """The applicant hands in, and the diagram fails; gives the declaration's id."""
    said = {"case": "mend", "notice": N2, "clock": moment, "declaration": declaration, "steps": []}
    player = Player(of_dict(said, SCENARIOS / "walk.yaml"), database)
    player.begin()
    sent = player.request(Step(1, "complete", "fill_form", {}))
    tried = Attempt(sent.actor.person_id, sent.values, "key-1")
    with pytest.raises(DiagramFault, match="submit"):
        incidents.run(
            database,
            lambda session: tasks.complete(session, sent.task_id, sent.actor, sent.values),
            tried,
            task_id=sent.task_id,
        )
    (found,) = player.declarations.values()
    return found
