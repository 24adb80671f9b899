"""The states and ends of a declaration: their codes and the words that people read (ui_terms.md §4 and §5)."""

from typing import Any

from app.errors import ConfigurationError

# Placeholders are filled from the facts the page has; a word in front of （ stays when a fact is missing.
PROGRESS = {
    "DRAFT": "填报中",
    "SUBMITTED": "已提交，待单位审核",
    "UNIT_RETURNED": "单位退回补充完善",
    "UNIT_CHECKED": "单位审核通过，待公示",
    "PUBLICITY": "单位公示中（第{n}/{N}个工作日）",
    "OBJECTION": "公示异议核实中",
    "RECOMMENDED": "已推荐上报",
    "AT_AGENCY": "人事代理机构审核中",
    "AT_DEPT": "主管部门审核中",
    "AT_DISTRICT": "区县职改部门审核中",
    "AT_TOP": "驻渝最高管理机构审核中",
    "HOLD": "暂缓推荐上报",
    "AT_COMMITTEE": "评委会审核中",
    "CORRECTION": "待补正",
    "OVERDUE_UNDECIDED": "逾期未审，待处理",
    "ACCEPTED": "已受理",
    "PAY_WAIT": "待缴费（未到时间）",
    "PAY_OPEN": "待缴费",
    "PAID": "已缴费",
    "READY": "待评审",
    "IN_SESSION": "评审中",
    "DEFERRED": "暂缓表决",
    "PASSED_PUBLICITY": "评审通过，公示中",
    "RESULT_HELD": "问题线索核实中",
    "CONFIRMING": "待确认印发",
    "ARCHIVING": "评审材料归档中",
    "COMMITTEE_SUSPENDED": "评审工作暂停",
    "REOPENED": "重新评审",
}

SENTENCES = {
    "DRAFT": "尚未提交，可随时修改",
    "SUBMITTED": "等待{unit}审核，联系人{contact}，电话{phone}",
    "UNIT_RETURNED": "请于{date}前补充完善",
    "PUBLICITY": "{start}至{end}",
    "HOLD": "存在争议，正在核实",
    "CORRECTION": "已一次性告知，请于{date}前补正",
    "ACCEPTED": "受理编号{number}",
    "PASSED_PUBLICITY": "{start}至{end}（第{n}/{N}个工作日）",
    "CONFIRMING": "公示已结束，等待确认印发",
    "ARCHIVING": "确认文号{document}",
    "PAY_WAIT": "应缴{amount}元",
    "PAY_OPEN": "应缴{amount}元",
}

ENDS = {
    "NOT_RECOMMENDED": "不予推荐",
    "NOT_RECOMMENDED_OBJECTION": "公示异议查实，不予推荐",
    "NOT_FORWARDED": "审核不合格，不予上报",
    "REFUSED": "不予受理",
    "RETURNED": "审核不通过退回",
    "ABANDONED": "视为放弃申报",
    "ABANDONED_UNPAID": "视为放弃申报（逾期未缴费）",
    "LAPSED": "申请书逾期失效",
    "WITHDRAWN": "本人撤回",
    "EXCEPTIONAL_NOT_APPROVED": "破格申报未获同意",
    "TERMINATED": "评审终止",
    "NOT_PASSED": "评审未通过",
    "NOT_CONFIRMED": "不予确认",
    "RESULT_REPLIED": "已函复委托单位",
    "CONFIRMED": "已确认职称资格",
    "FILED": "已备案（自主评审）",
    "REVOKED": "职称已撤销",
    "YEAR_CANCELLED": "取消当年职称申报资格",
}

_PLAIN = {"PUBLICITY": "单位公示中"}


def label(code: str, **facts: Any) -> str:
    """The words for a state or an end; `facts` fill what the words leave open (PUBLICITY: n, N)."""
    words = PROGRESS.get(code) or ENDS.get(code)
    if words is None:
        raise ConfigurationError(f"没有“{code}”这一办理状态。")
    return _filled(words, facts) or _PLAIN.get(code, words)


def sentence(code: str, **facts: Any) -> str | None:
    """What the applicant reads under the state; None where there is nothing to say or a fact is missing."""
    words = SENTENCES.get(code)
    return None if words is None else _filled(words, facts)


def require_progress(code: str) -> None:
    """ConfigurationError for a code that no state in progress has: a fault of the diagram."""
    if code not in PROGRESS:
        raise ConfigurationError(f"没有“{code}”这一办理状态。")


def require_end(code: str) -> None:
    """ConfigurationError for a code that no end of a declaration has: a fault of the diagram."""
    if code not in ENDS:
        raise ConfigurationError(f"没有“{code}”这一结果。")


def _filled(words: str, facts: dict[str, Any]) -> str | None:
    try:
        return words.format(**facts)
    except KeyError:
        return None
