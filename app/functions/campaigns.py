"""Soliciting experts for a committee's pool, for diagrams: the list, the designation, the make-up, admission."""

from datetime import date

from app import clock
from app.domain import admissions, campaigns, notifications, people, wording
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import campaign


@diagram_function
def selection_body(case: Case) -> int:
    """评委会组建单位：本次专家征选的评委会由哪个机构组建。"""
    return campaigns.committee_of(case.session, campaign(case)).convening_id


@diagram_function
def selection_approver(case: Case) -> int:
    """核准备案机构：本次专家征选的评委会由哪个机构核准。"""
    return campaigns.committee_of(case.session, campaign(case)).approving_id


@diagram_function
def enough_recommended(case: Case) -> bool:
    """推荐人数达到要求：推荐表的人数不少于通知规定的为真。"""
    return campaigns.recommended_lamp(case.session, campaign(case)).state == "ok"


@diagram_function
def invite_listed(case: Case) -> int:
    """邀请推荐专家：推荐表上的每个人各开一件评审专家申报，返回人数。"""
    return campaigns.invite_listed(case.session, campaign(case))


@diagram_function
def designate_experts(case: Case) -> int:
    """核准部门认定：表单所列专家各开一件评审专家申报，返回人数；须在推荐和遴选结束后，且不超过规定占比。"""
    return campaigns.designate(case.session, campaign(case), case.values)


@diagram_function
def designation_days(case: Case) -> int | None:
    """认定审核天数：市职改办为本批受邀认定专家的审核另定的天数；未另定的为空。"""
    return (campaign(case).plan.get("designation") or {}).get("checks")


@diagram_function
def check_composition(case: Case) -> None:
    """核对专家库组成：尚有未审核、未审议的，或有绝对不允许的（领导超过2人、认定超过20%等），列出原因不予通过。"""
    found = campaign(case)
    campaigns.check(case.session, found)
    found.decision = {**found.decision, "deliberated_on": case.values.get("held_on")}


@diagram_function
def composition_flagged(case: Case) -> bool:
    """有须说明的情况：专家库组成或人选有不符合原则性要求的为真，须说明并经同意。"""
    return bool(campaigns.flagged(case.session, campaign(case)))


@diagram_function
def admit_experts(case: Case) -> int:
    """核准入库：审议通过的专家入库并起算任期，通知每一件申报，返回入库人数。"""
    return admissions.admit(case.session, campaign(case), case.values, case.person_id)


@diagram_function
def term_start(case: Case) -> str:
    """任期起始时刻：用于推算任期届满。"""
    return admissions.term_start(campaign(case))


@diagram_function
def days_until_reminder(case: Case) -> int:
    """任期提醒天数：自任期起始至届满前提醒之日的天数。"""
    return admissions.days_until_reminder(case.session, campaign(case))


@diagram_function
def tell_term(case: Case, template: str) -> None:
    """告知任期：按模板告知组建单位和核准备案机构，如 tell_term("pool_expiring")。"""
    found = campaign(case)
    registered, at = campaigns.committee_of(case.session, found), clock.now(case.session)
    last = date.fromisoformat(found.plan["term_to"])
    facts = {"committee": registered.name, "day": wording.day_words(last)}
    posts = (("committee_office", registered.convening_id), ("municipal_tro", registered.approving_id))
    receivers = [each.person_id for post in posts for each in people.holders(case.session, *post, at)]
    about = notifications.About(case.instance.notice_version_id, None, case.instance.id)
    notifications.post(case.session, receivers, template, facts, about)
