"""A unit's fortnight with 40 files, from check to 推荐上报, in at most a quarter of the clicks of one by one.

One by one is measured in the same browser on three further files of the unit: what the second and third of them cost
from page to page (the first also opens the list) is work per file, in the unit's check as in the choice on merit. The
smaller of the two stands for each of the 40. Publicity, its end, the head's signature and 推荐上报 are done once for
the whole batch in both ways, so what they cost here is counted in both.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from app.models.recommendation import BatchEntry
from tests.browser import files, serving
from tests.browser.hands import Hands
from tests.browser.visitor import Visitor, Website
from tests.support import fortnight

Visit = Callable[..., Visitor]
FILES, MEASURED = 40, 3
OPINION, REASON = "同意推荐", "考核优秀"


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    """43 declarations of one unit, submitted."""
    with serving.served(bare_season, tmp_path) as site:
        fortnight.submit(site.database, FILES + MEASURED, tmp_path / "site" / "attachments")
        yield site


def test_forty_files_take_a_quarter_of_the_clicks(
    visit: Visit, website: Website, record_property: Callable[[str, object], None]
) -> None:
    clerk = Hands(visit("clerk.institute"))
    checks = [cost(clerk, lambda first=first: check_one(clerk, first)) for first in (True, False, False)]
    checking = cost(clerk, lambda: check_the_rest(clerk))
    choices = cost_of_rows(clerk)
    choosing = cost(clerk, lambda: choose(clerk))
    common = [cost(clerk, lambda: publicise(clerk)), cost(clerk, lambda: close(clerk))]
    head = Hands(visit("head.institute"))
    common += [cost(head, lambda: sign(head)), cost(clerk, lambda: send_up(clerk))]
    with website.database.reading() as session:
        gone_up = select(func.count(BatchEntry.id)).where(BatchEntry.gone_up_at.is_not(None))
        assert session.scalar(gone_up) == FILES + MEASURED

    once = total(common)
    single = tuple(FILES * (min(checks[1:])[n] + min(choices)[n]) + once[n] for n in (0, 1))
    together = tuple(checking[n] + choosing[n] + once[n] for n in (0, 1))
    record_property("measured", f"40 files one by one: {single[0]} clicks, {single[1]} with keys and letters")
    record_property("measured", f"40 files together: {together[0]} clicks, {together[1]} with keys and letters")
    each = f"check {min(checks[1:])}, choice {min(choices)}"
    record_property("measured", f"(clicks, all) a file one by one: {each}; a batch in both ways: {once}")
    assert together[0] <= single[0] / 4
    assert together[1] <= single[1] / 4


def cost(hands: Hands, work: Callable[[], None]) -> tuple[int, int]:
    before = hands.count()
    work()
    after = hands.count()
    return after[0] - before[0], after[1] - before[1]


def total(costs: list[tuple[int, int]]) -> tuple[int, int]:
    return sum(each[0] for each in costs), sum(each[1] for each in costs)


def check_one(clerk: Hands, first: bool) -> None:
    """The task page of one file, as the inbox leads to it and each file to the next."""
    if first:
        clerk.visitor.go("/tasks")
        clerk.go(clerk.page.locator("main table").get_by_role("link", name="单位审核").first)
    clerk.visitor.form()
    clerk.click("全部符合")
    clerk.type(clerk.visitor.field("单位审核意见"), OPINION)
    clerk.type(clerk.visitor.field("审查人签字"), "白若溪")
    clerk.decide("审核通过")


def check_the_rest(clerk: Hands) -> None:
    """并排审核: one key a file that all points are met, then all together."""
    to_the_desk(clerk)
    clerk.go("并排审核")
    for _ in range(FILES - 1):
        clerk.key("Enter")
    clerk.visitor.focused()
    clerk.page.keyboard.press("Enter")
    clerk.visitor.see(f"已核对 {FILES} / {FILES}")
    clerk.visitor.shot("40_all_marked")
    clerk.type(clerk.page.get_by_label("审核通过各份的意见"), OPINION)
    clerk.type(clerk.page.locator("#signed_by"), "白若溪")
    clerk.go(f"办理已核对的{FILES}份")
    clerk.visitor.see(f"将办理{FILES}份申请书。")
    clerk.visitor.shot("41_before_the_run")
    clerk.click(f"确认办理{FILES}份")
    expect(clerk.page.locator('#run[data-state="ended"]')).to_be_visible(timeout=30_000)
    clerk.visitor.see(f"已办理 {FILES}")
    clerk.visitor.shot("42_after_the_run")


def cost_of_rows(clerk: Hands) -> list[tuple[int, int]]:
    """择优 one by one: the side panel of two rows of the task's own table, which keeps them as a draft."""
    clerk.visitor.go("/recommendation/batches/1")
    clerk.go("择优确定推荐人选")
    return [cost(clerk, lambda row=row: choose_one(clerk, row)) for row in (1, 2)]


