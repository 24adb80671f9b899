"""One expert's application, for diagrams: invitation, profile, route, acceptance, end."""

from app.domain import candidates, notifications, overrides
from app.errors import ConfigurationError
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import actor, campaign, candidate, place
from app.models.expert import ReviewCommittee


@diagram_function
def invite_candidate(case: Case) -> None:
    """邀请拟入库专家：没有账号的先建账号；推荐、认定的向其预留的手机号码发短信，自愿申请的不发。"""
    candidates.invite(case.session, candidate(case))


@diagram_function
def candidate_person(case: Case) -> int:
    """拟入库专家本人：用于只能由本人办理的任务。"""
    person_id = candidate(case).person_id
    if person_id is None:
        raise ConfigurationError("拟入库专家还没有账号，请先画 invite_candidate()。")
    return person_id


@diagram_function
def candidate_rule(case: Case, stage: str) -> str:
    """申报期限：该阶段（login 完善信息，checks 逐级审核）适用的期限参数，认定的与推荐、自愿申请的不同。"""
    return candidates.rule(candidate(case), stage)


@diagram_function
def candidate_days(case: Case, stage: str) -> int | None:
    """认定期限天数：市职改办对受邀认定专家该阶段另定的天数，其他人为空（按通知的时间）。"""
    return candidates.days(case.session, candidate(case), stage)


@diagram_function
def submit_candidate(case: Case) -> None:
    """提交专家信息：核对不得入库的情形和审核层级，记下须说明的情况；有误的逐项列出，本人更正后再提交。"""
    candidates.submit(case.session, candidate(case), case.values)


@diagram_function
def expert_body(case: Case, level: str) -> int:
    """专家申报的审核机构：unit 所在单位、department 主管部门、district 区县职改部门。"""
    found = candidate(case)
    bodies = {"unit": found.unit_id, "department": found.department_id, "district": found.district_tro_id}
    body = bodies.get(level)
    if body is None:
        raise ConfigurationError(f"该专家申报没有“{level}”这一级审核机构。")
    return body


@diagram_function
def municipal_unit(case: Case) -> bool:
    """市属单位：所在单位为市属的为真，经市级主管部门审核；非市属的须经区县主管部门、区县职改部门。"""
    return candidate(case).district_tro_id is None


@diagram_function
def set_candidate(case: Case, status: str) -> None:
    """专家申报状态：如 set_candidate("at_unit")，本人和各级审核页面上看到的状态。"""
    if status not in candidates.STATUSES:
        raise ConfigurationError(f"没有“{status}”这一专家申报状态。")
    candidate(case).status = status


@diagram_function
def record_expert_check(case: Case, level: str) -> None:
    """登记专家审核：记下本级的意见和决定；退回的告知本人理由；单位推荐同一专业人数过多的记为须说明的情况。"""
    overrides.record_decision(case.session, place(case), actor(case), case.values)
    if case.values.get("decision") == "return":
        about = notifications.About(case.instance.notice_version_id, None, case.instance.id)
        facts = {"office": candidates.office_name(case.session, case.organisation_id), "reason": case.values["opinion"]}
        notifications.post(case.session, [candidate_person(case)], "expert_returned", facts, about)
    elif level == "unit":
        candidates.passed_by_unit(case.session, candidate(case))


@diagram_function
def accept_candidate(case: Case) -> None:
    """审核受理：申报完成，进入审议；不表示确定入库。处分期、影响期内的不能受理。"""
    candidates.accept(case.session, candidate(case))


@diagram_function
def end_candidate(case: Case, status: str) -> None:
    """办结专家申报：记下结果（admitted、not_admitted、not_completed、lapsed、returned）并告知本人。"""
    found = candidate(case)
    if status not in candidates.ENDS:
        raise ConfigurationError(f"没有“{status}”这一专家申报结果。")
    candidates.end(case.session, found, status)
    committee = case.session.get_one(ReviewCommittee, campaign(case).review_committee_id).name
    facts = {"committee": committee, "outcome": candidates.STATUSES[status]}
    about = notifications.About(case.instance.notice_version_id, None, case.instance.id)
    notifications.post(case.session, [candidate_person(case)], "expert_result", facts, about)
