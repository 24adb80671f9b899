"""更正公示内容: the warning, the refusals, the rounds on the pages of the unit and of those who hold the code."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.db import Database
from app.domain import declarations
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task
from app.models.recommendation import Publicity
from app.processes.tick import tick
from tests.support import crowd
from tests.support.walk import PUBLICISE, play
from tests.support.website import enter
from tests.web.test_publicity import GONE, plain

PAGE, BATCH = "/recommendation/batches/1/restart", "/recommendation/batches/1"
REASON = "论文刊期误填"


@pytest.fixture
def declaration(season: Database) -> int:
    found = play(season, PUBLICISE)
    at(season, "2023-10-12 09:30")
    return found


def at(season: Database, when: str) -> None:
    with season.transaction() as session:
        world.freeze(session, moment(when))
    tick(season)


def rounds(season: Database) -> list[Publicity]:
    with season.reading() as session:
        return list(session.scalars(select(Publicity).order_by(Publicity.round)))


def open_tasks(season: Database) -> set[str]:
    with season.reading() as session:
        return set(session.scalars(select(Task.element_id).where(Task.status == "open")))


def test_the_page_says_what_a_restart_costs(season: Database, season_site: Flask, declaration: int):
    clerk = enter(season_site, "clerk.institute")
    assert f'href="{PAGE}"' in clerk.get(BATCH).text
    page = plain(clerk.get(PAGE).text)
    assert "现在进行的公示（2023年10月10日至2023年10月16日，第3/5个工作日）立即终止" in page
    assert "本批1人全部重新公示，重新计满5个工作日：如今日重新公示，自2023年10月12日起算，至2023年10月18日期满" in page
    assert "最迟应于2023年11月6日开始公示（逐级审核截止）" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"reason": REASON}, "请确认已知悉"),
        ({"sure": "yes", "reason": " "}, "请写明公示内容为什么变动"),
        ({"sure": "yes", "reason": REASON, "names": "999"}, "所选人员已不在本次公示名单中"),
    ],
)
def test_nothing_ends_before_everything_is_said(
    season: Database, season_site: Flask, declaration: int, data: dict[str, str], words: str
):
    answer = enter(season_site, "clerk.institute").post(PAGE, data=data)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert [each.superseded_at for each in rounds(season)] == [None]


def test_strangers_and_superiors_cannot_restart(season: Database, season_site: Flask, declaration: int):
    data = {"sure": "yes", "reason": REASON}
    for account in ("zhang.lin", "clerk.enterprise", "dept.city", "manager"):
        client = enter(season_site, account)
        assert client.get(PAGE).status_code in (403, 404)
        assert client.post(PAGE, data=data).status_code in (403, 404)
    assert [each.superseded_at for each in rounds(season)] == [None]


def test_a_case_of_an_older_diagram_is_left_as_it_is(season: Database, season_site: Flask, declaration: int):
    with season.transaction() as session:
        for instance in session.scalars(select(ProcessInstance)):
            instance.waits = {**instance.waits, "messages": {}}
    data = {"sure": "yes", "reason": REASON, "names": str(declaration)}
    answer = enter(season_site, "clerk.institute").post(PAGE, data=data)
    assert (answer.status_code, "按先前版本的流程图办理" in answer.text) == (422, True)
    assert [each.superseded_at for each in rounds(season)] == [None]


def test_a_restart_is_shown_to_everybody_it_concerns(season: Database, season_site: Flask, declaration: int):
    clerk, guest = enter(season_site, "clerk.institute"), season_site.test_client()
    code, old = rounds(season)[0].access_code, f"/publicity/{rounds(season)[0].id}"
    guest.post("/publicity", data={"code": code})
    assert guest.get(old).status_code == 200

    answer = clerk.post(PAGE, data={"sure": "yes", "reason": REASON, "names": str(declaration)})

    assert (answer.status_code, answer.location) == (302, BATCH)
    assert open_tasks(season) == {"unit_recheck", "unit_publicity"}
    for client in (clerk, guest):
        gone = client.get(old)
        assert (gone.status_code, GONE in gone.text) == (404, True)
    assert "公示内容正在更正" in guest.post("/publicity", data={"code": code}).text
    batch = plain(clerk.get(BATCH).text)
    assert "以下人员更正后、审核通过了才能重新公示：张林（单位重新审核）" in batch
    assert ("已终止的公示" in batch, REASON in batch, "公示内容更正中" in batch) == (True, True, True)
    assert clerk.get(PAGE).status_code == 404
    proof = plain(clerk.get(f"{old}/proof").text)
    assert ("的公示因内容变动终止" in proof, f"白若溪，{REASON}" in proof, "更正后将重新公示" in proof) == (
        True,
        True,
        True,
    )
    told = enter(season_site, "zhang.lin").get("/notifications").text
    assert REASON in told


def test_the_next_round_keeps_code_place_and_contacts(season: Database, season_site: Flask, declaration: int):
    clerk, guest = enter(season_site, "clerk.institute"), season_site.test_client()
    clerk.post(PAGE, data={"sure": "yes", "reason": REASON})
    with season.reading() as session:
        task = session.scalars(select(Task).where(Task.element_id == "unit_publicity", Task.status == "open")).one()
    form = clerk.get(f"/tasks/{task.id}").text
    assert all(json.dumps(words) in form for words in ("办公楼一楼公示栏", "来电或来信"))
    play_on(season, declaration)
    first, second = rounds(season)

    answer = guest.post("/publicity", data={"code": first.access_code})

    assert answer.location == f"/publicity/{second.id}"
    page = plain(guest.get(answer.location).text)
    assert "本公示已于2023年10月13日重新开始（上一次公示于2023年10月12日09:30终止：论文刊期误填）" in page
    assert "2023年10月13日至2023年10月19日，不少于5个工作日第1/5个工作日" in page
    assert "本次为第2次公示" in clerk.get(f"{BATCH}/sheet").text
    proof = plain(clerk.get(f"/publicity/{second.id}/proof").text)
    assert "第1次2023年10月10日至2023年10月16日，5个工作日" in proof
    assert "终止，已公示3个工作日，不计入下一次：论文刊期误填" in proof
    assert (first.snapshot_digest in proof, "与公示内容校验码一致" in proof) == (True, True)


def test_a_changed_record_is_told_while_the_publicity_runs(season: Database, season_site: Flask, declaration: int):
    clerk = enter(season_site, "clerk.institute")
    assert "已与公示的内容不一致" not in clerk.get(BATCH).text
    with season.transaction() as session:
        row = session.get_one(Declaration, declaration)
        record = declarations.record_of(row)
        declarations.write_record(row, {**record, "ce_hours": 1})
    assert "张林的申报材料已与公示的内容不一致" in clerk.get(BATCH).text
    assert "材料已与公示内容不一致" in clerk.get(PAGE).text


def play_on(season: Database, declaration: int) -> None:
    """The unit publicises again on the next morning."""
    at(season, "2023-10-13 09:00")
    said = {"planned_start": "2023-10-13T09:00", "place": "办公楼一楼公示栏", "reporting_method": "来电或来信"}
    crowd.walk(season, [{"complete": "unit_publicity", "with": said}], {"zhang": declaration})
