"""Complaints, for diagrams: what one is about, how far its declaration has come, what follows."""

from app.domain import complaints, deadlines, declarations, terms
from app.domain.complaints import handling, subjects
from app.domain.results import leads
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import complaint


@diagram_function
def complaint_about(case: Case) -> str:
    """反映对象：declaration（申报人）、session（评审会议）、expert（评审专家）或 unit（单位）。"""
    return complaint(case).kind


@diagram_function
def complaint_office(case: Case) -> int:
    """核查单位：负责核查本投诉举报的评委会组建单位，用于任务的办理机构。"""
    return complaint(case).office_id or terms.convening_organisation(case.session, case.declaration).id


@diagram_function
def complaint_stage(case: Case) -> str:
    """所处阶段：所反映的申报现在处于哪一阶段。

    unit_publicity（推荐上报阶段）、before_session（评审会议前）、in_session（评审会议期间）、result_publicity（评审结果公示后、
    确认前）、after_confirmation（确认职称资格后）；反映的不是申报人时为 other。
    """
    if case.instance.declaration_id is None:
        return "other"
    return complaints.stage_of(case.session, case.declaration)


@diagram_function
def accept_complaint(case: Case) -> None:
    """投诉举报登记：按表单填写的名称确定所反映的评审会议、评审专家或单位，找不到或不唯一的不能办理。"""
    subjects.identify(case.session, complaint(case), str(case.values.get("about") or ""))


@diagram_function
def require_helpers(case: Case) -> None:
    """核对协助单位：请协助核实的单位须在本件的申报渠道上，没有选择的不能办理。"""
    about = case.declaration if case.instance.declaration_id is not None else None
    handling.require_helpers(about, case.values.get("cooperate_with") or [])


@diagram_function
def helping_body(case: Case, level: str) -> int:
    """协助核实的机构：所在单位、主管部门或区县职改部门，如 helping_body("department")。"""
    found = handling.helper(case.session, case.declaration, level)
    return found.id if found is not None else 0


@diagram_function
def hold_for_complaint(case: Case) -> None:
    """因投诉举报暂缓办理：每件投诉举报各自暂缓，全部核清后才恢复；可因投诉举报暂停的期限同时暂停。"""
    about, reason = case.declaration, handling.hold_reason(complaint(case))
    shown = leads.HELD if leads.in_result(case.session, about) else "HOLD"
    declarations.hold(case.session, about, reason, shown)
    deadlines.hold(case.session, about.id, reason, by=case.person_id)


@diagram_function
def lift_complaint_hold(case: Case) -> None:
    """恢复办理：解除因本件投诉举报的暂缓，没有其他暂缓的期限继续计算，并告知评审结果流程线索已核清；未曾暂缓的不受影响。"""
    if case.instance.declaration_id is None:
        return
    reason = handling.hold_reason(complaint(case))
    declarations.release(case.session, case.declaration, reason)
    deadlines.release(case.session, case.declaration.id, reason, by=case.person_id)
    leads.tell_result(case.session, case.declaration, "lead_closed", case.instance.id)


@diagram_function
def close_complaint(case: Case, finding: str) -> None:
    """办结投诉举报：登记结论 founded（查证属实）、unfounded（查无实据）、elsewhere（不属本单位处理），凭回执码可查。"""
    handling.close(case.session, complaint(case), finding, case.values.get("reply"))


@diagram_function
def enter_integrity(case: Case, kind: str = "") -> None:
    """记入诚信档案：把表单的核实情况记入职称评审诚信档案，类别如 "false_declaration"；不写类别的按反映对象。"""
    number = str(case.values.get("document_number") or "").strip()
    basis = number or f"投诉举报核查（第{complaint(case).id}号）"
    text = str(case.values.get("finding") or case.values.get("reason") or "")
    subjects.enter(case.session, complaint(case), kind, text, basis, case.person_id)
