"""The unit's recommendation, for diagrams: joining, ranking, quota, publicity, going up."""

from typing import Any

from app import clock
from app.domain import (
    batches,
    notifications,
    organisations,
    overrides,
    publicity,
    publicity_rounds,
    quotas,
    wording,
)
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import actor, batch, place

# who works for a body that is asked as the superior one
SUPERIOR_ROLES = {
    "department": "dept_admin",
    "agency": "agency",
    "district_tro": "district_tro",
    "local_top_body": "local_top_body",
    "municipal_tro": "municipal_tro",
    "convening_organisation": "committee_office",
}


@diagram_function
def join_batch(case: Case) -> None:
    """加入本批推荐：加入推荐单位正在汇集的批次，没有的自动新开一批。

    The declaration then waits for the batch's message: recommended, not_recommended or objection_founded.
    """
    batches.join(case.session, case.declaration)


@diagram_function
def batch_body(case: Case) -> int:
    """推荐单位：本批由哪个机构推荐（自由职业者为人事代理机构）。"""
    return organisations.resolve(case.session, batch(case).organisation_id).id


@diagram_function
def batch_role(case: Case) -> str:
    """推荐岗位：本批由哪一岗位办理，单位职称管理员或人事代理机构。"""
    return batch(case).role


@diagram_function
def superior_body(case: Case) -> int:
    """上级机构：推荐单位的主管部门；没有的为申报渠道上的下一级机构。"""
    return batches.superior_body(case.session, batch(case)).id


@diagram_function
def superior_role(case: Case) -> str:
    """上级岗位：superior_body() 所指机构由哪一岗位办理。"""
    return SUPERIOR_ROLES.get(batches.superior_body(case.session, batch(case)).kind, "dept_admin")


@diagram_function
def apply_merit(case: Case) -> None:
    """择优推荐：按表单确定推荐人选和顺序；不予推荐的通知本人，未列入的转入下一批。"""
    batches.decide_merit(case.session, batch(case), case.values.get("declarations") or [])


@diagram_function
def batch_count(case: Case) -> int:
    """推荐人数：本批拟推荐且仍在名单上的人数。"""
    return batches.live_count(case.session, batch(case).id)


@diagram_function
def quota_applies(case: Case) -> bool:
    """须办理申报数量备案：推荐单位为事业单位，且通知要求在岗位结构比例内申报的为真。"""
    body = organisations.resolve(case.session, batch(case).organisation_id)
    return body.kind == "institution" and bool(case.rules.parameter("post_ratio_rule"))


@diagram_function
def record_quota(case: Case) -> None:
    """登记申报数量备案：把附件7记为推荐单位本年度的备案（已有的记为更正），本年度各批共用。"""
    about = batch(case)
    year = quotas.year_of(case.session, about)
    quotas.file(case.session, about.organisation_id, year, case.values, case.person_id)


@diagram_function
def quota_filed(case: Case) -> bool:
    """已办申报数量备案：推荐单位本年度已备案，且各级申报数量不少于已推荐人数的为真，不必重填。"""
    return quotas.filed(case.session, batch(case))


@diagram_function
def over_quota(case: Case) -> bool:
    """超申报数量：本批任一级别，本年度申报数量（除去不受比例限制人数）超过备案的投放量且未获同意时为真。

    Without a form 7 on file (record_quota) nothing is exceeded.
    """
    return bool(quotas.excess(case.session, batch(case)))


@diagram_function
def record_override(case: Case) -> None:
    """登记特殊情况处理：记下说明、实际数、规定数和是否同意；同意的可超出投放量。"""
    subject = batch(case) if case.instance.subject.get("batch_id") else None
    overrides.record_override(case.session, place(case), actor(case), case.values, subject)


@diagram_function
def override_approver(case: Case) -> int:
    """特殊情况审批机构：由推荐单位的主管部门（没有的为渠道上的下一级机构）审批。"""
    return batches.superior_body(case.session, batch(case)).id


@diagram_function
def start_publicity(case: Case) -> None:
    """开始公示：核对两级受理渠道、固定公示内容并起算公示期，名单上的人员转为公示中。

    Takes the form `unit_publicity`. From here on the publicised content is frozen.
    """
    publicity.start(case.session, batch(case), actor(case), publicity.plan_of(case.values))


@diagram_function
def publicity_start(case: Case) -> str:
    """公示起点：公示开始的时间，用作 deadline("unit_publicity", since=publicity_start())。"""
    return clock.local(publicity_rounds.of_batch(case.session, batch(case).id).starts_at).isoformat()


@diagram_function
def close_publicity(case: Case) -> None:
    """结束公示：公示期满后办理，未满的说明何时期满；结束后不再对外显示。"""
    shown = publicity_rounds.of_batch(case.session, batch(case).id)
    outcome, photo = case.values.get("result"), case.values.get("board_photograph") or ()
    publicity.close(case.session, shown, actor(case), outcome, photo)


@diagram_function
def recommend_all(case: Case) -> int:
    """推荐上报：名单上没有未核清异议的人员全部上报，返回人数。

    Checks the number that the unit confirmed; each declaration gets the message `recommended`.
    """
    return batches.recommend(case.session, batch(case), case.values.get("confirmed_count"))


@diagram_function
def notify_names(case: Case, template: str, **facts: Any) -> int:
    """通知本批人员：按模板通知本批可上报（没有未核清异议、尚未上报）的申报人，返回人数；在 recommend_all() 之前用。

    The gap {unit} is the recommending body; the rest fills the other gaps.
    """
    names = batches.ready_applicants(case.session, batch(case).id)
    unit = organisations.resolve(case.session, batch(case).organisation_id).name
    about = notifications.About(case.instance.notice_version_id, None, case.instance.id, names)
    return len(notifications.post(case.session, names, template, {"unit": unit, **facts}, about))


@diagram_function
def publicity_days(case: Case) -> str:
    """公示起止：本批公示的起止日期，如“2023年10月10日至2023年10月16日”，用于通知的文字。"""
    shown = publicity.period(case.session, publicity_rounds.of_batch(case.session, batch(case).id))
    return f"{wording.day_words(shown.first_day)}至{wording.day_words(shown.last_day)}"


@diagram_function
def restart_reason(case: Case) -> str:
    """重新公示的原因：本批公示因内容变动终止的原因，用于通知的文字。"""
    ended = publicity_rounds.last(case.session, batch(case).id)
    return (ended.superseded_reason if ended else None) or ""


@diagram_function
def rejoin_batch(case: Case) -> None:
    """回到本批：公示内容更正后重新审核通过的人员，回到原批次等待重新公示。"""
    publicity_rounds.rejoin(case.session, case.declaration)


@diagram_function
def open_objections(case: Case) -> int:
    """未核清异议数：本批公示中尚未办结的异议件数。"""
    return batches.open_objection_count(case.session, batch(case).id)


@diagram_function
def held_names(case: Case) -> int:
    """核清待上报人数：异议已核清、尚未上报的推荐人选数。"""
    return batches.ready_count(case.session, batch(case).id)
