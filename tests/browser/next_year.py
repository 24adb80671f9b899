"""Cases under last year's notice and this year's: walked by the services, submitted and decided in the browser.

What neither the designer nor the new level has a part in, the unit's checks and publicity, is done by the services.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app import clock
from app.cli import demo
from app.cli.scenarios import case, run
from app.cli.scenarios.player import Player
from app.cli.season import SEASON
from tests.browser.editors import NAME
from tests.browser.visitor import Visitor, Website

LAST, THIS = "n2_2023_bigdata", "n2_2024_bigdata"
CATEGORY = "veteran"
FIRST_LEVEL, ACCEPTANCE = "主管部门审核推荐", "评委会审核受理"

Visit = Callable[..., Visitor]

OLD_CASE = [
    {"complete": "fill_form"},
    {"complete": "unit_check", "with": {"decision": "pass"}},
    {"play": "publicise", "with": {"start": "2023-10-10"}},
    {"at": "2023-10-17 09:00"},
    {"play": "send_up", "with": {"close": "2023-10-17"}},
]
PUBLICISED = [
    {"complete": "unit_check", "with": {"decision": "pass"}},
    {"at": "2024-10-10 09:00"},
    {"play": "publicise", "with": {"start": "2024-10-10"}},
    {"at": "2024-10-17 09:00"},
]
CLOSED = {"board_photograph": ["file:公示栏照片.png"], "objections_received": "no", "result": "公示期间未收到异议"}
SENT_UP = [
    {"at": "2024-10-21 09:00"},
    {"play": "send_up", "with": {"close": "2024-10-21"}},
    {"complete": "dept_check", "with": {"decision": "pass"}},
]


def last_years_goes_on(designer: Visitor, old: Player) -> None:
    """Who was under way before goes on as it was then: one department alone, and the payment is still to come."""
    run.perform(old, step({"complete": "dept_check", "with": {"decision": "pass"}}))
    assert waiting_on(designer, f"/studio/notices/{LAST}") == [ACCEPTANCE]
    designer.shot("designer_24_last_year")


def submitted_this_year(visit: Visit, designer: Visitor, website: Website) -> Player:
    """A year later somebody of the new category sees his way, fills in the new field, and submits within the window."""
    designer.set_clock("2024-10-09T09:00:00")
    applicant = visit("zhang.lin")
    page = applicant.page
    applicant.go("/filing")
    card = page.locator("article, .card, li").filter(has_text="渝大数据发〔2024〕1号")
    card.get_by_role("link", name="选择").last.click()
    for label, value in (
        ("申报职称名称", "engineer"),
        ("申报专业", "big_data"),
        ("申报人员身份", CATEGORY),
        ("工作单位所在地", "chongqing"),
        ("档案存放地", "chongqing"),
    ):
        page.locator("select").and_(page.get_by_label(label)).select_option(value)
    applicant.click("查看申报途径")
    page.get_by_label("所在单位").fill("山城数智研究院")
    page.get_by_label("单位主管部门").fill("市示范产业主管部门")
    applicant.click("更新申报途径")
    applicant.see(
        "程景行", FIRST_LEVEL, NAME, "公示不少于7个工作日", "2024年10月8日至2024年10月31日24时", "不收取评审费"
    )
    applicant.shot("designer_25_way")
    new = played(website, THIS, "2024-10-09 10:00", "zhang.lin", [], category=CATEGORY)
    applicant.open_task("填写申请书")
    applicant.fill("退役证编号", "渝退字第2024001号")
    applicant.shot("designer_26_declaration")
    applicant.decide_and_go("提交申报")
    for each in steps(PUBLICISED):
        run.perform(new, each)
    assert "满7个工作日" in new.refused(step({"refused": "unit_close", "with": CLOSED})), "five are not enough any more"
    for each in steps(SENT_UP):
        run.perform(new, each)
    return new


def the_new_level_decides(visit: Visit, designer: Visitor, draft: int, new: Player) -> None:
    """Behind the first department's check stands the second, with its own form, before its own reviewer."""
    versions = f"/studio/drafts/{draft}/versions"
    assert waiting_on(designer, versions) == [NAME]
    designer.shot("designer_27_this_year")
    reviewer = visit("dept.city")
    reviewer.open_task(NAME)
    reviewer.form().get_by_role("button", name="全部符合").click()
    reviewer.fill("市级主管部门意见", "同意推荐")
    reviewer.fill("审查人签字", "程景行")
    reviewer.shot("designer_28_second_level")
    reviewer.decide_and_go("审核通过")
    assert waiting_on(designer, versions) == [ACCEPTANCE]


def nobody_pays(designer: Visitor, draft: int, new: Player) -> None:
    """Once accepted, the declaration waits for its review at once; last year's would be asked for its fee."""
    run.perform(new, step({"complete": "committee_accept", "with": {"decision": "accept"}}))
    assert waiting_on(designer, f"/studio/drafts/{draft}/versions") == ["评审会议表决结果"]
    designer.shot("designer_29_accepted")


def played(
    website: Website, notice: str, begins: str, applicant: str, told: list[dict[str, Any]], **declared: str
) -> Player:
    """A declaration of the institute's engineer begun through the services, and what is told of it done."""
    one = {"applicant": applicant, "base": "institute", "committee": 1, "set": declared}
    said = {"case": "it", "notice": notice, "clock": begins, "declaration": one}
    player = Player(case.of_dict(said, SEASON), website.database, website.files / "site" / "attachments")
    player.begin()
    for each in steps(told):
        run.perform(player, each)
    with website.database.transaction() as session:
        demo.set_clock(session, clock.now(session))
    return player


def steps(told: list[dict[str, Any]]) -> tuple[case.Step, ...]:
    """What a scenario would do, its stretches played out."""
    return case.of_dict({"case": "it", "notice": THIS, "clock": "2024-10-09 09:00", "steps": told}, SEASON).steps


def step(told: Mapping[str, Any]) -> case.Step:
    return steps([dict(told)])[0]


def waiting_on(designer: Visitor, versions: str) -> list[str]:
    """Where the declarations of the latest version stand that have not ended, from the page of that version."""
    designer.go(versions)
    designer.page.locator("table a[href$=instances]").first.click()
    designer.see("停在哪一步")
    rows = designer.page.locator("tbody tr").filter(has_text="职称申报").filter(has_text="办理中")
    return [row.locator("td").nth(3).inner_text() for row in rows.all()]
