"""A file goes down two levels and straight back up, then a correction is answered: each by his own browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import serving
from tests.browser.visitor import Visitor, Website
from tests.support import walk

Visit = Callable[..., Visitor]
FIRM = {"applicant": "liu.yang", "base": "firm_engineer", "committee": 1}
AT_DISTRICT = [
    {"play": "climb_to_recommended", "with": {"start": "2023-10-10", "close": "2023-10-17"}},
    {"complete": "agency_check", "with": {"decision": "pass"}},
]
LISTED = {"target": "学历学位情况第1行", "text": "毕业学校与证书不一致"}
CORRECTED = [
    {"play": "climb_to_recommended", "with": {"start": "2023-10-10", "close": "2023-10-17"}},
    {"complete": "dept_check", "with": {"decision": "pass"}},
    {"at": "2023-11-06 10:00"},
    {
        "complete": "committee_accept",
        "with": {"decision": "correct", "correction_days": 5, "correction_items": [LISTED]},
    },
]


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    with serving.served(bare_season, tmp_path) as site:
        yield site


def give_back(officer: Visitor, task: str, to: str, reason: str, shot: str) -> None:
    officer.open_task(task)
    officer.decide("退回至…")
    dialog = officer.page.locator("#return-dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label(to).check()
    dialog.get_by_label("退回原因").fill(reason)
    officer.shot(shot)
    dialog.get_by_role("button", name="退回", exact=True).click()
    officer.see("已退回至")


def test_two_returns_and_straight_back(visit: Visit, website: Website) -> None:
    walk.play(website.database, AT_DISTRICT, declaration=FIRM)
    district, agency, applicant = visit("tro.dadukou"), visit("agency.dadukou"), visit("liu.yang")
    give_back(district, "区县职改部门审核", "退回上一环节：人事代理机构审核推荐", "学时与证明不一致", "60_return")
    agency.open_task("人事代理机构审核推荐")
    agency.see("退回原因", "学时与证明不一致", "办理后直接回到退回人")
    give_back(agency, "人事代理机构审核推荐", "退回申报人：填写申请书", "请核对继续教育学时", "61_return_on")
    applicant.go("/declarations")
    applicant.click("办理进度")
    applicant.see("退回：请核对继续教育学时。请修改后重新提交")
    applicant.shot("62_returned")
    applicant.click("继续填写")
    applicant.see("退回原因", "请核对继续教育学时")
    applicant.decide_and_go("提交申报")
    agency.open_task("人事代理机构审核推荐")
    agency.form().get_by_role("button", name="全部符合").click()
    agency.page.get_by_label("意见").first.fill("已核对，同意推荐")
    agency.fill("审查人签字", "柳依依")
    agency.decide_and_go("审核通过")
    district.open_task("区县职改部门审核")
    district.see("人事代理机构审核推荐：审核通过", "人事代理机构审核推荐：退回", "填写申请书：提交申报")
    district.shot("63_straight_back")


def test_correction_is_answered_item_by_item(visit: Visit, website: Website) -> None:
    walk.play(website.database, CORRECTED)
    applicant = visit("zhang.lin", phone=True)
    applicant.open_task("一次性告知补正")
    applicant.see("0 / 1 已答复", "公示的内容", "未经公示的材料不得补报", "毕业学校与证书不一致")
    applicant.click("更正此项")
    applicant.edit_row("education").get_by_label("毕业学校").fill("虚构理工大学")
    applicant.save_row()
    applicant.edit_row("correction_items").get_by_label("补正说明").fill("已按证书更正")
    applicant.save_row()
    applicant.see("1 / 1 已答复", "所列各项均已答复，可以提交。")
    applicant.saved()
    applicant.shot("64_correction")
    applicant.decide_and_go("提交补正材料")
    unit = visit("clerk.institute")
    unit.open_task("单位确认补正材料")
    unit.see("原来的内容", "现在的内容", "虚构理工大学", "已按证书更正")
    unit.shot("65_corrected")
