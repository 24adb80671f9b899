"""Of every notification: when it is sent, to whom, and the closed set of facts that its wording may use.

Whoever posts one gives exactly these facts; `tests/domain/test_templates.py` holds the code and the diagrams to it.
"""

from dataclasses import dataclass

FIELDS = {  # fact → what it is called, an example
    "amount": ("评审费金额（元）", "300"),
    "answer": ("答复的内容", "同意，材料齐全"),
    "applicant": ("申报人姓名", "张某"),
    "basis": ("调整的依据", "关于调整申报时间的补充通知"),
    "by": ("由谁（推荐、改派）", "评委会组建单位"),
    "committee": ("评委会或其组建单位", "虚构市大数据高级职称评审委员会"),
    "contact": ("咨询的机构和电话", "虚构数据研究院023-60000000"),
    "day": ("日期", "2023年10月20日"),
    "days": ("公示的起止日期", "2023年10月10日至2023年10月16日"),
    "due": ("截止时间", "2023年10月20日24时"),
    "from": ("改派前由谁办理", "虚构区职改办"),
    "items": ("须补充或补正的内容", "补充业绩1的证明材料；更正毕业时间"),
    "left": ("剩余或逾期的工作日", "剩3个工作日"),
    "number": ("编号或文号", "2023-0001"),
    "office": ("办理机构", "虚构数据研究院"),
    "outcome": ("办理结果", "评审通过"),
    "reason": ("原因或说明", "工作经历与证明材料不一致"),
    "reply": ("答复的内容", "经复查，维持原评审结果"),
    "role": ("代办的岗位", "单位职称管理员"),
    "session": ("评审会议", "2023年虚构市大数据高级职称评审会议"),
    "task": ("事项名称", "单位审核"),
    "to": ("改派后由谁办理", "虚构市职改办"),
    "unit": ("单位名称", "虚构数据研究院"),
    "until": ("代办截止时间", "2023年10月20日24时"),
    "verb": ("请求的种类", "委派"),
    "what": ("事项（带引号）", "“张某的申请书”"),
    "who": ("由谁提出", "虚构数据研究院"),
    "why": ("为何不再需要", "已收回"),
    "window": ("调整的时间段", "网上申报时间"),
    "words": ("超过阈值的各项", "逾期5件：虚构区职改办"),
}


@dataclass(frozen=True)
class Declared:
    """When it is sent, to whom, and its facts."""

    when: str
    to: str
    facts: tuple[str, ...] = ()


def _said(when: str, to: str, facts: str = "") -> Declared:
    return Declared(when, to, tuple(facts.split()))


