"""Confirming titles, for diagrams: drafting, issuing, replying to entrusting units, filing."""

from app import clock
from app.domain.results import bodies, confirmations, names, publicities
from app.domain.reviews import sessions
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import actor, review


@diagram_function
def entrusted_names(case: Case) -> int:
    """待函复人数：委托评审、结果可以函复委托单位的人数。"""
    return len(names.entrusted(names.of_session(case.session, review(case).id)))


@diagram_function
def own_names(case: Case) -> int:
    """待确认人数：可以列入职称资格确认通知的人数，委托评审的除外。"""
    return len(names.own(names.of_session(case.session, review(case).id)))


@diagram_function
def confirming_body(case: Case) -> int:
    """确认印发机构：按通知由市职改办、核准备案机构或组建单位确认印发。"""
    return bodies.confirming(case.session, review(case)).id


@diagram_function
def draft_since(case: Case) -> str:
    """代拟确认通知的起算时间：首次为公示结束之时；暂缓人员核清后再次办理的为现在。

    For deadline("confirmation_draft_due", since=draft_since()).
    """
    now = clock.now(case.session)
    if (
        confirmations.has_issued(case.session, review(case).id)
        or publicities.last(case.session, review(case).id) is None
    ):
        return clock.local(now).isoformat()
    return clock.local(publicities.last_moment(case.session, review(case))).isoformat()


@diagram_function
def draft_confirmation(case: Case, kind: str = "confirmation", body: int | None = None) -> None:
    """代拟职称资格确认通知：把可以确认的人员列入，报 body 所指机构（未指明的按通知）确认印发。

    `kind` is "confirmation", or "filing" where a self-review unit confirms for itself.
    """
    confirmations.draft(case.session, review(case), kind, body or confirming_body(case))


@diagram_function
def issue_confirmation(case: Case) -> str:
    """确认印发：登记文号、日期和文件，返回文号；此时仍有问题线索的人员留待下次确认。

    Takes the form `issue_confirm`. Refused for a number whose year is not in six-cornered brackets.
    """
    return confirmations.issue(case.session, review(case), actor(case), case.values).number or ""


@diagram_function
def tell_confirmed(case: Case) -> int:
    """通知申报人确认结果：向刚印发（备案）的确认通知所列申请书的流程和申报人发出通知，返回人数。"""
    made = confirmations.last_issued(case.session, review(case).id)
    return confirmations.tell_confirmed(case.session, review(case), made)


@diagram_function
def reply_results(case: Case) -> int:
    """函复委托单位：登记评审结果通知（函复）的文号和日期，所列申请书办结，返回人数。

    Takes the form `result_reply`. Both the passed and the others are told; the former end as RESULT_REPLIED.
    """
    issuer = sessions.convening_organisation(case.session, review(case))
    return confirmations.reply(case.session, review(case), actor(case), issuer.id, case.values)


@diagram_function
def hand_in_filing(case: Case) -> None:
    """报送备案：核对并登记确认文件和证书办理编号记录。"""
    confirmations.hand_in(case.session, review(case), case.values)


@diagram_function
def file_confirmation(case: Case) -> None:
    """备案：登记核准备案机构已将自主评审单位的确认结果备案。"""
    confirmations.file(case.session, review(case), actor(case))
