"""Next year's notice made in the browser without a file, from the clone to a case that runs on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import serving
from tests.browser.editors import NAME, Board, cell, open_editor
from tests.browser.next_year import (
    CATEGORY,
    LAST,
    OLD_CASE,
    Visit,
    last_years_goes_on,
    nobody_pays,
    played,
    submitted_this_year,
    the_new_level_decides,
)
from tests.browser.visitor import Visitor, Website

NOTICE = "关于开展2023年重庆市工程技术大数据智能化专业职称申报评审工作的通知"
REHEARSED = 200  # applicants
OWN_FORM, SCENARIO = "second_dept_check", "veteran_walk"
WORDS = "退役军人"


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    with serving.served(bare_season, tmp_path) as site:
        yield site


def test_a_designer_makes_next_years_notice_and_last_years_goes_on(visit: Visit, website: Website) -> None:
    old = played(website, LAST, "2023-10-10 09:00", "deng.ke", OLD_CASE)
    designer = visit("designer")
    draft = clone(designer)
    set_parameters(designer, draft)
    make_the_form(designer, draft)
    insert_the_level(designer, draft)
    offer_the_category(designer, draft)
    add_the_route(designer, draft)
    remove_payment(designer, draft)
    move_the_windows(designer, draft)
    mend(designer, draft)
    begin_to_rehearse(designer, draft)
    record(designer, draft)
    on_a_telephone(visit, draft)
    rehearsed(designer, draft)
    published(designer, draft)
    last_years_goes_on(designer, old)
    new = submitted_this_year(visit, designer, website)
    the_new_level_decides(visit, designer, draft, new)
    nobody_pays(designer, draft, new)


def clone(designer: Visitor) -> int:
    page = designer.page
    designer.go("/studio")
    page.get_by_role("link", name=f"复制上一年：{NOTICE}").click()
    page.get_by_label("文号").fill("待编号")
    designer.shot("designer_01_clone")
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_url("**/studio/drafts/*")
    designer.see("1个评委会的时间仍是2024年以前的")
    designer.shot("designer_02_overview")
    return int(designer.path().rpartition("/")[2])


def set_parameters(designer: Visitor, draft: int) -> None:
    page = designer.page
    designer.go(f"/studio/drafts/{draft}/parameters/unit_publicity_wd")
    page.get_by_label("值", exact=True).fill("7")
    page.get_by_label("修改原因").fill("通知改为7个工作日")
    page.get_by_role("button", name="保存").click()
    designer.see("“单位公示天数（不少于）”已保存")
    designer.shot("designer_03_publicity")
    designer.go(f"/studio/drafts/{draft}/parameters/pass_fraction")
    page.get_by_label("分子").fill("3")
    page.get_by_label("分母").fill("4")
    page.get_by_label("修改原因").fill("通过比例提高到四分之三")
    page.get_by_role("button", name="保存").click()
    designer.see("已保存", "通过比例提高到四分之三")
    designer.shot("designer_04_pass_fraction")


def make_the_form(designer: Visitor, draft: int) -> None:
    """The second level's own form: a copy of the department's whose opinion says whose it is."""
    page = designer.page
    designer.go(f"/studio/drafts/{draft}/list/forms")
    page.get_by_label("文件名").fill(OWN_FORM)
    page.get_by_label("内容").select_option("forms/dept_check.json")
    page.get_by_role("button", name="新建").click()
    editor = page.locator("[data-island=studio-form][data-ready]")
    expect(editor).to_be_visible()
    choose_field(editor, "主管部门意见")
    properties(editor).get_by_label("标题").fill("市级主管部门意见")
    save_form(editor)
    designer.shot("designer_05_own_form")


def insert_the_level(designer: Visitor, draft: int) -> None:
    board = Board(designer, draft)
    board.open()
    board.insert_level()
    board.told("要从这里取 form")
    board.follow("要从这里取 form")
    board.fill_level(OWN_FORM, 'body("department")')
    board.fill_answers()
    board.told("检查：0处错误")
    board.save()
    expect(board.page.locator("[data-inherited]")).to_have_count(0)
    board.page.locator(".djs-container").click(position={"x": 500, "y": 60})  # nothing is chosen: the whole is seen
    designer.shot("designer_06_second_level")


def offer_the_category(designer: Visitor, draft: int) -> None:
    """Form 8 offers the new category, asks those who choose it for their bodies too, and for one field more."""
    page = designer.page
    editor = open_editor(designer, draft, "forms/declaration.json", "studio-form")
    panel = properties(editor)
    choose_field(editor, "申报人员身份")
    panel.get_by_role("button", name="加一项").click()
    panel.get_by_label("第12项：文字").fill(WORDS)
    panel.get_by_label("第12项：值").fill(CATEGORY)
    panel.get_by_label("第12项：值").press("Tab")
    for asked_too in ("所在单位", "参保单位", "单位主管部门"):
        choose_field(editor, asked_too)
        with page.expect_response("**/check"):  # what is asked after a pause leaves the tick as it is
            panel.get_by_label(WORDS, exact=True).check()
        expect(panel.get_by_label(WORDS, exact=True)).to_be_checked()
    page.get_by_label("查找组件").fill("单行")
    page.get_by_title("添加单行文字").press("Enter")
    panel.get_by_label("标题").fill("退役证编号")
    panel.get_by_label("字段名").fill("veteran_number")
    panel.get_by_label("必填").check()
    panel.get_by_label("显示", exact=True).select_option("符合条件时才显示")
    panel.get_by_label("看哪个字段").select_option("category")
    panel.get_by_label(WORDS, exact=True).check()
    panel.get_by_label("市属").uncheck()
    expect(panel).to_contain_text("按示例数据：现在隐藏")
    save_form(editor)
    designer.shot("designer_07_form8")


def add_the_route(designer: Visitor, draft: int) -> None:
    """The table of routes is told of the category, given a row for it, and the row that took all others is narrowed."""
    page = designer.page
    editor = open_editor(designer, draft, "decisions/route.dmn", "studio-decision")
    page.get_by_role("button", name="人员类别（申报渠道）").click()
    values = page.get_by_label("可选值")
    values.fill(f"{values.input_value()}\n{CATEGORY}")
    designer.shot("designer_08_route_values")
    page.get_by_role("button", name="确定").click()
    cell(page, 1, 1).click()
    page.get_by_role("button", name="复制本行").click()
    cell(page, 2, 1).dblclick()
    page.get_by_label("条件", exact=True).fill(f'"{CATEGORY}"')
    page.keyboard.press("Enter")
    overlap = editor.locator(".findings li").filter(has_text="第2行与第12行同时相符")
    expect(overlap).to_be_visible()
    designer.shot("designer_09_route_overlap")
    cell(page, 12, 1).dblclick()
    page.locator(".cell-ticks").get_by_text(WORDS, exact=True).click()
    page.keyboard.press("Enter")
    save_table(editor)
    designer.shot("designer_10_route")


def remove_payment(designer: Visitor, draft: int) -> None:
    board = Board(designer, draft, "diagrams/handling.bpmn")
    board.open()
    board.choose("缴纳评审费")
    designer.shot("designer_11_payment")
    designer.page.locator(".djs-context-pad").get_by_title("删除", exact=True).click()
    board.told("没有发现问题")
    board.save()
    designer.shot("designer_12_no_payment")


def move_the_windows(designer: Visitor, draft: int) -> None:
    page = designer.page
    designer.go(f"/studio/drafts/{draft}")
    page.get_by_role("link", name="评委会与时间", exact=True).click()
    page.get_by_role("button", name="预览").click()
    designer.see("遇国庆节顺延")
    designer.shot("designer_13_preview")
    page.get_by_role("button", name="确认移动").click()
    designer.see("2024年10月8日至2024年10月31日24时")
    designer.shot("designer_14_moved")


def properties(editor: Locator) -> Locator:
    return editor.get_by_label("属性", exact=True)


def choose_field(editor: Locator, label: str) -> None:
    editor.locator(".fjs-element").filter(has_text=label).last.click()
    expect(properties(editor).get_by_label("标题")).to_have_value(label)


def save_form(editor: Locator) -> None:
    editor.get_by_role("button", name="保存", exact=True).click()
    expect(editor.locator(".form-studio-state")).to_contain_text("已保存")


def mend(designer: Visitor, draft: int) -> None:
    """What speaks against publishing is read and put right: no number yet, a time to pay in, last year's dates."""
    page = designer.page
    with designer.expecting(422):
        publish(designer, draft)
        designer.see("文号尚未填写")
    designer.shot("designer_15_refused")
    page.get_by_role("link", name="文字", exact=True).click()
    page.get_by_label("文号").fill("渝大数据发〔2024〕1号")
    page.get_by_role("button", name="保存").click()
    designer.see("已保存")
    designer.go(f"/studio/drafts/{draft}/committees/1")
    for day in ("pay_from_on", "pay_to_on"):  # nobody pays
        page.locator(f"#{day}").fill("")
    page.get_by_role("button", name="保存").click()
    designer.see("已保存")
    designer.go(f"/studio/drafts/{draft}/parameters/fee")
    for row in (1, 2, 3):
        page.get_by_label(f"第{row}行的值").fill("0")
    page.get_by_label("修改原因").fill("本年不收评审费")
    page.get_by_role("button", name="保存").click()
    designer.see("已保存", "本年不收评审费")
    designer.shot("designer_16_no_fee")
    designer.go(f"/studio/drafts/{draft}/parameters/tenure_cutoff")
    page.get_by_label("值", exact=True).fill("2024-12-31")
    page.get_by_label("修改原因").fill("改为本年年底")
    page.get_by_role("button", name="保存").click()
    designer.see("已保存")
    designer.go(f"/studio/drafts/{draft}")
    designer.shot("designer_17_findings")
    finding = page.locator(".studio-findings li").filter(has_text=f"申报表的选项“{WORDS}”在决策表中没有相应的行")
    finding.get_by_role("link", name="打开 insurance.dmn").click()
    cover_in_the_table_of_insurance(designer)
    designer.go(f"/studio/drafts/{draft}")
    designer.see("检查结果")
    expect(finding).to_have_count(0)
    expect(page.locator(".studio-findings .mark-overdue")).to_have_count(0)
    designer.shot("designer_18_mended")


