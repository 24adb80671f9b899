"""Case A1 by the people of its route, through the browser only: from the draft to 已缴费."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import files
from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]
UNIT = "山城数智研究院"
PHONE = {"unit": "023-55550105", "department": "023-55550104", "committee": "023-55550103"}
RECORD = (
    "政务数据平台的设计与开发",
    "500***********1014",
    "139****1001",
    "共享平台验收报告.pdf",
)  # what every office reads
OPINION, SIGNED = "材料真实，符合申报条件，同意推荐。", "审查人签字"


def test_a_declaration_climbs_to_paid(visit: Visit) -> None:
    applicant = visit("zhang.lin")
    declaration = declare(applicant)
    clerk = visit("clerk.institute")
    check_at_the_unit(clerk)
    follow(applicant, declaration, "单位审核通过，待公示", f"等待{UNIT} 单位职称管理员", PHONE["unit"])
    recommend(clerk)
    publicise(clerk)
    follow(applicant, declaration, "单位公示中（第1/5个工作日）", "2023年10月10日至2023年10月16日")
    close_the_publicity(clerk)
    sign_and_submit(clerk, visit("head.institute"))
    follow(applicant, declaration, "主管部门审核中", "程景行", PHONE["department"])
    check_at_the_department(visit("dept.city"))
    follow(applicant, declaration, "评委会审核中", "罗知行", PHONE["committee"])
    number = accept(visit("committee"))
    follow(applicant, declaration, "待缴费（未到时间）", f"受理编号{number}", "应缴240元")
    pay(visit("finance"))
    follow(applicant, declaration, "待评审", "缴纳评审费：登记缴费", "已缴240元")
    applicant.shot("30_applicant_paid")
    read_notifications(applicant, number)


def declare(applicant: Visitor) -> str:
    """The applicant looks his draft over, forgets the undertaking, then submits; gives his declaration's address."""
    applicant.go("/declarations")
    applicant.see("填报中", "尚未提交，可随时修改")
    applicant.click("办理进度")
    declaration = applicant.path()
    applicant.click("检查条件")
    applicant.see("按目前填写的内容，未发现不能提交的情形。", "至2023年12月31日满7年6个月1天")
    applicant.shot("01_conditions")
    applicant.click("返回申请书")
    applicant.click("预览公示表")
    applicant.see("张林", "政务数据平台的设计与开发", "共享平台的总体设计")
    applicant.shot("02_public_sheet")
    applicant.click("返回申请书")
    applicant.click("继续填写")
    states = applicant.form().locator(".sections li").all_inner_texts()
    assert [each.replace("\n", " ") for each in states if "还差" in each] == ["个人承诺 还差 1 项"]
    applicant.fill("学术(社会)团体任职", "市数据学会会员")
    applicant.decide("提交申报")
    assert applicant.problems() == ["请阅读并签订《个人承诺书》后再提交。"]
    applicant.shot("03_undertaking_missing")
    assert applicant.value("学术(社会)团体任职") == "市数据学会会员"
    applicant.form().get_by_label("本人已阅读并签订").check()
    applicant.decide_and_go("提交申报")
    applicant.see("已办理：填写申请书·张林·大数据中级")
    follow(
        applicant,
        declaration,
        "已提交，待单位审核",
        "申报编号2023000001",
        "白若溪",
        PHONE["unit"],
        badge="还有27个工作日",
    )
    applicant.shot("04_submitted")
    return declaration


def follow(applicant: Visitor, declaration: str, status: str, *words: str, badge: str | None = None) -> None:
    """What the applicant reads of his case."""
    applicant.go(declaration)
    standing = applicant.page.get_by_label("办理状态")
    expect(standing.locator(".h2")).to_have_text(status)
    if badge is not None:
        expect(standing.locator(".mark")).to_have_text(badge)
    applicant.see(*words)


