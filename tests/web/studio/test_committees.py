"""评委会与时间: rows in a form, every window moved to working days after a look, schedules taken from files."""

import re
from datetime import date
from io import BytesIO

import pytest
import yaml
from lxml import html

from app.domain import calendar
from app.domain.drafts import schedule, schedule_import, store
from app.domain.drafts.schedule import Row
from app.errors import Refused
from tests.web.studio.conftest import Studio
from tests.web.studio.test_workspace import sqlite_only


def rows(studio: Studio) -> list[Row]:
    with studio.app.extensions["database"].reading() as session:
        return schedule.rows(session, store.get(session, studio.draft))[0]


@sqlite_only
def test_all_windows_move_a_year_to_working_days_after_a_look(studio: Studio) -> None:
    move = studio.url("/committees/move")
    preview = studio.client.post(move, data={"years": "1", "days": "0"}).text
    assert "全部时间推后1年" in preview
    assert "遇国庆节顺延" in preview
    assert rows(studio)[0]["declare_from"] == "2023-10-07"
    token = re.search(r'name="revisions" value="([\d-]+)"', preview)
    assert token
    done = {"years": "1", "days": "0", "confirm": "yes", "revisions": token[1]}
    assert studio.client.post(move, data=done).status_code == 302
    (row,) = rows(studio)
    assert (row["declare_from"], row["declare_to"], row["pay_from"]) == ("2024-10-08", "2024-10-31", "2024-11-18")
    assert studio.client.post(move, data=done).status_code == 409
    assert studio.client.post(move, data={"years": "0", "days": "x"}).status_code == 422
    with studio.app.extensions["database"].reading() as session:
        days = calendar.calendar_of(session)
    assert all(days.is_working(date.fromisoformat(row[f"{name}_{end}"]))
               for name in ("declare", "check", "pay") for end in ("from", "to"))  # fmt: skip


@sqlite_only
def test_a_row_is_added_changed_and_taken_out(studio: Studio) -> None:
    page = studio.client.get(studio.url("/committees/1")).text
    assert 'name="declare_from_on" value="2023-10-07"' in page
    said = {
        "revision": "1", "name": "第二评委会", "convening_name": "市经信委", "convening_key": "bureau",
        "levels": "junior", "series": "engineering", "clause": "三", "specialties": "软件  网络",
        "declare_from_on": "2024-10-08", "declare_to_on": "2024-10-31", "declare_to_at": "17:30",
    }  # fmt: skip
    new = studio.url("/committees/0")
    wrong = studio.client.post(new, data={**said, "clause": "", "declare_to_on": "2024-10-01"})
    assert wrong.status_code == 422
    assert "第2号：条款不能为空" in wrong.text
    assert "起止颠倒" in wrong.text
    assert studio.client.post(new, data=said).status_code == 302
    second = rows(studio)[1]
    assert (second["no"], second["specialties"], second["declare_to"]) == ("2", "软件 网络", "2024-10-31 17:30")
    assert studio.client.post(new, data=said).status_code == 409
    taken_out = {**said, "revision": "2", "remove": "yes"}
    assert studio.client.post(studio.url("/committees/1"), data=taken_out).status_code == 302
    assert [(row["no"], row["name"]) for row in rows(studio)] == [("1", "第二评委会")]


