"""The editors of tables and forms: a new category of applicant gets a row and a field, tried out before it is used."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import violations
from tests.browser.editors import cell, open_editor, saved
from tests.browser.visitor import Visitor, Website

TABLE = "decisions/insurance.dmn"
FORM = "forms/declaration.json"


def test_a_new_category_of_applicant_gets_a_row_and_a_field(
    visit: Callable[..., Visitor], website: Website, draft: int
) -> None:
    designer = visit("designer")
    _close_the_gap(designer, draft)
    table = saved(website, draft, TABLE)
    assert '"none_of_these","veteran"' in table
    assert "<description>退役军人参照流动人员</description>" in table

    _ask_for_the_certificate(designer, draft)
    assert '"key": "veteran_number"' in saved(website, draft, FORM)
    assert '"hide": "=not(category in [\\"mobile\\", \\"freelancer\\"])"' in saved(website, draft, FORM)


def _close_the_gap(designer: Visitor, draft: int) -> None:
    page = designer.page
    editor = open_editor(designer, draft, TABLE, "studio-decision")
    expect(editor).to_contain_text("没有发现问题")
    page.get_by_role("button", name="人员类别（申报渠道）").click()
    values = page.get_by_label("可选值")
    values.fill(values.input_value() + "\nveteran")
    page.get_by_role("button", name="确定").click()
    gap = editor.locator(".findings li").filter(has_text="没有一行适用于 人员类别（申报渠道）：veteran")
    gap.get_by_role("button", name="试这一例").click()
    expect(editor.locator(".try-row")).to_contain_text("没有与输入相符的行")
    designer.shot("decision-gap")

    gap.get_by_role("button", name="补上这一行").click()
    expect(cell(page, 8, 4)).to_be_focused()
    _tick_and_take_back(page)
    for written in ("insurance", "twelve"):  # a number is asked for in the second
        page.keyboard.type(written)
        page.keyboard.press("Tab")
    expect(editor.locator(".findings")).to_contain_text("“twelve”不是本表的输入；文字须加双引号")
    expect(cell(page, 8, 5)).to_have_attribute("aria-invalid", "true")
    cell(page, 8, 5).click()
    for written in ("12", "R-101", "N2"):
        page.keyboard.type(written)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="依据").fill("退役军人参照流动人员")
    page.keyboard.press("Enter")
    expect(editor).to_contain_text("没有发现问题")
    expect(editor.locator("tr.is-matched")).to_contain_text("退役军人参照流动人员")
    expect(editor.locator(".try-row")).to_contain_text("第8行适用")
    assert violations(page) == []

    page.keyboard.press("Control+z")
    expect(editor.locator("tr.is-matched")).not_to_contain_text("退役军人参照流动人员")
    page.keyboard.press("Control+y")
    expect(editor.locator("tr.is-matched")).to_contain_text("退役军人参照流动人员")
    page.keyboard.press("Control+s")
    expect(editor.locator(".decision-state")).to_contain_text("已保存")
    designer.shot("decision-closed")


def _tick_and_take_back(page: Page) -> None:
    cell(page, 8, 2).dblclick()
    page.locator(".cell-ticks").get_by_text("重庆", exact=True).click()
    page.keyboard.press("Enter")
    expect(cell(page, 8, 2)).to_contain_text("重庆")
    page.keyboard.press("Control+z")
    expect(cell(page, 8, 2)).to_contain_text("任意")
    cell(page, 8, 4).click()


def _ask_for_the_certificate(designer: Visitor, draft: int) -> None:
    page = designer.page
    editor = open_editor(designer, draft, FORM, "studio-form")
    expect(editor).to_contain_text("没有发现问题")
    panel = editor.get_by_label("属性", exact=True)
    page.get_by_label("查找组件").fill("单行")
    page.get_by_title("添加单行文字").press("Enter")
    panel.get_by_label("标题").fill("退役证编号")
    panel.get_by_label("字段名").fill("veteran_number")
    panel.get_by_label("必填").check()
    _set_the_condition(panel)
    designer.shot("form-condition")
    assert violations(page) == []

    _look_at_it_both_ways(designer, editor)
    editor.get_by_role("button", name="返回编辑").click()
    editor.get_by_role("button", name="保存", exact=True).click()
    expect(editor.locator(".form-studio-state")).to_contain_text("已保存")
    editor = open_editor(designer, draft, FORM, "studio-form")
    editor.locator(".fjs-element[data-field-type=textfield]").filter(has_text="退役证编号").click()
    expect(panel.get_by_label("字段名")).to_have_value("veteran_number")


def _set_the_condition(panel: Locator) -> None:
    """First one that the server does not take, then one that is chosen."""
    panel.get_by_label("显示", exact=True).select_option("自己写条件")
    panel.get_by_label("隐藏的条件").fill("=not(categry = 1)")
    panel.get_by_label("隐藏的条件").press("Tab")
    expect(panel).to_contain_text("用到了不存在的字段“categry”")
    panel.get_by_label("显示", exact=True).select_option("符合条件时才显示")
    panel.get_by_label("看哪个字段").select_option("category")
    for words in ("流动人员", "自由职业者"):
        panel.get_by_label(words, exact=True).check()
    panel.get_by_label("市属").uncheck()
    expect(panel).to_contain_text("按示例数据：现在隐藏")


def _look_at_it_both_ways(designer: Visitor, editor: Locator) -> None:
    editor.get_by_role("button", name="预览").click()
    shown = designer.page.frame_locator("iframe[title=填写人看到的表单]")
    expect(shown.locator("[data-island=form][data-ready]")).to_be_visible()
    expect(editor).to_contain_text("现在提交，服务器不会提出问题。")
    expect(shown.get_by_label("退役证编号")).to_have_count(0)
    shown.get_by_label("申报人员身份").select_option("自由职业者")
    expect(shown.get_by_label("退役证编号")).to_have_value("示例退役证编号")
    shown.get_by_label("退役证编号").fill("")
    expect(editor.locator(".preview-problems")).to_contain_text("请填写“退役证编号”。")
    designer.shot("form-preview")
    editor.get_by_role("button", name="手机").click()
    expect(shown.get_by_label("退役证编号")).to_be_visible()
    editor.get_by_role("button", name="空白").click()
    expect(editor.locator(".preview-problems")).to_contain_text("请填写“姓名”。")
    designer.shot("form-preview-phone")
