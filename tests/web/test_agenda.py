"""期限日历: whose dates a month shows, which of its days are rest days, and the same as a file."""

import re

from flask import Flask

from app.db import Database
from tests.support.walk import SUBMIT, play
from tests.support.website import enter, statements


def cells(page: str) -> dict[str, str]:
    """Day → what its cell says, tags left out."""
    found = re.findall(r'<td class="([^"]*)"[^>]*>(.*?)</td>', page, re.S)
    days = {re.search(r'datetime="([^"]+)"', inside)[1]: (kind, inside) for kind, inside in found}  # type: ignore[index]
    return {day: kind + "|" + re.sub(r"<[^>]+>|\s", "", inside) for day, (kind, inside) in days.items()}


def test_a_clerk_sees_his_tasks_and_the_days_nobody_works(season_site: Flask, season: Database) -> None:
    play(season, SUBMIT)
    client = enter(season_site, "clerk.institute")
    october = cells(client.get("/deadlines").text)
    assert october["2023-10-09"] == " is-today|9今天"
    assert october["2023-10-07"] == "|7班"
    assert october["2023-10-14"] == " is-rest|14休"
    assert october["2023-10-01"].startswith(" is-rest|1")
    november = cells(client.get("/deadlines?month=2023-11").text)
    assert november["2023-11-15"] == "|15单位审核·张林·大数据中级，还有27个工作日"
    listed = client.get("/deadlines?month=2023-11&view=list").text
    assert "2023年11月15日24时" in listed
    assert "还有27个工作日" in listed


def test_weeks_are_turned_and_filters_stay(season_site: Flask, season: Database) -> None:
    play(season, SUBMIT)
    client = enter(season_site, "clerk.institute")
    page = client.get("/deadlines?view=week&day=2023-11-15&claim=free").text
    assert list(cells(page)) == [f"2023-11-{day}" for day in range(13, 20)]
    assert "单位审核·张林" in cells(page)["2023-11-15"]
    assert '"next" href="/deadlines?view=week&amp;day=2023-11-20&amp;claim=free"' in page, page[
        page.index('rel="next"') :
    ][:200]
    assert "本周没有符合条件的期限。" in client.get("/deadlines?view=week&day=2023-11-15&claim=mine").text
    assert "单位审核·张林" in client.get("/tasks?due=2023-11-15").text
    assert "没有符合条件的事项。" in client.get("/tasks?due=2023-11-14").text
    for said in ("9" * 30, "x", "0001-01-01", "9999-12-31", ""):
        query = {"view": "week", "day": said, "month": said, "due": said, "since": said}
        assert client.get("/deadlines", query_string=query).status_code == 200
        assert client.get("/tasks", query_string=query).status_code == 200


def test_an_applicant_sees_the_dates_of_his_declaration_and_nobody_else_does(
    season_site: Flask, season: Database
) -> None:
    play(season, SUBMIT)
    page = enter(season_site, "zhang.lin").get("/deadlines?month=2023-11&view=list").text
    assert re.search(r'href="/declarations/\d+"', page)
    assert "单位审核·张林" not in page
    assert "本月没有您的期限。" in enter(season_site, "li.yue").get("/deadlines?month=2023-11").text
    assert "本月没有您的期限。" in enter(season_site, "clerk.enterprise").get("/deadlines?month=2023-11").text


def test_months_far_away_or_made_up_are_brought_near(season_site: Flask) -> None:
    client = enter(season_site, "zhang.lin")
    assert "selected>2024年10月</option>" in client.get("/deadlines?month=2099-01").text
    assert "selected>2023年10月</option>" in client.get("/deadlines?month=2023-13").text
    assert "放假安排未公布" not in client.get("/deadlines?month=2024-02").text


def test_the_file_holds_the_dates_to_come_without_names(season_site: Flask, season: Database) -> None:
    play(season, SUBMIT)
    answer = enter(season_site, "clerk.institute").get("/deadlines.ics")
    assert answer.mimetype == "text/calendar"
    assert "DTSTART;VALUE=DATE:20231115\r\nDTEND;VALUE=DATE:20231116\r\n" in answer.text
    assert "SUMMARY:单位审核截止（2023年11月15日24时）" in answer.text.replace("\r\n ", "")
    assert "张林" not in answer.text
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))


def test_the_number_of_statements_is_the_same_for_one_and_three(season_site: Flask, season: Database) -> None:
    client = enter(season_site, "clerk.institute")
    client.get("/deadlines?month=2023-11")
    with statements(season) as none:
        client.get("/deadlines?month=2023-11")
    play(season, SUBMIT)
    client.get("/deadlines?month=2023-11")
    with statements(season) as one:
        client.get("/deadlines?month=2023-11")
    assert len(one) == len(none)
