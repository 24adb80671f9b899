"""docs/journey.md is true: a task completed in a browser takes the way through files and functions that it tells."""

import re
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.cli.scenarios.case import of_dict
from app.cli.scenarios.values import Filler, Resolver
from app.config import ROOT
from app.db import Database
from app.domain import people
from app.models.process import ProcessInstance, Task
from app.processes import sheets
from tests.support.walk import N2, SCENARIOS, SUBMIT, play
from tests.support.website import enter

PAGE = ROOT / "docs" / "journey.md"
STEP = re.compile(r"`(app/[\w/]+\.py)`\s+`(\w+)`")


def _passed(site: Flask, season: Database) -> list[tuple[str, str]]:
    """(file, function) entered in our code while a clerk's browser sends in his task, in order."""
    play(season, SUBMIT)
    client = enter(site, "clerk.institute")
    task_id, values = _filled(season)
    found: list[tuple[str, str]] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(ROOT / "app"):
            found.append((path.relative_to(ROOT).as_posix(), frame.f_code.co_name))

    sys.setprofile(note)
    try:
        answer = client.post(f"/tasks/{task_id}/complete", json={"values": values})
    finally:
        sys.setprofile(None)
    assert answer.status_code == 200, answer.text
    return found


def _filled(season: Database) -> tuple[int, dict[str, Any]]:
    """The clerk's open task with every point of its form ticked."""
    case = of_dict({"case": "journey", "notice": N2, "clock": "2023-10-09 09:00", "steps": []}, SCENARIOS / "x.yaml")
    with season.transaction() as session:
        task = session.scalars(select(Task).where(Task.element_id == "unit_check", Task.status == "open")).one()
        shown = sheets.current(session, task, session.get_one(ProcessInstance, task.instance_id))
        clerk = people.by_account(session, "clerk.institute")
        assert clerk is not None
        return task.id, Resolver(case).filled(session, task, shown, {"decision": "pass"}, Filler(clerk.id, {}))


def test_a_completed_task_takes_the_way_that_the_page_tells(season: Database, season_site: Flask) -> None:
    told = STEP.findall(PAGE.read_text(encoding="utf-8"))
    passed = iter(_passed(season_site, season))

    assert len(told) >= 12
    assert [step for step in told if step not in passed] == []