def cover_in_the_table_of_insurance(designer: Visitor) -> None:
    """The new category is among those to whom the months of insurance do not apply."""
    page = designer.page
    editor = page.locator("[data-island=studio-decision][data-ready]")
    expect(editor).to_be_visible()
    editor.get_by_role("button", name="列入可选值").click()
    expect(editor.locator(".findings")).to_contain_text(f"没有一行适用于 人员类别（申报渠道）：{WORDS}")
    cell(page, 7, 1).dblclick()
    page.locator(".cell-ticks").get_by_text(WORDS, exact=True).click()
    page.keyboard.press("Enter")
    save_table(editor)


def save_table(editor: Locator) -> None:
    """Sound, and saved."""
    expect(editor).to_contain_text("没有发现问题")
    editor.page.keyboard.press("Control+s")
    expect(editor.locator(".decision-state")).to_contain_text("已保存")


def publish(designer: Visitor, draft: int) -> None:
    """Ask for the draft to be published, in force from the day that it says itself."""
    page = designer.page
    designer.go(f"/studio/drafts/{draft}/versions")
    page.get_by_label("发布说明").fill("2024年度通知")
    page.get_by_role("button", name="检查并发布").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()


def record(designer: Visitor, draft: int) -> None:
    """Somebody of the new category submits; who is asked next, and as what he counts, is kept as expected."""
    page = designer.page
    designer.go(f"/studio/drafts/{draft}")
    page.get_by_role("link", name="情景", exact=True).click()
    page.get_by_label("文件名").first.fill(SCENARIO)
    page.get_by_label("说明").fill(f"{WORDS}提交后由单位审核")
    designer.shot("designer_19_scenario")
    page.get_by_role("button", name="开始录制").click()
    designer.see("填写申请书", "已录步骤（0）")
    page.get_by_text("其他内容").click()
    page.get_by_role("textbox", name="其他内容").fill(f"category: {CATEGORY}\nveteran_number: 渝退字第2024001号")
    page.get_by_role("button", name="办理", exact=True).click()
    designer.see("已录步骤（1）", "填写申请书：提交申报，申报人员身份 退役军人", "山城数智研究院 单位职称管理员")
    page.get_by_role("button", name="把此时记为预期").click()
    designer.see("已录步骤（2）", "预期：单位审核（山城数智研究院 单位职称管理员）；已提交，待单位审核")
    designer.shot("designer_20_recorded")


