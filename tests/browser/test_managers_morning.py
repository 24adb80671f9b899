"""A manager's morning: who holds forty files, whom to remind, what to give to others, end, mend and take along."""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from app import clock
from app.domain import notices, organisations, people
from app.models.process import Event, Incident
from app.processes import fast_forward, figures
from tests.browser import serving
from tests.browser.visitor import Visitor, Website
from tests.support import fortnight, mending, walk

Visit = Callable[..., Visitor]
FILES = 40
HELD = FILES + 2  # with the late objection and the publicity that it holds up
UNIT, HEAD = "山城数智研究院", "贺兰山"
OBJECTED = [*walk.PUBLICISE, {"at": "2023-10-11 09:00"}, {"object": {"text": "业绩系他人完成"}}]
MORNING = datetime(2023, 10, 23, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    """Forty files wait at one unit, an objection is late, and a faulty script has stopped an applicant."""
    with serving.served(bare_season, tmp_path) as site:
        walk.play(site.database, OBJECTED)
        fortnight.submit(site.database, FILES, tmp_path / "site" / "attachments")
        with site.database.transaction() as session:
            mending.publish_broken(session)
        stopped = {"applicant": "li.yue", "base": "municipal_engineer", "committee": 1}
        mending.submit(site.database, stopped, fortnight.MOMENT)
        with site.database.transaction() as session:  # a second person at the post, to whom work can be given
            head = people.by_account(session, "head.institute")
            people.grant(session, head.id, "unit_clerk", organisations.by_key(session, "cq_data_institute").id)
        fast_forward.advance_to(site.database, MORNING)
        figures.refresh(site.database)
        yield site


def test_a_managers_morning(visit: Visit, website: Website) -> None:
    manager = visit("manager")
    find_the_office(manager)
    see_them_on_the_diagram(manager)
    remind(manager, website)
    reassign_three(manager, website)
    terminate_one(manager, website)
    retry_in_vain(manager)
    mend(visit("designer"), website)
    move_and_retry(manager, website)
    take_the_overdue_along(manager)


def find_the_office(manager: Visitor) -> None:
    manager.go("/season")
    office = manager.page.locator("#offices").locator("xpath=ancestor::section").locator("tbody tr").first
    expect(office).to_contain_text(UNIT)
    expect(office.locator("td").first).to_have_text(str(HELD))
    manager.shot("morning_01_board")
    office.get_by_role("link", name=UNIT).click()
    manager.see(f"共{HELD}件")
    manager.shot("morning_02_office")


def see_them_on_the_diagram(manager: Visitor) -> None:
    manager.go("/definitions")
    manager.shot("morning_03_definitions")
    process = manager.page.locator("main tbody tr").filter(has_text="职称申报").filter(has_text="第1版")
    process.get_by_role("link", name="职称申报", exact=True).click()
    for called in ("申报办理", "逐级审核推荐"):
        manager.page.locator("main p").get_by_role("link", name=called, exact=True).click()
        expect(manager.page.locator("h1, h2").filter(has_text=called).first).to_be_visible()
    step = manager.page.get_by_role("rowheader", name="单位审核", exact=True)
    row = manager.page.locator("#diagram-table tr").filter(has=step)
    expect(row.locator("td").first).to_have_text(str(FILES))
    expect(manager.page.locator('[data-island="diagram"][data-ready]')).to_be_visible()
    manager.shot("morning_04_diagram")
    row.get_by_role("link", name=str(FILES), exact=True).click()
    manager.see(f"共{FILES}件")


def remind(manager: Visitor, website: Website) -> None:
    office_list(manager)
    batch(manager, "催办", whole=True)
    manager.shot("morning_05_remind_plan")
    start(manager, "请抓紧审核")
    manager.shot("morning_06_reminded")
    with website.database.reading() as session:
        assert session.scalar(select(func.count(Event.id)).where(Event.kind == "urged")) == FILES


def reassign_three(manager: Visitor, website: Website) -> None:
    office_list(manager)
    for number in range(3):
        manager.page.locator("[data-pick]").nth(number).check()
    batch(manager, "改派")
    manager.page.get_by_label("改派给").select_option(label=HEAD)
    manager.page.get_by_role("button", name="核对名单").click()
    manager.see("将对3件办理事项执行“改派”")
    manager.shot("morning_07_reassign_plan")
    start(manager, "经办人出差")
    with website.database.reading() as session:
        assert session.scalar(select(func.count(Event.id)).where(Event.kind == "reassigned")) == 3


def terminate_one(manager: Visitor, website: Website) -> None:
    office_list(manager)
    manager.page.locator("main table tbody tr").first.get_by_role("link").first.click()
    manager.click("终止")
    manager.page.get_by_label("原因").fill("申报人书面申请终止")
    manager.shot("morning_08_terminate")
    manager.page.get_by_role("button", name="终止").click()
    manager.page.get_by_role("dialog").get_by_role("button", name="确定").click()
    manager.see("评审终止", "申报人书面申请终止")
    manager.shot("morning_09_terminated")


def retry_in_vain(manager: Visitor) -> None:
    manager.go("/incidents")
    manager.shot("morning_10_incidents")
    manager.go("/incidents/1")
    manager.see("share = 12 // 0")
    manager.shot("morning_11_cause")
    manager.page.get_by_role("button", name="全部重试…").click()
    start(manager, "")
    manager.see("未办成 1")


def mend(designer: Visitor, website: Website) -> None:
    """In the file itself, as the group of incidents names it; then published as the notice's next version."""
    page = designer.page
    with website.database.reading() as session:
        broken = notices.latest(session, walk.N2).id
    designer.go(f"/studio/new?base=version:{broken}&same=1")
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_url("**/studio/drafts/*")
    draft = designer.path()
    designer.go(f"{draft}/files/diagrams/declaration.bpmn?view=source")
    text = page.locator("[data-island=source][data-ready] textarea")
    text.fill(text.input_value().replace(mending.FAILS, mending.WORKS))
    text.press("Control+s")
    expect(page.locator(".source-bar")).to_contain_text("已保存")
    designer.shot("morning_12_mended")
    designer.go(f"{draft}/versions")
    page.get_by_label("发布说明").fill("修复提交登记的脚本")
    page.get_by_role("button", name="检查并发布").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    designer.see("已发布第3版")
    designer.shot("morning_13_published")


def move_and_retry(manager: Visitor, website: Website) -> None:
    manager.go("/incidents/1")
    manager.page.get_by_role("button", name="全部移到第").click()
    start(manager, "脚本已修复")
    manager.see("已执行 1")
    manager.go("/incidents/1")
    manager.page.get_by_role("button", name="全部重试…").click()
    start(manager, "")
    manager.see("已执行 1")
    with website.database.reading() as session:
        assert session.scalar(select(func.count(Incident.id)).where(Incident.status == "open")) == 0


def take_the_overdue_along(manager: Visitor) -> None:
    manager.go("/instances?overdue=1")
    manager.shot("morning_20_overdue")
    with manager.page.expect_download() as download:
        manager.click("CSV")
    rows = list(csv.reader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 2


def office_list(manager: Visitor) -> None:
    manager.go("/season")
    manager.page.locator("table").get_by_role("link", name=UNIT).click()
    expect(manager.page.locator("#batch-action")).to_be_visible()


def batch(manager: Visitor, action: str, *, whole: bool = False) -> None:
    manager.page.locator("#batch-action").select_option(label=action)
    words = "对筛选出的全部" if whole else "对所选办理…"
    manager.page.get_by_role("button", name=words).click()


def start(manager: Visitor, reason: str) -> None:
    if reason:
        manager.page.get_by_label("原因").fill(reason)
    manager.page.get_by_role("button", name="确认执行").click()
    expect(manager.page.locator("#batch-action[data-state=ended]")).to_be_visible()