def choose_one(clerk: Hands, row: int) -> None:
    rows = clerk.visitor.form().locator('.records[data-field="declarations"] tr[data-row]')
    clerk.click(rows.nth(row - 1).get_by_role("button", name="编辑"))
    panel = clerk.page.locator("dialog.record-panel")
    clerk.click(panel.get_by_label("推荐", exact=True))
    clerk.type(panel.get_by_label("推荐顺序"), str(row))
    clerk.type(panel.get_by_label("考核及履职情况、推荐或不予推荐理由"), REASON)
    clerk.click(panel.get_by_role("button", name="保存本行"))
    expect(panel).to_have_count(0)


def choose(clerk: Hands) -> None:
    """推荐排序: all recommended with one reason, two names moved, then the task's own signature."""
    clerk.visitor.saved()
    clerk.visitor.go("/recommendation/batches/1")
    clerk.go("推荐排序")
    clerk.type(clerk.page.get_by_label("对未填理由的各人填入"), REASON)
    clerk.click("未定的全部推荐，并填入理由")
    clerk.visitor.see("已保存。")
    clerk.click(clerk.page.get_by_role("button", name="演练20上移"))
    clerk.click(clerk.page.get_by_role("button", name="演练30下移"))
    clerk.visitor.shot("43_ranking")
    clerk.go("保存，去办理择优确定推荐人选")
    clerk.type(clerk.visitor.field("择优推荐意见"), OPINION)
    clerk.type(clerk.visitor.field("单位负责人签字"), "贺兰山")
    clerk.decide("加入本批公示")


def publicise(clerk: Hands) -> None:
    open_task(clerk, "单位公示")
    clerk.moment("公示开始时间", "2023/10/13", "09:00")
    clerk.type(clerk.visitor.field("公示地点"), "一楼公示栏")
    clerk.type(clerk.visitor.field("反映方式"), "来电")
    clerk.decide("开始公示")


def close(clerk: Hands) -> None:
    clerk.visitor.set_clock("2023-10-20T09:00")
    open_task(clerk, "结束公示")
    clerk.upload("公示栏照片", files.picture(clerk.visitor.website.files, "公示栏照片.png"))
    clerk.click(clerk.visitor.form().get_by_label("无异议", exact=True))
    clerk.type(clerk.visitor.field("公示情况"), "无异议")
    clerk.type(clerk.visitor.field("经办人签字"), "白若溪")
    clerk.decide("结束公示")


def sign(head: Hands) -> None:
    open_task(head, "单位负责人签字盖章")
    head.type(head.visitor.field("基层单位推荐意见"), OPINION)
    head.type(head.visitor.field("单位负责人"), "贺兰山")
    head.moment("签字日期", "2023/10/20")
    head.upload("签字盖章页", files.paper(head.visitor.website.files, "签字盖章页.pdf"))
    head.decide("上传签字盖章页")


def send_up(clerk: Hands) -> None:
    open_task(clerk, "推荐上报")
    clerk.type(clerk.visitor.field("推荐上报人数"), str(FILES + MEASURED))
    clerk.click(clerk.visitor.form().get_by_label("本批人员均经公示无异议或经查实无问题"))
    clerk.type(clerk.visitor.field("经办人签字"), "白若溪")
    clerk.decide("推荐上报")


def to_the_desk(clerk: Hands) -> None:
    clerk.go(clerk.page.get_by_role("link", name="单位推荐", exact=True))
    clerk.go(clerk.page.locator("main a.card-link"))


def open_task(hands: Hands, name: str) -> None:
    """From the inbox, which the menu opens; a moved demo clock is no work of the person's."""
    hands.visitor.go("/tasks")
    hands.go(hands.page.locator("main table").get_by_role("link", name=name).first)
    hands.visitor.form()
