"""申报通知 and 评审工作日程安排: open to everybody, searchable, with windows, states, contacts and clauses."""

import re

from flask import Flask
from sqlalchemy.orm import Session

from app.cli.scenarios import world
from app.cli.scenarios.case import moment
from app.db import Database
from app.domain import notices, parameter_words, schedules
from app.domain.schedules import Search
from tests.support.walk import N2, N4


def at(database: Database, wall_time: str) -> None:
    with database.transaction() as session:
        world.freeze(session, moment(wall_time))


def states(session: Session) -> dict[str, tuple[str, dict[str, int]]]:
    return {line.notice.key: (line.state, line.counts) for line in schedules.listed(session)}


def test_notices_are_listed_with_the_state_of_their_committees(season: Database):
    with season.reading() as session:
        assert states(session) == {N2: ("open", {"open": 1}), N4: ("closed", {"closed": 75, "offline": 2})}


def test_states_follow_the_windows_of_each_committee(season: Database):
    at(season, "2022-11-14 09:29")
    with season.reading() as session:
        before = {line.committee.no: line.state for line in schedules.schedule(session, _version(session, N4))}
    at(season, "2022-11-30 00:00")
    with season.reading() as session:
        after = {line.committee.no: line.state for line in schedules.schedule(session, _version(session, N4))}
    assert (before[76], after[76], before[77]) == ("before", "corrections_only", "offline")


def test_window_is_printed_with_both_ends(season: Database):
    with season.reading() as session:
        lines = schedules.schedule(session, _version(session, N4), Search(q="工程技术 大渡口区"))
        assert [line.committee.no for line in lines] == [76]
        assert dict(lines[0].windows)["网上申报"] == "2022年11月14日09:30至2022年11月29日17:30"
        assert dict(lines[0].windows)["审核"] == "2022年12月7日24时前"


def test_search_narrows_by_words_level_and_state(season: Database):
    with season.reading() as session:
        version = _version(session, N4)
        assert len(schedules.schedule(session, version)) == 77
        assert [line.committee.no for line in schedules.schedule(session, version, Search(state="offline"))] == [75, 77]
        full = schedules.schedule(session, version, Search(level="full_senior", q="工程技术"))
        assert [line.committee.no for line in full] == [1]


def test_parameters_are_said_with_their_clause(season: Database):
    with season.reading() as session:
        said = {row.meaning: row for row in parameter_words.said(session, _version(session, N2))}
    days = said["单位公示天数（不少于）"]
    assert (days.value, days.clause, days.by) == ("5工作日", "N2 §四(二)3(1)", "")
    assert said["任职时间计算截止日"].value == "2023年12月31日"
    assert said["网上申报时间约束申报人提交还是材料送达"].by == "市大数据应用发展管理局确定"


def test_strangers_read_the_notice_and_its_contact(season_site: Flask):
    client = season_site.test_client()
    listed = client.get("/notices")
    page = client.get(f"/notices/{N2}")
    assert (listed.status_code, page.status_code) == (200, 200)
    assert listed.text.count("<article") == 0
    assert "渝大数据发〔2023〕54号" in listed.text
    assert "2023年10月7日至2023年10月31日24时" in page.text
    assert "市大数据应用发展管理局，联系人罗知行，电话" in re.sub(r"<[^>]+>", "", page.text)
    assert "依据" in page.text


def test_schedule_page_keeps_its_filters_in_the_address(season_site: Flask):
    client = season_site.test_client()
    page = client.get(f"/schedule?notice={N4}&q=卫生&state=closed").text
    assert 'value="卫生"' in page
    assert '<option value="closed" selected>' in page
    assert client.get("/schedule?notice=unknown").status_code == 404


def test_filters_that_are_no_choice_are_ignored(season_site: Flask):
    page = season_site.test_client().get(f"/schedule?notice={N4}&state=nonsense&level=nonsense").text
    assert "共77个评委会" in page


def _version(session: Session, key: str) -> int:
    return notices.current(session, key).id


def test_clause_opens_what_the_notice_says_there(season_site: Flask):
    client = season_site.test_client()
    show = client.get(f"/notices/{N2}").text
    link = re.search(r'<a class="clause" href="([^"]+)">渝大数据发〔2023〕54号四\(二\)3\(1\)</a>', show)
    assert link is not None
    page = client.get(link.group(1).replace("&amp;", "&")).text
    assert "公示不少于5个工作日" in page
    assert "关于开展2023年重庆市工程技术大数据智能化专业职称申报评审工作的通知" in page
    one = client.get(f"/notices/{N2}/clauses/六(二)")
    assert "任职时间计算截至2023年12月31日。" in one.text
    part = client.get("/clauses?of=N2 §三, §六(三); N1 §四&part=1").text
    assert part.count('<section class="clause-said"') == 3
    assert "<html" not in part
    assert client.get(f"/notices/{N2}/clauses/九").status_code == 404
    assert client.get("/clauses?of=R-129").status_code == 404


def test_whole_text_is_open_with_its_clauses_marked(season_site: Flask):
    client = season_site.test_client()
    page = client.get(f"/notices/{N4}/text").text
    assert 'id="六(十二)"' in page
    assert "逾期未缴费者，视为放弃申报" in page
    assert f'href="/notices/{N4}/text"' in client.get(f"/notices/{N4}").text
    assert client.get("/notices/unknown/text").status_code == 404


def test_clause_of_a_paper_without_text_says_so(season_site: Flask):
    page = season_site.test_client().get("/clauses?of=N3 §一&part=1").text
    assert "这份文件的正文没有录入" in page
