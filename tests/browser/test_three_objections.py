"""Three objections at once: raised by code in three browsers, handled by unit and department, held and released."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models.recommendation import Publicity
from tests.browser import files, serving
from tests.browser.visitor import Visitor, Website
from tests.support import crowd

Visit = Callable[..., Visitor]
TEXTS = {
    "一": ("张林", "论文署名与事实不符"),
    "二": ("张林", "获奖证书系他人所得"),
    "三": ("邓可", "所填业绩系他人完成"),
}


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    """A season in which two people of 山城数智研究院 are in the first day of one publicity."""
    with serving.served(bare_season, tmp_path) as site:
        crowd.walk(site.database, crowd.PUBLICISED)
        yield site


def test_three_objections_are_handled_side_by_side(visit: Visit, website: Website) -> None:
    receipts = {key: raised(visit(), website, *said) for key, said in TEXTS.items()}
    assert len(set(receipts.values())) == 3

    clerk = visit("clerk.institute")
    batch(clerk)
    held = clerk.page.get_by_role("row").filter(has_text="张林").first
    expect(held).to_contain_text("异议")
    clerk.shot("60_batch_with_three_objections")

    clerk.open_task("公示异议核实·邓可")
    verify(clerk, "单位意见不一，请主管部门核实", "提交主管部门核实")
    department = visit("dept.city")
    department.open_task("争议核实·邓可")
    department.shot("61_department_decides")
    verify(department, "经调查，业绩为本人完成", "查无实据")

    for finding in ("经核实署名属实", "经核实证书为本人所得"):
        clerk.open_task("公示异议核实·张林")
        verify(clerk, finding, "查无实据")
    batch(clerk)
    expect(clerk.page.locator("main")).not_to_contain_text("核实中")
    clerk.shot("62_batch_all_released")

    reader = visit()
    reader.go("/objections")
    reader.page.get_by_label("回执码").fill(receipts["三"])
    reader.page.get_by_role("button", name="查询").click()
    expect(reader.page.get_by_label("办理情况")).to_contain_text("查无实据")
    reader.shot("63_receipt_answered")

    close(clerk)
    batch(clerk)
    clerk.click("公示证明")
    clerk.see("单位公示证明", "进行了公示", "查无实据3项", "2023年10月10日至2023年10月16日", "收到异议3项，均查无实据")
    clerk.shot("64_proof")


def raised(visitor: Visitor, website: Website, name: str, text: str) -> str:
    """Somebody with the posted sheet objects to one name; gives the receipt code."""
    with website.database.reading() as session:
        code = session.scalars(select(Publicity.access_code)).one()
    visitor.go("/publicity")
    visitor.page.get_by_label("公示码").fill(code)
    visitor.click("查看公示")
    visitor.page.locator(".list-group-item").filter(has_text=name).get_by_role("link", name="反映问题").click()
    visitor.page.get_by_label("反映内容").fill(text)
    visitor.click("提交")
    return visitor.page.get_by_label("回执码").inner_text()


def verify(officer: Visitor, finding: str, decision: str) -> None:
    officer.fill("核实情况", finding)
    officer.fill("核实人签字", "经办人")
    officer.decide_and_go(decision)
    officer.see("已办理")


def close(clerk: Visitor) -> None:
    """结束公示 once its five working days are over."""
    clerk.set_clock("2023-10-17T09:00")
    clerk.open_task("结束公示")
    clerk.upload("公示栏照片", files.picture(clerk.website.files, "公示栏照片.png"))
    clerk.form().get_by_label("有异议，已核实").check()
    clerk.fill("公示情况", "收到异议3项，均查无实据")
    clerk.fill("经办人签字", "白若溪")
    clerk.decide_and_go("结束公示")


def batch(clerk: Visitor) -> None:
    clerk.go("/recommendation/batches/1")
