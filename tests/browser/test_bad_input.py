"""Bad input, as people give it: a clear sentence, the field it concerns, and nothing that was filled in is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from app.domain import accounts, people
from app.models.declaration import Declaration
from app.models.process import Task
from tests.browser import files
from tests.browser.visitor import Visitor, Website

pytestmark = pytest.mark.bad_input
Visit = Callable[..., Visitor]
SOCIETY, TYPED = "学术(社会)团体任职", "市数据学会会员"


@pytest.fixture
def applicant(visit: Visit) -> Visitor:
    """张林 with his draft open."""
    visitor = visit("zhang.lin")
    visitor.open_task("填写申请书")
    return visitor


def test_a_second_too_late(applicant: Visitor) -> None:
    applicant.set_clock("2023-11-01T00:00:00")
    applicant.form().get_by_label("本人已阅读并签订").check()
    applicant.fill(SOCIETY, TYPED)
    with applicant.expecting(422):
        applicant.decide("提交申报")
        (sentence,) = applicant.problems()
    assert sentence == "网上申报已于2023年10月31日24时截止，本次不能提交。您填写的内容已保存。"
    applicant.shot("50_too_late")
    applicant.saved()
    applicant.page.reload()
    assert applicant.value(SOCIETY) == TYPED


def test_a_wrong_check_digit(applicant: Visitor) -> None:
    number = applicant.value("身份证件号码")
    applicant.fill("身份证件号码", f"{number[:-1]}{(int(number[-1]) + 1) % 10}")
    applicant.form().get_by_label("本人已阅读并签订").check()
    applicant.decide("提交申报")
    assert applicant.problems() == ["“身份证件号码”：身份证号校验未通过，请核对第18位附近的数字；应为18位。"]
    applicant.page.locator(".problems a").click()
    expect(applicant.field("身份证件号码")).to_be_focused()
    applicant.shot("51_check_digit")


def test_an_achievement_without_evidence(applicant: Visitor) -> None:
    panel = applicant.edit_row("achievements", 2)
    panel.get_by_role("button", name="移除 应用证明.pdf").click()
    panel.get_by_role("button", name="保存本行").click()
    expect(panel).to_contain_text("请上传“佐证材料”。")
    applicant.shot("52_row_without_evidence")
    panel.locator('input[type="file"]').set_input_files(files.paper(applicant.website.files, "应用证明2.pdf"))
    expect(panel.get_by_role("link", name="应用证明2.pdf")).to_be_visible()
    applicant.save_row()


def test_the_sentence_for_a_row_without_evidence(visit: Visit, website: Website) -> None:
    with website.database.transaction() as session:
        draft = session.scalars(select(Declaration).order_by(Declaration.id)).first()
        rows = draft.data["achievements"]
        draft.data = {**draft.data, "achievements": [rows[0], {**rows[1], "evidence": []}]}
    applicant = visit("zhang.lin")
    applicant.open_task("填写申请书")
    applicant.form().get_by_label("本人已阅读并签订").check()
    applicant.decide("提交申报")
    assert applicant.problems() == [
        "“取得现职称以来的主要业绩”第2行尚未上传佐证材料，请上传后再提交。涉密内容请先脱密处理。"
    ]
    applicant.shot("53_missing_evidence")


def test_a_file_too_large_and_one_of_a_false_type(applicant: Visitor) -> None:
    folder = applicant.website.files
    place = applicant.evidence("社保缴费记录")
    place.locator('input[type="file"]').set_input_files(files.heavy(folder, "大文件.pdf", 20))
    expect(place).to_contain_text("“大文件.pdf”为PDF、20")
    expect(place).to_contain_text("要求PDF、JPG、PNG、不超过20MB。原有内容未受影响。")
    with applicant.expecting(422):
        place.locator('input[type="file"]').set_input_files(files.disguised(folder, "假文件.pdf"))
        expect(place).to_contain_text("“假文件.pdf”为")
        expect(place).to_contain_text("要求PDF、JPG、PNG、不超过20MB。原有内容未受影响。")
    applicant.shot("54_files")
    expect(place.get_by_role("link", name="社保缴费记录.pdf")).to_be_visible()
    expect(place.get_by_role("link", name="假文件.pdf")).to_have_count(0)


def test_a_task_done_in_another_tab(applicant: Visitor) -> None:
    applicant.fill(SOCIETY, TYPED)
    applicant.saved()
    other = applicant.second_tab()
    other.open_task("填写申请书")
    other.form().get_by_label("本人已阅读并签订").check()
    other.decide_and_go("提交申报")
    applicant.form().get_by_label("本人已阅读并签订").check()
    with applicant.expecting(409), applicant.page.expect_response("**/complete"):
        applicant.decide("提交申报")
        applicant.see("此事项已由张林于2023年10月9日", "您填写的内容已保留在草稿中，可查看最新情况。")
    applicant.shot("55_stale_page")
    assert applicant.value(SOCIETY) == TYPED
    applicant.click("查看最新情况")
    applicant.see("此事项已由张林于2023年10月9日")


def test_a_double_click_submits_once(applicant: Visitor, website: Website) -> None:
    applicant.form().get_by_label("本人已阅读并签订").check()
    button = applicant.page.locator("[data-decision-bar]").get_by_role("button", name="提交申报")
    button.dblclick()
    applicant.see("已办理：填写申请书·张林·大数据中级")
    with website.database.reading() as session:
        checks = select(func.count()).select_from(Task).where(Task.name == "单位审核", Task.status == "open")
        assert session.scalar(checks) == 1
        numbers = select(Declaration.number).where(Declaration.number.is_not(None))
        assert session.scalars(numbers).all() == ["2023000001"]


def test_a_login_that_ends_while_filling_in(applicant: Visitor, website: Website) -> None:
    with website.database.transaction() as session:
        person = people.by_account(session, "zhang.lin")
        assert person is not None
        accounts.revoke_all(session, person.id)
    applicant.fill(SOCIETY, TYPED)
    with applicant.expecting(401):
        applicant.see("登录已过期。您填写的内容已保存在本页，请重新登录后继续。")
    applicant.shot("56_login_expired")
    applicant.click("重新登录")
    applicant.page.locator('button[name="account"][value="zhang.lin"]').click()
    applicant.see("尚未保存的内容。")
    assert applicant.value(SOCIETY) == "无"
    applicant.shot("57_content_offered_back")
    applicant.click("恢复填写的内容")
    expect(applicant.field(SOCIETY)).to_have_value(TYPED)
    applicant.saved()


def test_a_task_of_another_office(visit: Visit, applicant: Visitor) -> None:
    address = applicant.path()
    stranger = visit("clerk.enterprise")
    with stranger.expecting(403):
        stranger.go(address)
        stranger.see("此事项由", "您当前身份为")
    stranger.shot("58_another_office")
