"""A review session's people in their browsers: called, drawn, signed in, voted, announced and minuted."""

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from app.db import Database
from app.models.draw import Invitation
from app.models.expert import Expert
from app.models.people import Person
from tests.browser.visitor import Visitor

CHAIR = "林致远"
PASSPHRASES = {"监票人口令": "海棠-三七二一-监督", "计票人口令": "玉兰-九五二七-计票"}


def call_session(office: Visitor) -> str:
    """组建单位 calls the session and says when and where it is held; gives its desk's address."""
    office.go("/sessions")
    office.see("（2人待评审）")
    office.click("建立评审会议")
    office.see("请安排会议时间和地点")
    desk = office.path()
    office.click("办理：安排评审会议")
    office.form()
    _moment(office, "会议开始时间", "2023/12/08", "09:00")
    _moment(office, "会议结束时间", "2023/12/08", "18:00")
    office.fill("会议地点", "虚构宾馆三楼会议室")
    office.shot("80_session_scheduled")
    office.decide_and_go("安排会议")
    return desk


def draw_experts(operator: Visitor, supervisor: Visitor) -> None:
    """Five members and two reserves beside the chair and one deputy; both sides add to the chance."""
    operator.open_task("设定抽取名单和规则·2023年重庆市工程技术大数据智能化专业高级职称评审委员会评审会议")
    operator.fill("评委人数（单数，含主任委员、副主任委员）", "7")
    operator.edit_row("designated", 3).get_by_label("否", exact=True).check()
    operator.save_row()
    panel = operator.edit_row("groups")
    panel.get_by_label("评委人数").fill("5")
    panel.get_by_label("候补人数").fill("2")
    operator.save_row()
    operator.shot("81_draw_rules")
    operator.decide_and_go("封存名单和规则")
    for person in (supervisor, operator):
        person.go("/draws")
        person.page.locator("main table a").click()
    _share(supervisor, "确认到场监督并封存随机数", "已办理抽取监督")
    _share(operator, "封存随机数", "随机数已封存")
    _share(supervisor, "揭示随机数", "已办理揭示")
    _share(operator, "揭示随机数并抽取", "已办理抽取")
    supervisor.page.reload()
    supervisor.click("启封抽取结果")
    supervisor.see("请核对名单", "林致远")
    supervisor.shot("82_draw_opened")
    supervisor.click("确认抽取结果")
    supervisor.see("已办理抽取结果确认")


def _share(person: Visitor, button: str, done: str) -> None:
    """One share of chance, which the page itself makes or brings back."""
    person.page.reload()
    expect(person.page.locator("[data-commitment], input[name=share]")).not_to_have_value("")
    person.click(button)
    person.see(done)


def _moment(visitor: Visitor, label: str, day: str, time: str) -> None:
    """As `fill_moment`, where the form asks for more than one."""
    visitor.fill_day(label, day)
    both = visitor.form().locator(".fjs-form-field-datetime").filter(has=visitor.page.get_by_label(label))
    both.locator('input[id$="-time"]').fill(time)
    both.locator('input[id$="-time"]').press("Enter")


def invited(database: Database) -> list[str]:
    """Accounts of those who are asked to come, in the order of their seats."""
    wanted = select(Person.account).join(Expert, Expert.person_id == Person.id)
    wanted = wanted.join(Invitation, Invitation.expert_id == Expert.id).where(Invitation.status == "invited")
    with database.reading() as session:
        return list(session.scalars(wanted.order_by(Invitation.id)))


def accept(expert: Visitor) -> None:
    expert.open_task("参评确认")
    expert.form().get_by_label("我知悉评审工作纪律").check()
    expert.decide_and_go("同意参评")


def fix_agenda(office: Visitor, desk: str) -> None:
    office.go(desk)
    office.click("分配主审")
    office.see("已为2份材料分配主审", "保密")
    expect(office.page.get_by_role("button", name="签到")).to_have_count(0)  # nobody sits before the day
    dismiss_suggestions(office)
    office.open_task("确定议程和分工")
    office.fill("确认列入表决的人数", "2")
    sign(office, "经办人签字", "罗知行")
    office.decide_and_go("确定议程")
    office.set_clock("2023-12-08T09:00")


def dismiss_suggestions(office: Visitor) -> None:
    """Colleagues of the applicants may have been drawn: the chair finds that they may stay."""
    reasons = office.page.get_by_label("不需回避的理由")
    while left := reasons.count():
        reasons.first.fill("不在同一部门，没有业务往来")
        reasons.first.press("Tab")
        office.page.get_by_role("button", name="不需回避").first.click()
        expect(reasons).to_have_count(left - 1)


