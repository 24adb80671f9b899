"""The unit's desk: who declares, the batch and its days before and after confirming, the sheet, holds, 推荐上报."""

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import declarations, organisations, people
from app.models.declaration import Declaration
from app.models.notification import Notification
from app.models.process import Task
from app.models.recommendation import Publicity
from app.processes import tick
from tests.support import crowd
from tests.support.walk import N2, N4, play
from tests.support.website import enter, statements

NOTICE = f"/recommendation/unit/{N2}"
BATCH = "/recommendation/batches/1"


def plain(page: str) -> str:
    main = page[page.index('<main id="content"') :]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))


def rows(page: str, caption: str) -> list[str]:
    table = page[page.index(f'id="{caption}"') :]
    body = table[table.index("<tbody>") : table.index("</tbody>")]
    return [re.sub(r"\s+", "", re.sub(r"<[^>]+>", "|", row)).strip("|") for row in body.split("<tr>")[1:]]


def task_id(database: Database, element: str) -> int:
    with database.reading() as session:
        return session.scalars(select(Task.id).where(Task.element_id == element, Task.status == "open")).one()


def test_desk_shows_everyone_with_stage_and_the_next_task(season: Database, season_site: Flask):
    crowd.walk(season, crowd.CHECKED)
    client = enter(season_site, "clerk.institute")
    assert "申报人3名，1名等待本单位办理" in plain(client.get("/recommendation").text)
    page = client.get(NOTICE).text
    stages = [re.sub(r"\|+", " ", row).split(" ")[0:5] for row in rows(page, "names")]
    assert [(row[0], row[4]) for row in stages] == [
        ("张林", "单位审核通过，待公示"),
        ("邓可", "单位审核通过，待公示"),
        ("李悦", "已提交，待单位审核"),
    ]
    task = f"/tasks/{task_id(season, 'unit_check')}"
    assert f'href="{task}?stage=' in page
    assert "逐份办理（1份）" in page
    assert client.get(task).status_code == 200


def test_stage_in_the_address_narrows_the_list(season: Database, season_site: Flask):
    crowd.walk(season, crowd.CHECKED)
    page = enter(season_site, "clerk.institute").get(f"{NOTICE}?stage=SUBMITTED").text
    assert [row.split("|")[0] for row in rows(page, "names")] == ["李悦"]
    assert "全部 3" in page


def test_days_of_a_publicity_are_shown_before_it_is_confirmed(season: Database, season_site: Flask):
    crowd.walk(season, crowd.DECIDED)
    client = enter(season_site, "clerk.institute")
    now = plain(client.get(BATCH).text)
    assert "自2023年10月10日起算，至2023年10月16日满5个工作日（其间10月14日（周六）、10月15日（周日）不计）。" in now
    assert "当日12:00后" not in now
    late = plain(client.get(f"{BATCH}?start=2023-10-16T17:40").text)
    assert "自2023年10月17日起算，至2023年10月23日满5个工作日" in late
    assert "当日12:00后开始的公示，自下一个工作日起算。" in late
    rest = plain(client.get(f"{BATCH}?start=2023-10-21T09:00").text)
    assert "自2023年10月23日起算，至2023年10月27日满5个工作日" in rest
    assert "开始当日为休息日，自下一个工作日起算。" in rest
    refused = client.get(f"{BATCH}?start=昨天")
    assert (refused.status_code, "请填写公示开始的日期和时间。" in refused.text) == (422, True)


