"""The way of a declaration, read off the drawing."""

import re
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.config import ROOT
from app.db import Database
from app.domain import notices
from app.processes import prospects
from tests.support.cases import season, submitted

SECOND = {
    b'id="dept_check"': b'id="city_check"',
    "主管部门审核推荐".encode(): "市级主管部门审核".encode(),
    b"'body(\"department\")'": b"'superior_body()'",
}


def two_departments(climb: bytes) -> bytes:
    """The climb with a second department level behind the first, at the body above it."""
    drawn = re.search(rb'<bpmn:callActivity id="dept_check".*?</bpmn:callActivity>', climb, re.DOTALL)
    assert drawn is not None
    second = drawn[0]
    for old, new in SECOND.items():
        assert old in second
        second = second.replace(old, new)
    climb = climb.replace(drawn[0], drawn[0] + second)
    onward = b'sourceRef="dept_check" targetRef="'
    through = b'city_check" /><bpmn:sequenceFlow id="on" sourceRef="city_check" targetRef="'
    return climb.replace(onward, onward + through)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_two_levels_of_one_kind_are_both_on_the_way(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.transaction() as session:
        at_work = season(session)
        name = submitted(at_work)
        found = notices.bundle(session, at_work.version.id)
        redrawn = {path.name: path.read_bytes() for path in (ROOT / "bpmn").glob("*.bpmn")}
        redrawn["climb.bpmn"] = two_departments(redrawn["climb.bpmn"])

        def bundle(_session: Session, _version: int) -> notices.Bundle:
            return replace(found, diagrams=redrawn)

        monkeypatch.setattr(notices, "bundle", bundle)
        way = prospects.of_declaration(session, name, {"target_title": "engineer"})

    keys = [stop.key for stop in way]
    first, second = (way[keys.index(key)] for key in ("dept_check", "city_check"))
    assert keys.index("city_check") == keys.index("dept_check") + 1
    assert (first.office, second.name, second.office, second.open) == (
        "虚构市经信委",
        "市级主管部门审核",
        "单位主管部门",
        False,
    )
