"""What becomes of an expert in a pool, for diagrams."""

from app.domain import expert_events
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import complaint
from app.models.expert import Expert


@diagram_function
def pool_body(case: Case) -> int:
    """专家所在库的组建单位：该评审专家所在专家库的评委会由哪个机构组建。"""
    entry = expert_events.get(case.session, case.instance.subject.get("entry_id"))
    return expert_events.committee_of(case.session, entry).convening_id


@diagram_function
def pool_approver(case: Case) -> int:
    """专家所在库的核准备案机构。"""
    entry = expert_events.get(case.session, case.instance.subject.get("entry_id"))
    return expert_events.committee_of(case.session, entry).approving_id


@diagram_function
def report_expert(case: Case, event: str) -> int:
    """评审专家情况登记：投诉举报反映的专家在库的，按 event（如 "discipline"）登记，暂停参评并转组建单位；返回件数。"""
    found = complaint(case)
    expert = case.session.get(Expert, found.expert_id) if found.expert_id is not None else None
    if expert is None:
        return 0
    reason = str(case.values.get("finding") or "投诉举报查证属实")
    return expert_events.concerning(case.session, expert.person_id, event, reason, case.person_id)


@diagram_function
def suspend_expert(case: Case) -> None:
    """暂停参评：情况处理期间该专家不参加抽取；已被抽取、会议尚未开始的，由下一位候补递补。"""
    expert_events.suspend(case.session, case.instance)


@diagram_function
def restore_expert(case: Case) -> None:
    """恢复在库：该专家恢复参加抽取。"""
    expert_events.restore(case.session, case.instance)


@diagram_function
def expert_leaves(case: Case) -> None:
    """退出专家库：因处分、违反纪律、考核不合格退出的，记入职称评审诚信档案。"""
    expert_events.leave(case.session, case.instance, case.person_id)


@diagram_function
def blacklist_expert(case: Case) -> None:
    """列入黑名单：退出所有专家库，并记入职称评审诚信档案。"""
    expert_events.blacklist(case.session, case.instance, case.person_id)


@diagram_function
def hand_over_post(case: Case) -> None:
    """更换调整：由同一专家库在库的专家接任空出的主任委员或副主任委员；不更换的不变。"""
    expert_events.hand_over(case.session, case.instance, case.values)
