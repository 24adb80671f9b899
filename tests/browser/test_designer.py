"""Next year's notice in the browser: cloned, changed, checked, walked, rehearsed and published without a file."""

import os
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.editors import NAME, Board, cell, open_editor
from tests.browser.visitor import Visitor

NOTICE = "关于开展2023年重庆市工程技术大数据智能化专业职称申报评审工作的通知"
REHEARSED = 200 if os.environ.get("ZHIPING_TEST_EVERYTHING") else 40  # applicants; 200 take most of a minute
OWN_FORM, SCENARIO = "second_dept_check", "veteran_walk"
CATEGORY, WORDS = "veteran", "退役军人"


def test_a_designer_makes_next_years_notice_and_last_years_goes_on(visit: Callable[..., Visitor]) -> None:
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
    record(designer, draft)
    rehearse(designer, draft)
    published(designer, draft)
    run_on_it(visit, designer, draft)


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
    designer.shot("designer_06_second_level")


def offer_the_category(designer: Visitor, draft: int) -> None:
    """Form 8 offers the new category, and asks those who choose it for one field more."""
    page = designer.page
    editor = open_editor(designer, draft, "forms/declaration.json", "studio-form")
    panel = properties(editor)
    choose_field(editor, "申报人员身份")
    panel.get_by_role("button", name="加一项").click()
    panel.get_by_label("第12项：文字").fill(WORDS)
    panel.get_by_label("第12项：值").fill(CATEGORY)
    panel.get_by_label("第12项：值").press("Tab")
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
    """Ask for the draft to be published from the demo's first day on."""
    page = designer.page
    designer.go(f"/studio/drafts/{draft}/versions")
    page.get_by_label("施行日期").fill("2023-10-09")
    page.get_by_label("发布说明").fill("2024年度通知")
    page.get_by_role("button", name="检查并发布").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()


def record(designer: Visitor, draft: int) -> None:
    page = designer.page
    designer.go(f"/studio/drafts/{draft}")
    page.get_by_role("link", name="情景", exact=True).click()
    page.get_by_label("文件名").first.fill(SCENARIO)
    page.get_by_label("说明").fill("市属单位人员提交后由单位审核")
    designer.shot("designer_19_scenario")
    page.get_by_role("button", name="开始录制").click()
    designer.see("填写申请书", "已录步骤（0）")
    page.get_by_role("button", name="办理", exact=True).click()
    designer.see("已录步骤（1）", "单位审核")
    page.get_by_role("button", name="把此时记为预期").click()
    designer.see("已录步骤（2）")
    designer.shot("designer_20_recorded")


def rehearse(designer: Visitor, draft: int) -> None:
    page = designer.page
    designer.go(f"/studio/drafts/{draft}/rehearsal")
    page.get_by_label("申报人数").fill(str(REHEARSED))
    page.get_by_role("button", name="开始预演").click()
    designer.see(f"{REHEARSED}人，种子1")
    designer.shot("designer_21_rehearsing")
    report = page.get_by_role("link", name="查看报告")
    expect(report).to_be_visible(timeout=100_000)
    report.click()
    designer.see("发现的问题")
    designer.shot("designer_22_rehearsed")


def published(designer: Visitor, draft: int) -> None:
    publish(designer, draft)
    designer.see("已发布第1版（渝大数据发〔2024〕1号）")
    designer.shot("designer_23_published")


def run_on_it(visit: Callable[..., Visitor], designer: Visitor, draft: int) -> None:
    """An applicant of the new category begins on the new version; who began on last year's goes on there."""
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
    applicant.see("程景行", NAME, "公示不少于7个工作日", "2024年10月8日至2024年10月31日24时")
    applicant.shot("designer_24_way")
    applicant.click("开始填写申请书")
    expect(applicant.field("退役证编号")).to_be_visible()
    applicant.shot("designer_25_declaration")
    assert waiting_on(designer, f"/studio/drafts/{draft}/versions") == ["填写申请书"]
    designer.shot("designer_26_this_year")
    assert set(waiting_on(designer, "/studio/notices/n2_2023_bigdata")) == {"填写申请书"}
    designer.shot("designer_27_last_year")


def waiting_on(designer: Visitor, versions: str) -> list[str]:
    """Where the instances of the latest version stand that have not ended, from the page of that version."""
    designer.go(versions)
    designer.page.locator("table a[href$=instances]").first.click()
    designer.see("停在哪一步")
    rows = designer.page.locator("tbody tr").filter(has_text="办理中")
    return [row.locator("td").nth(3).inner_text() for row in rows.all()]