def check_at_the_unit(clerk: Visitor) -> None:
    clerk.see("单位审核·张林·大数据中级", "还有27个工作日", "未认领")
    clerk.shot("05_unit_inbox")
    clerk.open_task("单位审核")
    clerk.see(f"等待{UNIT} 单位职称管理员办理", f"电话{PHONE['unit']}", "截止2023年11月15日24时")
    assert clerk.tokens() == ["unit_check"]
    clerk.see(*RECORD)
    clerk.decide("审核通过")
    assert clerk.problems()[0] == "请就审核要点“个人信息准确”填写是否符合。"
    clerk.form().get_by_role("button", name="全部符合").click()
    clerk.fill("单位审核意见", OPINION)
    clerk.fill(SIGNED, "白若溪")
    clerk.shot("06_unit_check")
    clerk.decide_and_go("审核通过")
    clerk.see("已办理：单位审核·张林·大数据中级")


def recommend(clerk: Visitor) -> None:
    clerk.go("/recommendation")
    clerk.page.locator("main a.card-link").click()
    clerk.see("第1批", "张林", "单位审核通过，待公示")
    clerk.shot("07_unit_desk")
    clerk.click("第1批")
    clerk.click("择优确定推荐人选")
    assert clerk.tokens() == ["unit_merit"]
    panel = clerk.edit_row("declarations")
    panel.get_by_label("推荐", exact=True).check()
    panel.get_by_label("推荐顺序").fill("1")
    panel.get_by_label("考核及履职情况、推荐或不予推荐理由").fill("考核优秀，业绩突出")
    clerk.shot("08_merit_row")
    clerk.save_row()
    clerk.fill("择优推荐意见", OPINION)
    clerk.fill("单位负责人签字", "贺兰山")
    clerk.decide_and_go("加入本批公示")


def publicise(clerk: Visitor) -> None:
    clerk.set_clock("2023-10-10T09:00")
    clerk.open_task("单位公示")
    assert clerk.tokens() == ["unit_publicity"]
    clerk.fill_moment("公示开始时间", "2023/10/10", "09:00")
    clerk.fill("公示地点", "办公楼一楼公示栏")
    clerk.fill("反映方式", "来电或来信")
    clerk.fill("上级主管部门受理联系人", "")
    clerk.fill("上级主管部门联系电话", "")
    clerk.decide("开始公示")
    sentence = "公示应同时列明本单位和上级主管部门的受理渠道，请补充上级主管部门"
    assert clerk.problems() == [f"{sentence}受理联系人。", f"{sentence}联系电话。"]
    clerk.shot("09_one_channel_missing")
    clerk.fill("上级主管部门受理联系人", "程景行")
    clerk.fill("上级主管部门联系电话", PHONE["department"])
    clerk.decide_and_go("开始公示")
    clerk.go("/recommendation")
    clerk.page.locator("main a.card-link").click()
    clerk.click("第1批")
    clerk.see("第1/5个工作日", "2023年10月10日至2023年10月16日", "10月14日（周六）", "公示码")
    clerk.shot("10_publicity_running")


def close_the_publicity(clerk: Visitor) -> None:
    clerk.open_task("结束公示")
    assert clerk.tokens() == ["unit_close"]
    clerk.see("还有4个工作日")
    fill_closing(clerk)
    with clerk.expecting(422):
        clerk.decide("结束公示")
        (sentence,) = clerk.problems()
    assert sentence == (
        "本次公示自2023年10月10日起算，至2023年10月16日满5个工作日（其间2023年10月14日、2023年10月15日不计）。请于2023年10月16日结束后办理。"
    )
    clerk.shot("11_closed_too_early")
    clerk.fast_forward()
    clerk.see("演示时钟已到2023年10月17日00:00")
    assert clerk.clock() == "2023-10-17T00:00"
    clerk.set_clock("2023-10-17T09:00")
    clerk.open_task("结束公示")
    clerk.shot("12_publicity_over")
    fill_closing(clerk)
    clerk.decide_and_go("结束公示")


def fill_closing(clerk: Visitor) -> None:
    form = clerk.form()
    if not form.get_by_role("link", name="公示栏照片.png").count():
        clerk.upload("公示栏照片", files.picture(clerk.website.files, "公示栏照片.png"))
    form.get_by_label("无异议").check()
    clerk.fill("公示情况", "公示期间未收到异议")
    clerk.fill("经办人签字", "白若溪")