def sit_down(office: Visitor, desk: str, seated: dict[int, Visitor]) -> None:
    """Each at a device of his own: seat code, pledge and phone receipt, nobody to stand back from."""
    office.go(f"{desk}/room")
    office.page.get_by_label("发放").fill(str(len(seated)))
    office.click("发放设备")
    devices = _codes(office)
    office.click("返回评审室")
    office.click("打印席位卡")
    office.page.get_by_role("dialog").get_by_role("button", name="确定").click()
    office.see("席位码请勿交他人使用", CHAIR)
    cards = _codes(office)
    for device, (seat, expert) in zip(devices, seated.items(), strict=True):
        expert.go("/room")
        expert.page.get_by_label("设备码").fill(device)
        expert.click("登记本设备")
        expert.page.get_by_label("席位码").fill(cards[seat - 1])
        expert.click("进入席位")
        expert.page.get_by_label("我已阅读并签订以上保密承诺").check()
        expert.page.get_by_label("通信工具存放牌号").fill(f"T{seat:03d}")
        expert.page.get_by_role("button", name="签到", exact=True).click()
        for tick in expert.page.locator(".room-tick:checked").all():  # a colleague whom the chair lets stay
            tick.uncheck()
        expert.page.get_by_label("我与其余申报人没有应当回避的关系").check()
        expert.click("确认")
        expert.see("0 / 2")


def _codes(office: Visitor) -> list[str]:
    office.see("只显示这一次")
    return [each.replace(" ", "") for each in office.page.locator(".room-card-code").all_inner_texts()]


def open_session(office: Visitor, desk: str) -> None:
    office.go(desk)
    expect(office.page.locator("#lamp")).to_contain_text("应到7人，实到6人")
    office.see("若2人离席：6→4人到会，不足法定出席人数")
    office.page.locator("#seat-1").get_by_role("button", name="主持会议").click()
    office.see("由1号席主持会议")
    office.shot("83_session_desk")
    office.click("办理：评委签到、开始会议")
    office.form().get_by_label("已实行封闭管理").check()
    office.form().get_by_label("已开始全程录音录像").check()
    office.fill("录音录像编号", "录2023-1208")
    office.decide_and_go("开始会议")


def vote(office: Visitor, desk: str, experts: list[Visitor]) -> None:
    """Everybody reads a file, then votes on both: one passes, one does not, and no count is seen before the close."""
    for each in experts:
        each.page.reload()
        each.page.locator("a.room-open").first.click()
        each.page.get_by_label("评议意见", exact=True).fill("业绩突出，建议通过。")
        each.click("保存意见，下一份")
        each.see("已写意见 1 / 2")
        each.click("无记名投票")
        each.see("投票未开始")
    experts[1].shot("84_room_waiting")
    office.go(desk)
    _type_passphrases(office)
    office.click("开始投票")
    office.see("第1次投票已开始")
    for number, each in enumerate(experts):
        first, second = _sheet(each)
        first.get_by_text("同意", exact=True).click()
        second.get_by_text("不同意" if number > 1 else "同意", exact=True).click()
        each.click("核对选票")
        each.click("确认投票（确认后不可更改）")
        each.see("已计入")
    office.page.reload()
    office.see("已投6/6")
    expect(office.page.locator("main")).not_to_contain_text("同意6")
    _type_passphrases(office)
    office.click("结束投票")
    office.see("投票已结束并计票", "同意6 不同意0 弃权0", "同意2 不同意4 弃权0")
    office.shot("85_votes_counted")


def _sheet(expert: Visitor) -> list[Locator]:
    """The rows of the sheet, which the page shows by itself once the ballot is open."""
    expect(expert.page.locator(".room-sheet")).to_be_visible()
    return expert.page.locator(".room-sheet tbody tr").all()


def _type_passphrases(office: Visitor) -> None:
    for label, said in PASSPHRASES.items():
        office.page.get_by_label(label).fill(said)


def announce_and_minute(office: Visitor, desk: str, chair: Visitor, clerk: Visitor) -> None:
    office.click("办理：评议和无记名投票")
    sign(office, "经办人签字", "罗知行")
    office.decide_and_go("完成表决")
    chair.open_task("宣布投票结果并签字")
    chair.see("评审通过", "评审未通过")
    chair.form().get_by_label("结果单已加盖评委会印章").check()
    sign(chair, "主持人签字", CHAIR)
    chair.shot("86_announce")
    chair.decide_and_go("宣布结果")
    clerk.open_task("会议记录")
    for row, words in ((1, "业绩成果符合条件"), (2, "业绩成果不够突出")):
        clerk.edit_row("opinions", row).get_by_label("专业组评议意见").fill(words)
        clerk.save_row()
    sign(clerk, "会议记录人签字", "文静姝")
    clerk.shot("87_minutes")
    clerk.decide_and_go("办结会议记录")


def sign(visitor: Visitor, label: str, name: str) -> None:
    visitor.fill(label, name)
