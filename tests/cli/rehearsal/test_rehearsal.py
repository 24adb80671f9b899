"""A season of few people through a shipped notice and through copies of it in which one thing is wrong."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import main, rehearsal
from app.cli.rehearsal import figures, patterns, profile
from app.cli.rehearsal.season import How
from app.db import Database
from app.errors import ConfigurationError
from app.models.declaration import Declaration
from app.processes.studio import season_differences
from tests.support import cases

ROOT = Path(__file__).parents[3]
N2 = ROOT / "notices" / "n2_2023_bigdata"
ACCEPTED = datetime(2023, 11, 24)  # noqa: DTZ001 (a day on the notice's wall clock)
BEHAVIOUR = profile.read()
STRICT = replace(BEHAVIOUR, decisions_of={**BEHAVIOUR.decisions_of, "committee_accept": {"correct": 80, "accept": 20}})
Report = dict[str, Any]


def silent(_moment: datetime, _ended: int, _share: float) -> None:
    """Nobody listens."""


def rehearsed(folder: Path, applicants: int = 6, behaviour: profile.Profile = BEHAVIOUR, **how: Any) -> Report:
    return rehearsal.played(folder, behaviour, How(applicants, 3, **how), silent)


def altered(folder: Path, path: str, change: Callable[[str], str]) -> Path:
    """A copy of the notice in which one file of it, or one shared diagram that it then overrides, is another."""
    copy = folder / N2.name
    shutil.copytree(N2, copy)
    source = N2 / path if (N2 / path).exists() else ROOT / "bpmn" / Path(path).name
    (copy / path).parent.mkdir(exist_ok=True)
    before = source.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    (copy / path).write_text(after, encoding="utf-8")
    return copy


def found(report: Report, kind: str) -> list[Report]:
    return [each for each in report["findings"] if each["kind"] == kind]


@pytest.fixture(scope="module")
def sound() -> Report:
    return rehearsed(N2, 8)


def test_a_season_goes_from_the_first_draft_to_titles_and_says_what_happened(sound: Report) -> None:
    ends = {each["code"]: each["count"] for each in sound["ends"]}
    assert sum(ends.values()) == 8
    assert ends["CONFIRMED"] > 0
    elements = {each["element"]: each for each in sound["waits"]}
    assert {
        "fill_form",
        "unit_publicity",
        "committee_accept",
        "pay",
        "draw",
        "minutes",
        "issue_confirm",
    } <= elements.keys()
    assert elements["committee_accept"]["count"] >= ends["CONFIRMED"]
    assert all(each["peak"] <= each["tasks"] for each in sound["loads"])
    assert sound["incidents"] == sound["unheld"] == []
    assert not {"deadline_beyond_window", "nobody", "payment_before_acceptance"} & {
        each["kind"] for each in sound["findings"]
    }
    assert not sound["stopped"]


def test_a_deadline_beyond_the_window_is_named_with_its_parameter(tmp_path: Path) -> None:
    def longer(text: str) -> str:
        return text.replace(
            "value: {count: 5, unit: working_day, cap: [check, corrections]}", "value: {count: 20, unit: working_day}"
        )

    (finding,) = found(
        rehearsed(altered(tmp_path, "parameters.yaml", longer), behaviour=STRICT, until=ACCEPTED),
        "deadline_beyond_window",
    )
    assert finding["element"] == "correction"
    assert finding["parameter"]["key"] == "correction_acceptance"
    assert finding["parameter"]["clause"] == "N2 §四(二)3(3); R-139"
    assert "20个工作日" in finding["parameter"]["value"]


def test_a_route_to_an_office_that_does_not_exist_is_named_with_its_element_and_line(tmp_path: Path) -> None:
    copy = altered(tmp_path, "diagrams/climb.bpmn", lambda text: text.replace('"district_tro"', '"prefecture_xj"'))
    (finding,) = found(rehearsed(copy, until=ACCEPTED), "nobody")
    drawn = (copy / "diagrams" / "climb.bpmn").read_text(encoding="utf-8").splitlines()
    assert finding["element"] == "district_check"
    assert 'id="district_check"' in drawn[finding["line"] - 1]
    assert "R-091" in finding["clauses"]


def test_a_payment_before_acceptance_is_named(tmp_path: Path) -> None:
    def swapped(text: str) -> str:
        names = {"climb": "payment", "payment": "climb"}
        return re.sub(r'(sourceRef|targetRef)="(climb|payment)"', lambda m: f'{m[1]}="{names[m[2]]}"', text)

    report = rehearsed(altered(tmp_path, "diagrams/handling.bpmn", swapped), until=ACCEPTED)
    finding = found(report, "payment_before_acceptance")[0]
    assert finding["element"] == "pay"
    assert "R-141" in finding["clauses"]


def test_the_command_repeats_a_season_by_its_seed_and_compares_it_with_another(tmp_path: Path) -> None:
    short = ["rehearse", str(N2), "--applicants", "5", "--until", "2023-11-03", "--seed"]
    kept = tmp_path / "before.json"
    first = CliRunner().invoke(main, [*short, "7", "--out", str(kept)])
    assert first.exit_code == 0, first.output
    assert "申报人 5 人" in first.output
    again = CliRunner().invoke(main, [*short, "7", "--json", "--compare", str(kept)])
    said, before = json.loads(again.stdout), json.loads(kept.read_text(encoding="utf-8"))
    assert said.pop("differences") == []
    assert {**said, "machine": None} == {**before, "machine": None}
    other = CliRunner().invoke(main, [*short, "8", "--compare", str(kept)])
    assert "两次预演的人数或种子不同" in other.output
    refused = CliRunner().invoke(main, [*short, "7", "--compare", str(N2 / "notice.yaml")])
    assert refused.exit_code == 2
    assert "不是预演报告" in refused.output


def test_a_season_that_is_broken_off_reports_what_was_played() -> None:
    def stop(_moment: datetime, _ended: int, share: float) -> None:
        assert 0 < share < 1
        raise KeyboardInterrupt

    report = rehearsal.played(N2, BEHAVIOUR, How(8, 3), stop)
    assert report["stopped"]
    assert sum(each["count"] for each in report["ends"]) <= 8
    assert report["waits"]


def test_every_applicant_counts_once_and_how_far_all_have_come(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        made = cases.season(session)
        first, other = (cases.submitted(made, person) for person in ("jia", "yi"))
        first.status, first.ended_as, other.status = "NOT_PASSED", "NOT_PASSED", "READY"
        renewed = Declaration(person_id=first.person_id, parent_id=first.id, committee_id=first.committee_id, year=2023)
        renewed.notice_key, renewed.notice_version_id = first.notice_key, first.notice_version_id
        renewed.status, renewed.created_at = "REOPENED", first.created_at
        session.add(renewed)
        session.flush()
        assert [(each["code"], each["count"]) for each in figures.ends(session)] == [("NOT_PASSED", 1), ("READY", 1)]
        assert [each["code"] for each in figures.ends(session, again=True)] == ["REOPENED"]
        ended, share = figures.way(session, 4)
        assert (ended, 0.4 < share < 0.5) == (1, True)


def test_differences_name_what_a_change_of_the_notice_does(sound: Report) -> None:
    ends = [{**each, "count": each["count"] + (each["code"] == "CONFIRMED")} for each in sound["ends"]]
    finding = {"kind": "nobody", "words": "无人可办", "element": "district_check"}
    after = {**sound, "ends": ends, "findings": [*sound["findings"], finding]}
    told = [each["what"] for each in season_differences.differences(sound, after)]
    assert told == ["发现的问题", "结果“已确认职称资格”"]


def test_a_profile_says_only_what_differs_and_is_read_strictly(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("decisions: {pass: 50}\nlate: 0.5\n", encoding="utf-8")
    said = profile.read(own)
    assert (said.late, said.decisions["pass"], said.decisions["return"]) == (0.5, 50, BEHAVIOUR.decisions["return"])
    own.write_text("lateness: 0.5\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="lateness"):
        profile.read(own)


def test_a_notice_without_committees_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="没有评委会日程"):
        rehearsed(ROOT / "notices" / "n1_2022_general")


@pytest.mark.parametrize(
    "pattern", [r"^1[3-9]\d{9}$", r"^[A-Z]{2}\d{6}(-[0-9a-f]+)?$", r"^(渝|川)职改办〔20\d\d〕\d{1,4}号$", "[^0-9]{3}"]
)
def test_a_text_is_made_for_the_pattern_of_a_field(pattern: str) -> None:
    made = patterns.fitting(pattern, Random(1))  # noqa: S311 (no secret)
    assert made is not None
    assert re.search(pattern, made)
    assert patterns.fitting(r"(a)\1", Random(1)) is None  # noqa: S311 (no secret)