def sign_and_submit(clerk: Visitor, head: Visitor) -> None:
    head.open_task("单位负责人签字盖章")
    assert head.tokens() == ["unit_sign"]
    head.fill("基层单位推荐意见", "同意推荐")
    head.fill("单位负责人", "贺兰山")
    head.fill_day("签字日期", "2023/10/17")
    head.upload("签字盖章页", files.paper(head.website.files, "签字盖章页.pdf"))
    head.shot("13_head_signs")
    head.decide_and_go("上传签字盖章页")
    clerk.open_task("推荐上报")
    assert clerk.tokens() == ["unit_submit"]
    clerk.see("张林", "市示范产业主管部门")
    clerk.fill("推荐上报人数", "2")
    clerk.form().get_by_label("本批人员均经公示无异议或经查实无问题").check()
    clerk.fill("经办人签字", "白若溪")
    with clerk.expecting(422):
        clerk.decide("推荐上报")
        assert len(clerk.problems()) == 1
    clerk.shot("14_count_differs")
    clerk.fill("推荐上报人数", "1")
    clerk.decide_and_go("推荐上报")


def check_at_the_department(department: Visitor) -> None:
    department.see("主管部门审核推荐·张林·大数据中级")
    department.open_task("主管部门审核推荐")
    assert department.tokens() == ["dept_check"]
    department.see(*RECORD)
    department.form().get_by_role("button", name="全部符合").click()
    department.fill("主管部门意见", OPINION)
    department.fill(SIGNED, "程景行")
    department.shot("15_department")
    department.decide_and_go("审核通过")


def accept(committee: Visitor) -> str:
    committee.set_clock("2023-11-06T10:00")
    committee.open_task("评委会审核受理")
    assert committee.tokens() == ["committee_accept"]
    committee.see(*RECORD, "还有7个工作日")
    committee.form().get_by_role("button", name="全部符合").click()
    committee.fill("评委会审核意见", "符合受理条件")
    committee.fill(SIGNED, "罗知行")
    committee.shot("16_committee")
    committee.decide_and_go("受理")
    committee.menu("受理登记")
    row = committee.page.locator("main table tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("张林")
    expect(row).to_contain_text("2023-11-06")
    committee.shot("17_register")
    return row.locator("td").nth(7).inner_text()


def pay(finance: Visitor) -> None:
    while finance.clock() < "2023-11-16T00:00":
        finance.fast_forward()
    assert finance.clock() == "2023-11-16T00:00"
    finance.open_task("缴纳评审费")
    assert finance.tokens() == ["pay"]
    finance.see("截止2023年11月20日24时")
    finance.fill("缴费金额（元）", "180")
    finance.fill_day("缴费日期", "2023/11/16")
    finance.fill("票据号码", "20231116-001")
    finance.field("缴费方式").select_option(label="网上缴纳")
    with finance.expecting(422):
        finance.decide("登记缴费")
        assert finance.problems() == ["中级评审费为240元/人，您填报180元，请核对。"]
    finance.shot("18_wrong_amount")
    finance.fill("缴费金额（元）", "240")
    finance.decide_and_go("登记缴费")
    finance.menu("评审缴费")
    finance.see("已缴费", "已缴合计240元")
    finance.shot("19_payments")


def read_notifications(applicant: Visitor, number: str) -> None:
    applicant.page.get_by_role("link", name="消息").click()
    told = applicant.page.locator("main .list-group-item")
    titles = ("评审费已登记", "请缴纳评审费", "申报已受理", "已推荐上报", "单位公示开始", "申报已提交")
    expect(told.locator("strong")).to_have_text(titles)
    expect(told.nth(0)).to_contain_text("您的评审费240元已登记缴纳")
    expect(told.nth(1)).to_contain_text("应缴评审费240元，请于2023年11月20日24时前缴纳。")
    expect(told.nth(2)).to_contain_text(f"您的申请书已受理，受理编号{number}。")
    expect(told.nth(3)).to_contain_text(f"您已由{UNIT}推荐上报")
    expect(told.nth(4)).to_contain_text(f"由{UNIT}公示，公示期为2023年10月10日至2023年10月16日。")
    expect(told.nth(5)).to_contain_text(f"已提交，等待{UNIT}审核。")
    applicant.shot("31_notifications")