HOLDER, OFFICE, APPLICANT = "被请的办理人", "办理机构的办理人", "申报人"
DECLARED = {
    "completion_requested": _said("审核机构要求补充完善时", APPLICANT, "office due items contact"),
    "correction_requested": _said("受理机构一次性告知补正时", APPLICANT, "office due items contact"),
    "route_warning": _said("逐级审核期限将满时", "申报人和正在审核的机构", "applicant office due"),
    "overdue": _said("由通知的流程图决定", "由通知的流程图决定", "applicant due"),
    "ended": _said("申请书办结时", APPLICANT, "outcome contact"),
    "submitted": _said("提交申请书后", APPLICANT, "number office"),
    "accepted": _said("受理后", APPLICANT, "number"),
    "recommended": _said("单位推荐上报后", "本批申报人", "unit"),
    "paid": _said("登记缴费后", APPLICANT, "amount"),
    "payment_due": _said("开始缴费时", APPLICANT, "amount due"),
    "payment_reminder": _said("缴费期限将满、尚未缴费时", APPLICANT, "amount due"),
    "publicity_started": _said("单位公示开始时", "本批申报人", "unit days"),
    "publicity_restarted": _said("单位公示更正后重新开始时", "本批申报人", "unit reason"),
    "publicity_over": _said("单位公示期满时", OFFICE),
    "window_changed": _said("补充通知调整时间后", "所涉及的申报人和办理人", "basis window due"),
    "held": _said("由通知的流程图决定", "由通知的流程图决定", "reason"),
    "status_changed": _said("由通知的流程图决定", "由通知的流程图决定", "applicant reason"),
    "substitute_named": _said("被委托请假代办时", "代办人", "until role"),
    "substitute_lost": _said("代办人的账号停用或者离任时", "委托代办的人", "who role reason"),
    "returned": _said("申报材料被退回时", "被退回环节的办理人", "applicant office task reason contact"),
    "unit_closing": _said("单位设定内部截止日期时", "本单位尚未提交的申报人", "unit day"),
    "unit_closing_near": _said("单位内部截止日期临近时", "本单位尚未提交的申报人", "unit day"),
    "certificate_returned": _said("证书信息须更正时", APPLICANT, "reason"),
    "certificate_issued": _said("电子证书生成后", APPLICANT, "number"),
    "expert_invitation": _said("被推荐为拟入库专家时（必发短信）", "拟入库专家", "by committee due"),
    "expert_returned": _said("评审专家申报被退回时", "拟入库专家", "office reason"),
    "expert_result": _said("评审专家申报办结时", "拟入库专家", "committee outcome"),
    "pool_expiring": _said("专家库任期届满前", "组建单位和核准备案机构", "committee day"),
    "pool_expired": _said("专家库任期届满时", "组建单位和核准备案机构", "committee day"),
    "result_publicity_started": _said("评审结果公示开始时", "通过评审的申报人", "committee days"),
    "report_overdue": _said("评审情况报告逾期未报时", "组建单位和核准备案机构"),
    "draft_overdue": _said("职称资格确认通知逾期未拟报时", "组建单位"),
    "confirmed": _said("职称资格确认后", APPLICANT, "number"),
    "confirmation_forwarded": _said("确认通知转发后", APPLICANT, "number"),
    "archive_overdue": _said("确认通知逾期未转发时", OFFICE, "applicant"),
    "expert_invited": _said("被抽取参加评审时（保密）", "被抽取的专家", "session due"),
    "roster_fixed": _said("评委名单确定时（保密）", "抽取单位经办人", "session"),
    "recheck_late": _said("复查申请逾期时", APPLICANT, "reply"),
    "recheck_replied": _said("复查有结果时", APPLICANT, "reply"),
    "recheck_overdue": _said("复查逾期未答复时", "组建单位", "applicant"),
    "complaint_note": _said("反映人补充情况时", "受理的办事机构", "number"),
    "title_revoked": _said("撤销职称时", APPLICANT, "number"),
    "transferred": _said("事项转办时", "接手的办理人", "task who reason"),
    "delegated": _said("事项委派时", HOLDER, "task who reason"),
    "sign_asked": _said("加签时", HOLDER, "task who reason"),
    "request_answered": _said("委派、加签有答复时", "提出的办理人", "task who answer"),
    "request_over": _said("委派、加签不再需要答复时", HOLDER, "task verb why"),
    "copied": _said("抄送时", "被抄送的人员", "task who reason"),
    "figures_alert": _said("评审季看板的数字超过阈值时", "设定阈值的人员", "words"),
    "urged": _said("催办时", "正在办理的人员", "who task"),
    "due_near": _said("事项截止前若干工作日（在“发送时间和提醒”设置）", "可以办理该事项的人员", "task due left"),
    "fell_due": _said("事项逾期后若干工作日（在“发送时间和提醒”设置）", "可以办理该事项的人员", "task due left"),
    "test_message": _said("系统管理员发送测试消息时", "系统管理员本人"),
    "suspended": _said("事项挂起时", "申报人和办理人", "what reason"),
    "resumed": _said("事项恢复办理时", "申报人和办理人", "what reason"),
    "terminated": _said("事项终止时", "申报人和办理人", "what reason"),
    "reassigned": _said("事项改派时", "接手的办理人", "what task from to reason by"),
    "reassigned_away": _said("事项改派时", "原办理人", "what task from to reason by"),
}


def fields(template: str) -> dict[str, str]:
    """Fact → what it is called, of those that the template's wording may use."""
    return {fact: FIELDS[fact][0] for fact in DECLARED[template].facts}


def samples(template: str) -> dict[str, str]:
    """Made-up facts, where there is no case to look at."""
    return {fact: FIELDS[fact][1] for fact in DECLARED[template].facts}
