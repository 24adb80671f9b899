"""A designer makes next year's notice without touching a file; a second one meets him and loses nothing."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.visitor import Visitor

NOTICE = "关于开展2023年重庆市工程技术大数据智能化专业职称申报评审工作的通知"


def test_last_years_notice_becomes_next_years_draft(visit: Callable[..., Visitor]) -> None:
    designer = visit("designer")
    page = designer.page
    designer.go("/studio")
    assert violations(page) == []
    page.get_by_role("link", name=f"复制上一年：{NOTICE}").click()
    page.get_by_label("文号").fill("渝大数据发〔2024〕1号")
    page.get_by_role("button", name="建立草稿").click()
    page.wait_for_url("**/studio/drafts/*")
    designer.see("1个评委会的时间仍是2024年以前的")
    assert violations(page) == []
    draft = designer.path()

    designer.go(f"{draft}/parameters/unit_publicity_wd")
    page.get_by_label("值", exact=True).fill("7")
    page.get_by_label("修改原因").fill("通知改为7个工作日")
    page.get_by_role("button", name="保存").click()
    designer.see("“单位公示天数（不少于）”已保存", "通知改为7个工作日")
    assert violations(page) == []

    page.get_by_role("link", name="评委会与时间", exact=True).click()
    page.get_by_role("button", name="预览").click()
    designer.see("遇国庆节顺延")
    page.get_by_role("button", name="确认移动").click()
    designer.see("2024年10月8日至2024年10月31日24时")
    assert violations(page) == []

    _two_at_one_file(designer, visit("admin"), f"{draft}/files/documents/form8.typ")

    designer.go(draft)
    page.get_by_role("link", name="与所依据的版本比较").click()
    designer.see("5工作日", "7工作日", "网上申报开始：“2023-10-07” → “2024-10-08”", "form8.typ")
    assert violations(page) == []


def _two_at_one_file(one: Visitor, other: Visitor, address: str) -> None:
    for each in (one, other):
        each.go(address)
        expect(each.page.locator("[data-island=source][data-ready]")).to_be_visible()
    other.see("杜思齐也打开了本文件")
    other.watch.allowed.add(409)
    _write(one.page, "// 甲")
    expect(one.page.locator(".source-bar")).to_contain_text("已保存")
    _write(other.page, "// 乙")
    dialog = other.page.get_by_role("dialog")
    expect(dialog).to_contain_text("“杜思齐”")
    dialog.get_by_role("button", name="查看对方版本").click()
    assert dialog.get_by_label("对方版本").input_value().startswith("// 甲")
    dialog.get_by_role("button", name="以我的为准重新保存").click()
    expect(other.page.locator(".source-bar")).to_contain_text("已保存")
    one.page.reload()
    assert one.page.locator(".source textarea").input_value().startswith("// 乙")


def _write(page: Page, line: str) -> None:
    """A first line, saved at once."""
    text = page.locator(".source textarea")
    text.fill(f"{line}\n{text.input_value()}")
    text.press("Control+s")
