"""A running case of the shipped big-data notice lives on: restart, new version, supplementary notice, calendar."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import demo
from app.cli.scenarios import case as cases
from app.cli.scenarios import run
from app.cli.scenarios.player import Player
from app.db import Database
from app.models.process import Deadline, ProcessInstance, Task
from tests.support import restart
from tests.support.clockwork import wall

SCENARIOS = Path(__file__).parents[1] / "scenarios"
FACE = {"board_photograph": ["file:公示栏照片.jpg"], "objections_received": "no", "result": "公示期间未收到异议"}
BEFORE: list[dict[str, Any]] = [
    {"complete": "fill_form"},
    {"complete": "unit_check", "with": {"decision": "pass"}},
    {"complete": "unit_merit", "with": {"declarations": {"all": {"recommend": "yes", "reason": "考核优秀"}}}},
    {"at": "2023-10-10 09:00"},
    {"play": "publicise", "with": {"start": "2023-10-10"}},
    {"expect": {"deadlines": {"unit_publicity": "2023-10-16", "route_deadline": "2023-11-15"}, "status": "PUBLICITY"}},
]
AFTER: list[dict[str, Any]] = [
    {"expect": {"deadlines": {"unit_publicity": "2023-10-17", "route_deadline": "2023-11-30"}, "status": "PUBLICITY"}},
    {"at": "2023-10-17 10:00"},
    {"refused": "unit_close", "with": FACE, "because": "至2023年10月17日满5个工作日"},
    {"at": "2023-10-18 09:00"},
    {"play": "close_publicity", "with": {"close": "2023-10-18"}},
    {"complete": "unit_submit", "with": {"confirmed_count": 1, "confirmed": True}},
    {"complete": "dept_check", "with": {"decision": "pass"}},
    {"at": "2023-11-20 10:00"},
    {"complete": "committee_accept", "with": {"decision": "accept"}},
    {"expect": {"status": "PAY_OPEN", "record": {"accepted_at": "2023-11-20 10:00:00"}}},
]


class Season:
    """One case played on a database that is opened anew whenever the program is said to restart."""

    def __init__(self, database: Database) -> None:
        with database.transaction() as session:
            _freeze(session, "2021-01-04 09:00")
            demo.fill(session)
        self.player = Player(self._case([]), database)
        self.player.begin()
        self.tally = run.Tally()

    def play(self, steps: list[dict[str, Any]]) -> None:
        for step in self._case(steps).steps:
            run._step(self.player, step, self.tally)
        assert self.tally.failures == []

    def restart(self) -> None:
        """Nothing is left in memory: a fresh connection, no parsed diagram, no bundle, no table."""
        restart.forget_everything()
        self.player.database = restart.anew(self.player.database)

    def state(self) -> tuple[Any, ...]:
        """What the case waits for and what it knows, as stored."""
        with self.player.database.reading() as session:
            rows = session.scalars(select(ProcessInstance).order_by(ProcessInstance.id)).all()
            tasks = session.scalars(select(Task.element_id).where(Task.status == "open").order_by(Task.id)).all()
            return [(row.process_key, row.state, row.waits, row.notice_version_id) for row in rows], tasks

    def _case(self, steps: list[dict[str, Any]]) -> cases.Case:
        said = {
            "case": "SURVIVAL", "notice": "n2_2023_bigdata", "clock": "2023-10-09 09:00", "steps": steps,
            "declaration": {"applicant": "zhang.lin", "base": "municipal_engineer", "committee": 1},
        }  # fmt: skip
        return cases.of_dict(said, SCENARIOS / "survival.yaml")


def _freeze(session: Session, moment: str) -> None:
    demo.set_clock(session, cases.moment(moment))


@pytest.fixture
def season(database: Database) -> Season:
    found = Season(database)
    found.play(BEFORE)
    return found


def test_case_survives_all_four_and_is_accepted_in_the_new_window(season: Season) -> None:
    before = season.state()
    season.restart()
    assert season.state() == before
    extend_window(season)
    season.restart()
    before = season.state()
    republish(season)
    assert season.state() == before, "a new version leaves running cases on theirs"
    season.restart()
    season.play([{"calendar": {"2023-10-13": "rest"}}])
    season.restart()
    season.play(AFTER)


def test_amendment_reaches_a_case_on_an_older_version(season: Season) -> None:
    republish(season)
    season.restart()
    extend_window(season)
    season.play([{"calendar": {"2023-10-13": "rest"}}])
    season.restart()
    season.play(AFTER)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda season: season.restart(), id="restart"),
        pytest.param(lambda season: republish(season), id="republished"),
        pytest.param(lambda season: season.play([{"calendar": {"2024-05-06": "rest"}}]), id="calendar-elsewhere"),
    ],
)
def test_change_that_does_not_concern_the_case_moves_no_date(season: Season, change: Callable[[Season], Any]) -> None:
    change(season)
    season.play([BEFORE[-1]])


def test_every_change_of_a_date_is_kept_with_its_reason(season: Season) -> None:
    extend_window(season)
    season.play([{"calendar": {"2023-10-13": "rest"}}])
    with season.player.database.reading() as session:
        rows = session.scalars(select(Deadline).order_by(Deadline.id)).all()
        told = {row.rule: [(entry["why"], _wall(entry["to"])) for entry in row.history] for row in rows if row.history}
    assert told["route_deadline"] == [("延长审核时间", "2023-12-01 00:00:00")]
    assert told["unit_publicity"] == [("工作日历调整", "2023-10-18 00:00:00")]


def _wall(text: str) -> str | None:
    return wall(datetime.fromisoformat(text))


def republish(season: Season) -> None:
    """The notice's files changed a word: a new version for those who begin from now on."""
    season.play([{"publish": {"note": "更新联系方式"}}])


def extend_window(season: Season) -> None:
    season.play(
        [{"amend": {"number": "补〔2023〕1号", "basis": "组建单位决定", "reason": "延长审核时间",
                    "committees": {1: {"check": {"from": "2023-11-01", "to": "2023-11-30"}}}}}]
    )  # fmt: skip
