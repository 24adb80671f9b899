"""The result of a review session, for diagrams: the report, announcing, publicity, leads."""

from app import clock
from app.domain import wording
from app.domain.results import announcing, bodies, leads, names, publicities, reports
from app.domain.reviews import sessions
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import actor, review


@diagram_function
def approving_body(case: Case) -> int:
    """核准备案机构：本次评审会议所属评委会的核准备案机构。"""
    return bodies.approving(case.session, review(case)).id


@diagram_function
def approving_role(case: Case) -> str:
    """核准备案机构的岗位：approving_body() 所指机构由哪一岗位办理。"""
    return bodies.approving_role(case.session, review(case))


@diagram_function
def self_review(case: Case) -> bool:
    """自主评审：评委会由自主评审单位自己组建的为真。"""
    return bodies.self_review(case.session, review(case))


@diagram_function
def review_end(case: Case) -> str:
    """评审结束时间：评审会议结束的时间，用作 deadline("report_due", since=review_end())。"""
    return clock.local(review(case).ended_at or clock.now(case.session)).isoformat()


@diagram_function
def submit_report(case: Case) -> None:
    """报送评审情况报告：登记报告内容、报送人、时间和报送对象（按通知报市职改办或核准备案机构）。"""
    to_municipal = case.rules.parameter("report_to") == "municipal_tro"
    to = bodies.municipal(case.session) if to_municipal else bodies.approving(case.session, review(case))
    reports.submit(case.session, review(case), actor(case), to.id, case.values)


@diagram_function
def passed_names(case: Case) -> int:
    """评审通过人数：本次评审会议通过、尚未办结的人数。"""
    return sum(name.open for name in names.of_session(case.session, review(case).id))


@diagram_function
def announce_results(case: Case) -> int:
    """公布评审结果：把通过与否告知每份申请书的流程，返回件数；得票情况不告知。

    The passed wait for their confirmation, the others end as NOT_PASSED.
    """
    return announcing.announce(case.session, review(case))


@diagram_function
def start_result_publicity(case: Case) -> None:
    """开始评审结果公示：核对受理渠道和人数、固定公示名单并起算公示期，通过人员转为公示中并收到通知。

    Takes the form `result_publicity`. Everybody may read the list until its days are over.
    """
    shown = publicities.start(case.session, review(case), actor(case), case.values)
    days = publicities.periods(case.session, [(shown, review(case))])[shown.id]
    facts = {
        "committee": sessions.convening_organisation(case.session, review(case)).name,
        "days": f"{wording.day_words(days.first_day)}至{wording.day_words(days.last_day)}",
    }
    passed = [name for name in names.of_session(case.session, review(case).id) if name.open]
    announcing.notify(case.session, review(case), "result_publicity_started", passed, facts)


@diagram_function
def result_publicity_start(case: Case) -> str:
    """评审结果公示起点：公示开始的时间，用作 deadline("result_publicity", since=result_publicity_start())。"""
    return clock.local(publicities.of_session(case.session, review(case).id).starts_at).isoformat()


@diagram_function
def result_publicity_end(case: Case) -> str:
    """评审结果公示终点：公示最后一日的最后时刻，用作代拟确认通知期限的起点；没有公示的为评审结束时间。"""
    if publicities.last(case.session, review(case).id) is None:
        return review_end(case)
    return clock.local(publicities.last_moment(case.session, review(case))).isoformat()


@diagram_function
def mirror_publicity(case: Case) -> None:
    """同步公示：核准备案机构从现在起以本机构名义公示同一名单。"""
    publicities.mirror(case.session, review(case), actor(case))


@diagram_function
def close_result_publicity(case: Case) -> None:
    """结束评审结果公示：名单不再对外显示，没有问题线索的人员转为待确认印发。"""
    publicities.close(case.session, review(case))


@diagram_function
def names_ready(case: Case) -> int:
    """可办理确认的人数：没有未核清的问题线索、尚未列入确认通知的人数（含待函复委托单位的）。"""
    return sum(name.ready for name in names.of_session(case.session, review(case).id))


@diagram_function
def names_in_doubt(case: Case) -> int:
    """问题线索核实中的人数：公示后仍有线索未核清的人数。"""
    return sum(name.held for name in names.of_session(case.session, review(case).id))


@diagram_function
def in_result(case: Case) -> bool:
    """评审结果公示后：本件评审已通过并公示、尚未确认印发的为真。"""
    return leads.in_result(case.session, case.declaration)


@diagram_function
def refuse_confirmation(case: Case) -> None:
    """不予确认：公示期间的问题线索查证属实，本件退出确认名单，办结为“不予确认”。"""
    leads.refuse(case.session, case.declaration, case.instance.id)


@diagram_function
def tell_result(case: Case, name: str) -> None:
    """通知评审结果流程：向本件所在评审会议的流程发消息，如 tell_result("lead_closed")；未经评审的不发。"""
    leads.tell_result(case.session, case.declaration, name, case.instance.id)
