"""From two paid declarations to a certificate, its revocation and a recheck: everybody in a browser of his own."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from app import clock
from app.cli.scenarios import run
from app.cli.scenarios.case import of_dict
from app.cli.scenarios.player import Player
from app.db import Database
from app.domain.demo_people import PASSWORD
from app.models.certificate import Certificate
from tests.browser import serving, sitting
from tests.browser.conftest import SCREENS
from tests.browser.visitor import Visitor, Website
from tests.support.walk import N2, SCENARIOS

Visit = Callable[..., Visitor]
CONFIRMED, REVOKED = "渝职改办〔2023〕312号", "渝职改办〔2023〕330号"
TABLET = (834, 1112)
BEGINS = datetime(2023, 11, 27, 9, 0, tzinfo=clock.SHANGHAI)
ENGINEER = {"base": "municipal_engineer", "committee": 1}
PAID = {
    "case": "PAID",
    "notice": N2,
    "clock": "2023-10-09 09:00",
    "declarations": {"first": {"applicant": "zhang.lin", **ENGINEER}, "second": {"applicant": "sun.tao", **ENGINEER}},
    "steps": [
        {"complete": "fill_form", "of": "all"},
        {"complete": "unit_check", "of": "all", "with": {"decision": "pass"}},
        {"play": "recommend", "with": {"start": "2023-10-10", "close": "2023-10-17", "count": 2}},
        {"complete": "dept_check", "of": "all", "with": {"decision": "pass"}},
        {"at": "2023-11-06 10:00"},
        {"complete": "committee_accept", "of": "all", "with": {"decision": "accept"}},
        {"at": "2023-11-16 09:00"},
        {"import_payments": {"by": "finance", "all": {"amount": 240, "paid_on": "2023-11-16"}}},
        {"at": f"{BEGINS:%Y-%m-%d %H:%M}"},
    ],
}


@pytest.fixture
def website(bare_season: Path, tmp_path: Path) -> Iterator[Website]:
    """Two declarations of one unit wait, paid, for their review."""
    folder = tmp_path / "paid"
    shutil.copytree(bare_season, folder)
    database = Database(f"sqlite:///{folder / serving.DATABASE}")
    player = Player(of_dict(PAID, SCENARIOS / "paid.yaml"), database, folder / "attachments")
    player.begin()
    for step in player.case.steps:
        run.perform(player, step)
    database.dispose()
    with serving.served(folder, tmp_path, BEGINS) as site:
        yield site


@pytest.fixture
def tablet(browser: Browser, website: Website) -> Iterator[Callable[[str], Visitor]]:
    """`tablet("expert.020")`: that expert with a tablet of his own, logged in by his password."""
    visitors: list[Visitor] = []

    def hand_out(account: str) -> Visitor:
        visitor = Visitor(browser, website, SCREENS, TABLET)
        visitors.append(visitor)
        visitor.go("/login")
        visitor.page.get_by_label("账号", exact=True).fill(account)
        visitor.page.get_by_label("密码", exact=True).fill(PASSWORD)
        visitor.click("登录")
        visitor.page.wait_for_url(lambda url: "/login" not in url)
        return visitor

    yield hand_out
    for visitor in visitors:
        visitor.close()
    assert not (faults := [fault for visitor in visitors for fault in visitor.watch.faults]), "\n".join(faults)


def test_from_paid_to_certificate_recheck_and_revocation(
    visit: Visit, tablet: Callable[[str], Visitor], website: Website
) -> None:
    office, supervisor, authority = visit("committee"), visit("discipline"), visit("municipal.tro")
    desk = sitting.call_session(office)
    sitting.draw_experts(visit("draw.operator"), supervisor)
    chair, deputy, *experts = (tablet(account) for account in sitting.invited(website.database))
    for each in (chair, deputy, *experts):
        sitting.accept(each)
    sitting.fix_agenda(office, desk)
    sitting.sit_down(office, desk, {1: chair, **dict(enumerate(experts, 3))})
    sitting.open_session(office, desk)
    sitting.vote(office, desk, [chair, *experts])
    sitting.announce_and_minute(office, desk, chair, visit("minutes"))
    stranger = visit()
    publicise(office, authority, stranger)
    confirm(office, authority)
    holder = visit("zhang.lin")
    number, code = archive(visit("dept.city"), holder, visit("clerk.institute"), website.database)
    check_certificate(stranger, number, code, "有效")
    recheck(visit("sun.tao"), office)
    complain(stranger, office, authority)
    check_certificate(stranger, number, code, "证书已失效（职称已撤销）")
    stranger.shot("99_certificate_revoked")
    holder.go("/certificates")
    holder.see("证书已失效（职称已撤销）")


def publicise(office: Visitor, authority: Visitor, stranger: Visitor) -> None:
    """Reported within the week, shown to everybody for five working days, gone after."""
    office.open_task("报送评审情况报告")
    office.see("截止2023年12月15日24时")
    office.fill("评审情况", "评审会议按规定程序组织，表决有效。")
    sitting.sign(office, "经办人签字", "罗知行")
    office.decide_and_go("报送")
    office.set_clock("2023-12-11T09:00")
    office.open_task("评审结果公示")
    office.fill("公示人数", "1")
    sitting.sign(office, "经办人签字", "罗知行")
    office.shot("88_result_publicity")
    office.decide_and_go("开始公示")
    authority.open_task("同步公示")
    sitting.sign(authority, "经办人签字", "任文渊")
    authority.decide_and_go("同步公示")
    stranger.go("/results")
    stranger.page.get_by_role("link", name="查看名单").click()
    stranger.see("2023年12月11日至2023年12月15日", "市职改办自2023年12月11日09:00起同步公示", "张林", "山城数智研究院")
    expect(stranger.page.locator("main")).not_to_contain_text("孙涛")
    stranger.shot("89_result_page")
    office.fast_forward()
    assert office.clock() == "2023-12-16T00:00"
    stranger.go("/results")
    stranger.see("现在没有正在进行的评审结果公示")


def confirm(office: Visitor, authority: Visitor) -> None:
    office.set_clock("2023-12-18T09:00")
    office.open_task("代拟职称资格确认通知")
    office.see("截止2024年1月8日24时", "不计的日子", "12月31日（元旦）、1月1日（元旦）、1月6日（周六）")
    sitting.sign(office, "经办人签字", "罗知行")
    office.decide_and_go("报请确认")
    authority.open_task("确认印发")
    authority.fill("文号", CONFIRMED)
    authority.fill_day("印发日期", "2023/12/18")
    authority.fill("确认人数", "1")
    sitting.sign(authority, "经办人签字", "任文渊")
    authority.shot("90_confirm")
    authority.decide_and_go("确认印发")


def archive(department: Visitor, holder: Visitor, clerk: Visitor, database: Database) -> tuple[str, str]:
    """Forwarded, printed, sealed and filed; gives the certificate's number and the text of its code."""
    department.open_task("转发确认通知")
    department.see("截止2024年1月18日24时")
    sitting.sign(department, "经办人签字", "程景行")
    department.decide_and_go("转发")
    holder.open_task("打印评审表")
    expect(holder.page.get_by_role("link", name="职称申报评审表", exact=True)).to_be_visible()
    holder.form().get_by_label("已打印").check()
    holder.shot("91_print_form")
    holder.decide_and_go("已打印")
    clerk.open_task("补盖鲜章")
    clerk.form().get_by_label("评审表各级意见栏已补盖鲜章").check()
    sitting.sign(clerk, "经办人签字", "白若溪")
    clerk.decide_and_go("已盖章")
    clerk.open_task("评审材料归档")
    clerk.fill_day("归档日期", "2023/12/18")
    sitting.sign(clerk, "经办人签字", "白若溪")
    clerk.shot("92_archive")
    clerk.decide_and_go("归档")
    holder.go("/certificates")
    holder.see("有效", CONFIRMED, "取得时间", "2023年12月8日")
    holder.shot("93_certificate")
    with holder.page.expect_download() as saved:
        holder.click("下载证书")
    assert saved.value.path().read_bytes().startswith(b"%PDF")
    with database.reading() as session:
        found = session.scalars(select(Certificate)).one()
        return found.number, found.payload


