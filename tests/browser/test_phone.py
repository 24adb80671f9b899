"""At 390 points, the width of a telephone, what people do on the way fits without scrolling sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]


def fits(visitor: Visitor, name: str) -> None:
    """Nothing of the page lies beside the screen."""
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == visitor.page.viewport_size["width"]
    visitor.shot(f"40_phone_{name}")


def test_the_login_page_fits(visit: Visit) -> None:
    stranger = visit(phone=True)
    stranger.go("/login")
    stranger.see("演示账号")
    fits(stranger, "login")


@pytest.mark.parametrize(
    ("name", "path", "words"),
    [("mine", "/declarations", "我的申请书"), ("inbox", "/tasks", "填写申请书"), ("notices", "/notices", "申报通知")],
)
def test_the_applicants_lists_fit(visit: Visit, name: str, path: str, words: str) -> None:
    applicant = visit("zhang.lin", phone=True)
    applicant.go(path)
    applicant.see(words)
    fits(applicant, name)


def test_the_top_bar_fits_whoever_acts_for_an_office(visit: Visit) -> None:
    clerk = visit("clerk.institute", phone=True)
    for name, path, words in (("office_inbox", "/tasks", "单位中心"), ("desk", "/recommendation", "单位推荐")):
        clerk.go(path)
        clerk.see(words)
        fits(clerk, name)


def test_the_form_fits_and_shows_one_section_at_a_time(visit: Visit) -> None:
    applicant = visit("zhang.lin", phone=True)
    applicant.open_task("填写申请书")
    fits(applicant, "form")
    expect(applicant.page.locator(".decision-status")).to_be_empty()  # reading alone changes nothing
    parts = applicant.page.get_by_label("转到")
    expect(parts).to_be_visible()
    expect(applicant.field("姓名")).to_be_visible()
    expect(applicant.field("社保缴费月数")).to_be_hidden()
    parts.select_option(parts.locator("option", has_text="社保与档案").get_attribute("value"))
    expect(applicant.field("社保缴费月数")).to_be_visible()
    fits(applicant, "form_section")
    applicant.decide("提交申报")
    assert applicant.problems() == ["请阅读并签订《个人承诺书》后再提交。"]
    applicant.page.locator(".problems a").click()
    expect(applicant.form().get_by_label("本人已阅读并签订")).to_be_focused()
    fits(applicant, "form_problem")


def test_a_long_menu_stays_in_one_line(visit: Visit) -> None:
    clerk = visit("clerk.institute")
    last = clerk.page.get_by_role("link", name="机构联系方式")
    expect(last).to_be_hidden()
    more = clerk.page.get_by_role("button", name="更多")
    more.focus()
    clerk.page.keyboard.press("Enter")
    expect(last).to_be_visible()
    clerk.shot("menu_wide")
    last.focus()
    clerk.page.keyboard.press("Enter")
    clerk.page.wait_for_url("**/contacts**")
    assert clerk.page.locator("header.navbar").bounding_box()["height"] < 70


def test_the_menu_opens(visit: Visit) -> None:
    applicant = visit("zhang.lin", phone=True)
    expect(applicant.page.get_by_role("link", name="申报通知")).to_be_hidden()
    applicant.page.get_by_role("button", name="打开菜单").click()
    expect(applicant.page.get_by_role("link", name="申报通知")).to_be_visible()
    fits(applicant, "menu")