@sqlite_only
def test_a_committee_has_its_own_values_in_typed_boxes_and_keeps_them_when_another_leaves(studio: Studio) -> None:
    first = schedule.parsed(studio.client.get(studio.url("/content/committees.csv")).json["content"])[0]
    put(studio, "committees.csv", schedule.text_of([{**first, "no": str(number)} for number in (1, 2, 3)]))
    fee, page = studio.url("/committees/2/own/fee"), studio.client.get(studio.url("/committees/2")).text
    assert ("都按通知规定" in page, '<option value="fee">' in page, '<option value="year">' in page) == (
        True,
        True,
        False,
    )
    assert studio.client.get(studio.url("/committees/2/own"), query_string={"key": "fee"}).location == fee
    assert studio.client.get(studio.url("/committees/9/own/fee")).status_code == 404
    assert studio.client.get(studio.url("/committees/2/own/year")).status_code == 404
    boxes = {"rows": "2", "row_0_key": "junior", "row_0_value": "80", "kind": "printed", "clause": "六(三)"}
    said = {**boxes, "token": token_of(studio, fee)}
    wrong = studio.client.post(fee, data={**said, "others": "3–9"})
    assert ("在1至3之间" in wrong.text, 'value="80"' in wrong.text) == (True, True)
    assert "请写明修改的原因" in studio.client.post(fee, data=said).text
    done = {**said, "reason": "本评委会不同", "others": "3"}
    assert studio.client.post(fee, data=done).status_code == 302
    assert studio.client.post(fee, data=done).status_code == 409, "somebody has changed it since"
    entry = {"value": {"junior": 80}, "unit": "元/人", "clause": "六(三)"}
    assert own(studio) == {"group_1": {"committees": [2, 3], "parameters": {"fee": entry}}}
    shown = studio.client.get(fee).text
    assert ("本评委会不同" in shown, "本评委会" in shown, "初级 80" in shown) == (True, True, True)
    revision = studio.client.get(studio.url("/content/committees.csv")).json["revision"]
    gone = {"revision": revision, "remove": "yes"}
    assert studio.client.post(studio.url("/committees/1"), data=gone).status_code == 302
    assert own(studio)["group_1"]["committees"] == [1, 2]
    fee = studio.url("/committees/1/own/fee")
    back = {"token": token_of(studio, fee), "give_up": "yes", "reason": "按通知"}
    assert studio.client.post(fee, data=back).status_code == 302
    assert own(studio)["group_1"]["committees"] == [2]


def put(studio: Studio, path: str, content: str) -> None:
    revision = studio.client.get(studio.url(f"/content/{path}")).json["revision"]
    answer = studio.client.put(studio.url(f"/content/{path}"), json={"content": content, "revision": revision})
    assert answer.status_code == 200, answer.json


def token_of(studio: Studio, page: str) -> str:
    return str(html.fromstring(studio.client.get(page).text).xpath("//input[@name='token']/@value")[0])


def own(studio: Studio) -> dict[str, dict[str, object]]:
    return yaml.safe_load(studio.client.get(studio.url("/content/committee_parameters.yaml")).json["content"])


@sqlite_only
def test_a_schedule_is_taken_whole_or_not_at_all(studio: Studio) -> None:
    def take(text: str) -> tuple[int, str]:
        file = (BytesIO(text.encode("gb18030")), "日程.csv")
        answer = studio.client.post(studio.url("/committees/import"), data={"file": file})
        return answer.status_code, answer.text

    status, page = take("序号,网上申报开始,网上申报截止,级别\n1,10月8日,2024年10月32日,特级\n9,,,\n")
    assert status == 422
    assert "第2行：网上申报截止“2024年10月32日”不是日期" in page
    assert "第3行：评委会名称不能为空" in page
    assert "表头“负责人”不能识别" in take("序号,负责人\n1,某\n")[1]
    good = "评委会名称,网上申报开始,网上申报截止,级别\n{},10月8日,2024/10/31 17:30,副高级、中级\n"
    assert take(good.format(rows(studio)[0]["name"]))[0] == 302
    (row,) = rows(studio)
    assert (row["declare_from"], row["declare_to"]) == ("2024-10-08", "2024-10-31 17:30")
    assert (row["levels"], row["check_from"]) == ("associate_senior intermediate", "2023-11-01")


def test_an_import_says_what_it_changes_and_refuses_a_sheet_without_names() -> None:
    present = [{**schedule.empty_row(), "no": "1", "name": "甲", "convening_key": "k", "convening_name": "某委",
                "clause": "三"}]  # fmt: skip
    found = schedule_import.read("a.csv", "序号,缴费开始\n1,2024-11-18\n".encode(), present, 2024)
    assert (found.changed, found.added, found.problems) == (1, 0, [])
    with pytest.raises(Refused, match="表头中应有"):
        schedule_import.read("a.csv", "缴费开始\n2024-11-18\n".encode(), present, 2024)
