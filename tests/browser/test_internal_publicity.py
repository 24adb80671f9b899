"""单位公示 is internal: the unit's own people and whoever has its code see it, nobody else, and only while it lasts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models.recommendation import Publicity
from tests.browser import serving
from tests.browser.visitor import Visitor, Website
from tests.support import walk

Visit = Callable[..., Visitor]
NUMBER, MASKED = "500103198604121014", "500***********1014"
GONE = "没有找到正在进行的公示，可能公示已经结束或者公示码有误。"
OBJECTION = "其所填2018年项目的实际负责人另有其人。"


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    """A season in which 张林 of 山城数智研究院 is in the first day of his unit's publicity."""
    with serving.served(bare_season, tmp_path) as site:
        walk.play(site.database, walk.PUBLICISE)
        yield site


def test_only_the_units_people_and_the_code_open_it(visit: Visit, website: Website) -> None:
    path, code = shown(website)
    colleague = visit("head.institute")
    colleague.click("单位公示")
    colleague.see("山城数智研究院", "第1/5个工作日", "2023年10月10日至2023年10月16日")
    colleague.click("查看公示")
    read(colleague)
    colleague.shot("20_colleague_reads")

    outsider = visit()
    with outsider.expecting(404):
        outsider.go(path)
        outsider.see(GONE)
        outsider.go("/publicity")
        outsider.page.get_by_label("公示码").fill("AAAA2222")
        outsider.click("查看公示")
        outsider.see(GONE)
    outsider.shot("21_wrong_code")
    outsider.page.get_by_label("公示码").fill(f" {code.lower()} ")
    outsider.click("查看公示")
    read(outsider)
    outsider.shot("22_read_by_code")


@pytest.mark.parametrize("account", ["clerk.enterprise", "li.yue", None])
def test_others_are_refused_in_plain_words(visit: Visit, website: Website, account: str | None) -> None:
    path, _ = shown(website)
    stranger = visit(account)
    if account is not None:
        stranger.go("/publicity/unit")
        stranger.see("您所在的单位目前没有正在进行的公示。")
    with stranger.expecting(404):
        for address in (path, f"{path}/names/1", f"{path}/names/1/objection"):
            stranger.go(address)
            stranger.see(GONE)
            expect(stranger.page.get_by_text("张林")).to_have_count(0)


def test_an_objection_is_answered_by_its_receipt_and_the_page_ends(visit: Visit, website: Website) -> None:
    path, code = shown(website)
    colleague = visit()
    colleague.go("/publicity")
    colleague.page.get_by_label("公示码").fill(code)
    colleague.click("查看公示")
    colleague.click("反映问题")
    colleague.page.get_by_label("反映内容").fill(OBJECTION)
    colleague.shot("23_objection")
    colleague.click("提交")
    receipt = colleague.page.get_by_label("回执码").inner_text()
    colleague.shot("24_receipt")
    look_up(colleague, receipt)

    clerk = visit("clerk.institute")
    clerk.find_task("公示异议核实·张林")
    clerk.set_clock("2023-10-17T09:00")
    with colleague.expecting(404):
        for address in (path, f"{path}/names/1"):
            colleague.go(address)
            colleague.see(GONE)
        colleague.go("/publicity")
        colleague.page.get_by_label("公示码").fill(code)
        colleague.click("查看公示")
        colleague.see(GONE)
    with clerk.expecting(404):
        clerk.go(path)
        clerk.see(GONE)
    look_up(colleague, receipt)
    colleague.shot("25_looked_up_afterwards")


def shown(website: Website) -> tuple[str, str]:
    """The publicity's address and its access code, as the sheet on the board gives it."""
    with website.database.reading() as session:
        found = session.scalars(select(Publicity)).one()
        return f"/publicity/{found.id}", found.access_code


def read(reader: Visitor) -> None:
    """The board, then the one name's sheet: everything but the whole number."""
    reader.see("张林", "程景行", "白若溪", "第1/5个工作日", "其间10月14日", f"证件号码{MASKED}")
    reader.click("查看公示表")
    reader.see("张林公示表", "政务数据共享平台", MASKED)
    assert NUMBER not in reader.page.content()


def look_up(reader: Visitor, receipt: str) -> None:
    reader.go("/objections")
    reader.page.get_by_label("回执码").fill(receipt)
    reader.page.get_by_role("button", name="查询").click()
    found = reader.page.get_by_label("办理情况")
    expect(found).to_contain_text("2023年10月10日")
    expect(found).to_contain_text("正在核实")