def test_running_publicity_tells_day_and_why_it_cannot_be_closed(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    client = enter(season_site, "clerk.institute")
    page = plain(client.get(BATCH).text)
    assert "第1/5个工作日" in page
    assert (
        "本次公示自2023年10月10日起算，至2023年10月16日满5个工作日（其间2023年10月14日、2023年10月15日不计）。"
        "请于2023年10月16日结束后办理。"
    ) in page
    assert "单位公示中（第1/5个工作日）" in plain(client.get(NOTICE).text)


def test_sheet_to_post_carries_names_days_contacts_and_code(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    with season.reading() as session:
        code = session.scalars(select(Publicity.access_code)).one()
    page = plain(enter(season_site, "clerk.institute").get(f"{BATCH}/sheet").text)
    for words in (
        "山城数智研究院职称申报推荐人选公示",
        "1张林工程师2邓可工程师",
        "公示期限：2023年10月10日至2023年10月16日（不少于5个工作日，其间10月14日、10月15日不计）",
        "本单位：白若溪，电话023-55550105",
        "上级主管部门：程景行，电话023-55550104",
        f"公示码{code}",
    ):
        assert words in page


def test_objection_holds_one_name_and_the_rest_goes_up(season: Database, season_site: Flask):
    crowd.walk(season, crowd.TO_SUBMIT)
    client = enter(season_site, "clerk.institute")
    page = client.get(BATCH).text
    assert "本批现可推荐上报1人：张林" in plain(page)
    assert [row.split("|")[-1] for row in rows(page, "entries")] == ["业绩突出", "公示异议核实中"]
    assert [row.split("|")[0] for row in rows(page, "objections")] == ["邓可"]
    assert f'href="/tasks/{task_id(season, "objection_verify")}"' in page
    assert f'href="/tasks/{task_id(season, "unit_submit")}"' in page


def test_names_that_went_up_are_marked(season: Database, season_site: Flask):
    crowd.walk(season, crowd.ACCEPTED)
    page = enter(season_site, "head.institute").get(BATCH).text
    assert [row.split("|")[-1] for row in rows(page, "entries")] == ["已推荐上报", "公示异议核实中"]


def test_window_that_binds_arrival_names_the_latest_safe_start(season: Database, season_site: Flask):
    district = {"applicant": "wang.hao", "base": "district_engineer", "committee": 76}
    steps = [{"complete": "fill_form"}, {"complete": "unit_check", "with": {"decision": "pass"}}]
    play(season, steps, declaration=district, notice=N4, clock="2022-11-15 09:00")
    client = enter(season_site, "clerk.dadukou")
    page = plain(client.get(f"/recommendation/unit/{N4}").text)
    assert "单位公示最迟应于2022年11月22日开始。" in page
    late = plain(client.get(f"{BATCH}?start=2022-11-23T09:00").text)
    assert "按此时间公示，期满后可能不能在截止前报达，请尽早开始。" in late


def test_desk_of_another_unit_stays_closed(season: Database, season_site: Flask):
    crowd.walk(season, crowd.PUBLICISED)
    stranger = enter(season_site, "clerk.enterprise")
    refused = stranger.get(BATCH)
    assert (refused.status_code, "此批次由山城数智研究院办理" in refused.text) == (403, True)
    assert stranger.get(f"{BATCH}/sheet").status_code == 403
    assert stranger.get(NOTICE).status_code == 404
    assert enter(season_site, "zhang.lin").get("/recommendation").status_code == 403


def test_forty_declarations_cost_no_more_statements_than_three(season: Database, season_site: Flask):
    with season.transaction() as session:
        crowd.stand(session, 3)
    client = enter(season_site, "clerk.institute")
    counts = []
    for more in (0, 37):
        with season.transaction() as session:
            if more:
                crowd.stand(session, more)
        for address in ("/recommendation", NOTICE, BATCH):
            client.get(address)
            with statements(season) as sent:
                assert client.get(address).status_code == 200
            counts.append(len(sent))
    assert counts[:3] == counts[3:]
    assert len(rows(client.get(NOTICE).text, "names")) == 40


def fill_in(season: Database, *accounts: str) -> None:
    """These begin a declaration through the unit, beside one who has submitted his."""
    with season.transaction() as session:
        crowd.stand(session, 1)
        sample = session.scalars(select(Declaration).order_by(Declaration.id)).first()
        assert sample is not None
        unit = organisations.by_key(session, crowd.UNIT).id
        about = (sample.committee_id, sample.notice_version_id, {"unit_id": unit, "target_title": "engineer"})
        for account in accounts:
            person = people.by_account(session, account)
            assert person is not None
            declarations.start_declaration(session, person.id, *about)


def test_a_units_own_closing_day_is_told_to_whoever_still_fills_in(season: Database, season_site: Flask):
    fill_in(season, "zhang.lin")
    client = enter(season_site, "clerk.institute")
    for day, words in (
        ("2023-11-01", "不能晚于通知规定的网上申报截止（2023年10月31日）"),
        ("2023-10-08", "请选择今天或以后的日期"),
        ("", "请填写内部截止日期"),
        ("0001-01-01", "请填写内部截止日期"),
    ):
        answer = client.post(f"{NOTICE}/closing", data={"closes_on": day})
        assert (answer.status_code, words in answer.text) == (422, True), words
    answer = client.post(f"{NOTICE}/closing", data={"closes_on": "2023-10-20"}, follow_redirects=True)
    assert "已设定内部截止日期，通知未提交的1人。" in answer.text
    with season.reading() as session:
        told = session.scalars(select(Notification).where(Notification.template == "unit_closing")).one()
        assert told.body == "山城数智研究院要求于2023年10月20日前提交申请书，以便审核、公示和推荐上报。"
    assert "您所在单位要求于2023年10月20日前提交。" in enter(season_site, "zhang.lin").get("/declarations").text


def test_whoever_still_fills_in_is_reminded_once(
    season: Database, season_site: Flask, freeze: Callable[[Session, str], object]
):
    fill_in(season, "zhang.lin", "deng.ke")
    client = enter(season_site, "clerk.institute")

    def ticked(moment: str) -> list[str]:
        with season.transaction() as session:
            freeze(session, moment)
        tick.tick(season)
        with season.reading() as session:
            near = select(Notification.body).where(Notification.template == "unit_closing_near")
            return list(session.scalars(near))

    client.post(f"{NOTICE}/closing", data={"closes_on": "2023-10-24"})  # a Tuesday; two working days before: Friday
    assert ticked("2023-10-20 08:59:00") == []
    told = ["山城数智研究院要求于2023年10月24日前提交申请书，您的申请书尚未提交，请抓紧办理。"] * 2
    assert ticked("2023-10-20 09:00:00") == told
    assert ticked("2023-10-23 09:00:00") == told
    client.post(f"{NOTICE}/closing", data={"closes_on": "2023-10-25"})  # its moment is over: being told is enough
    assert ticked("2023-10-25 10:00:00") == told
    client.post(f"{NOTICE}/closing", data={"closes_on": "2023-10-31"})
    assert ticked("2023-11-01 10:00:00") == told  # no tick came in time


def test_unit_urges_the_office_that_holds_its_file(season: Database, season_site: Flask):
    ids = crowd.walk(season, crowd.ACCEPTED[: len(crowd.TO_SUBMIT) + 1])
    client, about = enter(season_site, "clerk.institute"), {"declaration": str(ids["zhang"])}
    page = client.get(NOTICE).text
    assert "等待市示范产业主管部门" in page
    assert page.count("催办</button>") == 1

    answer = client.post(f"{NOTICE}/urge", data=about, follow_redirects=True)

    assert "已提醒1名办理人员。" in answer.text
    assert "已催办1次，最近一次2023年10月17日" in answer.text
    again = client.post(f"{NOTICE}/urge", data=about)
    assert (again.status_code, "每个工作日只能催办一次" in again.text) == (422, True)
    for other in (ids["li"], ids["deng"], 9999, "x"):
        assert client.post(f"{NOTICE}/urge", data={"declaration": str(other)}).status_code == 404
    with season.reading() as session:
        told = session.scalars(select(Notification.body).where(Notification.template == "urged")).all()
        assert told == ["白若溪催办：主管部门审核推荐。"]