def check_certificate(stranger: Visitor, number: str, code: str, status: str) -> None:
    """By what is printed, and by what stands in the code."""
    stranger.go("/certificates/check")
    stranger.page.get_by_label("姓名").fill("张林")
    stranger.page.get_by_label("证书编号").fill(number)
    stranger.click("查验")
    stranger.see(status, CONFIRMED)
    stranger.go("/certificates/check")
    stranger.page.get_by_label("二维码内容", exact=True).fill(code)
    stranger.click("验证二维码")
    stranger.see("二维码签名验证通过", status)


def recheck(applicant: Visitor, office: Visitor) -> None:
    """Who was not passed asks again, in time, and is answered in writing."""
    applicant.go("/rechecks/new")
    applicant.see("复查申请期限：2024年2月18日24时")
    applicant.page.get_by_label("误读或者遗漏业绩成果").check()
    applicant.page.get_by_label("理由和有关情况").fill("有两件专利未审阅")
    applicant.click("申请复查")
    applicant.see("复查中")
    office.open_task("复查受理")
    office.decide_and_go("受理")
    office.open_task("复查核实")
    office.form().get_by_label("业绩成果是否误读或者遗漏").check()
    office.fill("核实情况", "两件专利均已列入评审材料，评委已经审阅")
    sitting.sign(office, "核实人签字", "罗知行")
    office.shot("94_recheck")
    office.decide_and_go("维持原评审结果")
    office.open_task("告知复查结果")
    office.fill("书面答复", "经复查，维持原评审结果。")
    office.decide_and_go("提交")
    applicant.go("/rechecks/new")
    applicant.see("维持原评审结果")
    applicant.shot("95_recheck_answered")


def complain(stranger: Visitor, office: Visitor, authority: Visitor) -> None:
    """Somebody without a name reports a forged degree; what is proved costs the title."""
    stranger.go("/complaints/new")
    stranger.page.get_by_label("申报编号或受理编号").fill("2023000001")
    stranger.page.get_by_label("反映内容").fill("学历证书系伪造")
    stranger.click("提交")
    stranger.see("请记下回执码")
    office.open_task("问题线索调查核实")
    office.fill("核实情况", "经函询学校，学历证书系伪造")
    office.form().get_by_label("属弄虚作假").check()
    office.fill("答复反映人", "经核实属实，已依规处理")
    sitting.sign(office, "核实人签字", "罗知行")
    office.shot("96_complaint")
    office.decide_and_go("查证属实")
    authority.open_task("职称撤销决定")
    authority.fill("认定的事实", "以伪造的学历证书骗取职称")
    authority.fill("决定文号", REVOKED)
    sitting.sign(authority, "签发人", "任文渊")
    authority.shot("97_revocation")
    authority.decide_and_go("撤销职称")