def begin_to_rehearse(designer: Visitor, draft: int) -> None:
    """It goes on by itself while the designer does other things."""
    page = designer.page
    designer.go(f"/studio/drafts/{draft}/rehearsal")
    page.get_by_label("申报人数").fill(str(REHEARSED))
    page.get_by_role("button", name="开始预演").click()
    designer.see(f"{REHEARSED}人，种子1")


def on_a_telephone(visit: Visit, draft: int) -> None:
    """The workspace is made for a desk; a telephone must not break it."""
    telephone = visit("designer", phone=True)
    for number, tab in enumerate(("", "/committees", "/rehearsal", "/files/diagrams/climb.bpmn"), start=1):
        telephone.go(f"/studio/drafts/{draft}{tab}")
        telephone.see("2024年")
        assert telephone.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
        telephone.shot(f"designer_telephone_{number}")


def rehearsed(designer: Visitor, draft: int) -> None:
    """Everybody of the season is accounted for, all went the new way, and nobody was asked for money."""
    page = designer.page
    designer.go(f"/studio/drafts/{draft}/rehearsal")
    designer.shot("designer_21_rehearsing")
    report = page.get_by_role("link", name="查看报告")
    expect(report).to_be_visible(timeout=240_000)
    report.click()
    designer.see("“主管部门审核推荐”", "错过“逐级审核截止”，期限可能过短")
    ends = page.get_by_role("region", name="结果").locator("tbody tr")
    counted = {row.locator("th").inner_text(): int(row.locator("td").inner_text()) for row in ends.all()}
    assert (counted["已确认职称资格"] > REHEARSED // 4, sum(counted.values()) >= REHEARSED) == (True, True), counted
    missed = page.get_by_role("region", name="错过的期限").locator("tbody tr").filter(has_text=NAME)
    expect(missed).to_contain_text("单位主管部门")
    unreached = page.get_by_role("region", name="从未走到的元素")
    expect(unreached.get_by_text("从未启动的流程：")).to_contain_text("缴纳评审费")
    expect(unreached.locator("summary").filter(has_text="逐级审核推荐")).to_have_count(0)  # each of its steps was taken
    designer.shot("designer_22_rehearsed")


def published(designer: Visitor, draft: int) -> None:
    publish(designer, draft)
    designer.see("已发布第1版（渝大数据发〔2024〕1号）")
    designer.shot("designer_23_published")
