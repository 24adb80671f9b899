"""Every scenario file on SQLite, every sixth and the long ones on PostgreSQL too, and the self-test of some.

The command plays all of them on both (`zhiping scenario tests/scenarios`, with `--self-test` each altered as well);
here the run stays short.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL
from sqlalchemy.orm import Session

from app import ahead
from app.cli import places, scenarios
from app.cli.scenarios import after_expectations, draw_expectations, experts, handing, review_expectations, run
from app.cli.scenarios import case as cases
from app.cli.scenarios.world import Worlds
from app.domain import attachments
from app.engine import xml
from app.processes import opening
from tests.support.reused import ReusedSqlite, ReusedWorlds

FOLDER = Path(__file__).parent / "scenarios"
FILES = scenarios.files_of((FOLDER, FOLDER / "verbs"))  # verbs: each verb in each construct, on diagrams of their own
SELF_TESTED = ("a12", "a19_objection_founded", "b2_", "c3_", "joint_first")  # --self-test alters every file
if os.environ.get("ZHIPING_TEST_EVERYTHING"):
    SELF_TESTED += ("e11_", "g5_recused_member_counts")
BOTH_WAYS = ("a1_municipal_engineer_confirmed", "e2_", "e19_", "f6_", "g1_", "g5_recused_member_counts", "g8_")
BAD_INPUT = ("d8_", "e11_", "e12_")  # no witness, no recording, an approval that has run out
EVERY = 1 if os.environ.get("ZHIPING_TEST_EVERYTHING") else 6
PLAYED = [
    *(
        pytest.param(
            path,
            "sqlite",
            id=f"sqlite-{path.stem}",
            marks=[pytest.mark.bad_input] if path.stem.startswith(BAD_INPUT) else [],
        )
        for path in FILES
    ),
    *(
        pytest.param(path, "postgresql", id=f"postgresql-{path.stem}", marks=pytest.mark.postgresql)
        for number, path in enumerate(FILES)
        if number % EVERY == 0 or path.stem.startswith(BOTH_WAYS)
    ),
]
pytestmark = pytest.mark.scenario


@pytest.fixture(scope="session")
def sqlite_worlds() -> Iterator[Worlds]:
    worlds = ReusedSqlite()
    yield worlds
    worlds.close()


@pytest.fixture(scope="session")
def postgresql_worlds(postgresql_server: URL) -> Iterator[Worlds]:
    worlds = ReusedWorlds(postgresql_server)
    yield worlds
    worlds.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def worlds(request: pytest.FixtureRequest) -> Worlds:
    """For the tests that try both kinds on one case."""
    return request.getfixturevalue(f"{request.param}_worlds")


@pytest.mark.parametrize(("path", "kind"), PLAYED)
def test_scenario_goes_as_its_file_says(path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    outcome = run.play(cases.read(path), request.getfixturevalue(f"{kind}_worlds"))
    assert outcome.failures == ()
    assert outcome.checks > 0


def test_what_comes_along_with_a_task_is_what_its_questions_give(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every question, at the moment when it is put, in a case that puts them all."""
    take, met = ahead.taken, set()

    def compared(session: Session, question: Any, about: Mapping[str, Any]) -> Sequence[Any] | None:
        found = take(session, question, about)
        if found is not None:
            asked = [list(row) for row in session.connection().execute(question, about)]
            assert sorted(map(repr, found)) == sorted(map(repr, asked))
            met.add(question)
        return found

    monkeypatch.setattr(ahead, "taken", compared)
    (path,) = [path for path in FILES if path.stem == "a1_municipal_engineer_to_paid"]

    assert run.play(cases.read(path), worlds).failures == ()
    assert met == {attachments.NAMED, *(each.question for each in opening.READINGS)}


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem.startswith(SELF_TESTED)], ids=lambda path: path.stem
)
def test_altered_scenario_fails(path: Path, sqlite_worlds: Worlds) -> None:
    outcome = scenarios.self_tested(cases.read(path), sqlite_worlds)
    assert outcome.failures == ()
    assert outcome.checks > 0


def test_no_expectation_hides_another_of_its_name() -> None:
    kinds = [module.KINDS for module in (experts, review_expectations, draw_expectations, after_expectations, handing)]
    names = [name for each in kinds for name in each]
    assert sorted(set(names)) == sorted(names)


def test_every_case_of_the_domain_document_has_its_file() -> None:
    wanted = {
        *("A1", "A2", "A3", "A4", "A7", "A8", "A10", "A11", "A12", "A13", "A15", "A17", "A18", "A19", "A21", "A22"),
        *("A23", "A24", "B1", "B2", "B3", "B4", "B7", "B9", "B10", "B12", "B13", "B14", "B15", "B16", "B19", "B20"),
        *("B22", "B24", "C1", "C3", "C4", "G1", "G2", "G3", "G4", "G6", "G7"),
        *("D1", "D2", "D4", "D5", "D7", "D8", "D9", "D10", "D12", "D13", "D14", "D15", "D16"),
        *("E1", "E2", "E3", "E4", "E6", "E9", "E10", "E11", "E12", "E13", "E14", "E15", "E17", "E19", "E20"),
        *("F4", "F5", "F6", "G5", "G8"),
    }
    found = {cases.read(path).name for path in FILES}
    assert wanted - found == set()


def test_every_end_event_of_every_diagram_has_its_file() -> None:
    """`reached` is compared when the file is played: here it is only held that no end event is left out."""
    drawn = {
        (process.get("id"), end.get("id"))
        for path in (*places.DIAGRAMS.glob("*.bpmn"), *places.NOTICES.rglob("*.bpmn"))
        for process in xml.parse(path.read_bytes()).iter(f"{{{xml.BPMN}}}process")
        for end in process.iter(f"{{{xml.BPMN}}}endEvent")
    }
    steps = [step.argument for path in FILES for step in cases.read(path).steps if step.action == "expect"]
    named = {
        (process, end)
        for said in steps
        for process, ends in said.get("reached", {}).items()
        for end in (ends if isinstance(ends, list) else [ends])
    }
    assert drawn - named == set()


def test_every_end_state_of_a_declaration_has_its_file() -> None:
    wanted = {
        *("WITHDRAWN", "TERMINATED", "NOT_RECOMMENDED", "NOT_RECOMMENDED_OBJECTION", "NOT_FORWARDED", "REFUSED"),
        *("RETURNED", "ABANDONED", "ABANDONED_UNPAID", "LAPSED", "EXCEPTIONAL_NOT_APPROVED", "NOT_PASSED"),
        *("NOT_CONFIRMED", "RESULT_REPLIED", "CONFIRMED"),
    }
    ends = {cases.read(path).expect.get("end") for path in FILES}
    assert wanted - ends == set()
