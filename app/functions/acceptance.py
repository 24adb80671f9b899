"""Acceptance, for diagrams: register, one-time correction notice, refusal, 改报."""

from app import clock
from app.domain import acceptance, organisations, terms
from app.errors import ConfigurationError
from app.functions.case import Case
from app.functions.notifications import notify
from app.functions.registry import diagram_function
from app.functions.subjects import actor, level


@diagram_function
def accept(case: Case) -> str:
    """登记受理：编受理号、写受理登记簿，返回受理编号；自此占用本年度名额。

    Refused where the notice's window binds arrival and the file arrived when only corrections are taken. A second body
    that accepts the same file enters it in its own register under the same number.
    """
    known = case.declaration.acceptance_no is not None
    number = acceptance.accept(case.session, case.declaration, actor(case)).document or ""
    if not known:
        notify(case, "applicant", "accepted", number=number)
    return number


@diagram_function
def issue_correction(case: Case) -> str:
    """一次性告知补正：发出补正告知书，返回文号；内容以此为限，不得再次告知新增内容。

    Called again before the deadline it returns the same items; a new item is refused.
    """
    notice = acceptance.issue_correction(case.session, case.declaration, level(case), actor(case), case.values)
    office = organisations.get(case.session, notice.organisation_id)
    notify(
        case,
        "applicant",
        "correction_requested",
        office=office.name,
        due=terms.spoken_due(case.session, case.declaration, "correction_acceptance", notice.days, notice.sent_at),
        items="；".join(item["text"] for item in notice.items),
        contact=f"{office.name}{office.contact_phone or ''}",
    )
    return notice.number


@diagram_function
def correction_sent(case: Case) -> str:
    """补正告知时间：一次性告知书的发出时间，用作补正期限的起点。"""
    notice = acceptance.notice_of(case.session, case.declaration.id)
    if notice is None:
        raise ConfigurationError(f"流程图的“{case.element}”要用补正告知时间，但本件尚未告知补正。")
    return clock.local(notice.sent_at).isoformat()


@diagram_function
def correction_length(case: Case) -> int | None:
    """补正期限天数：告知书上另定的工作日数，未另定的为空（按通知规定）。"""
    notice = acceptance.notice_of(case.session, case.declaration.id)
    return notice.days if notice else None


@diagram_function
def check_correction(case: Case) -> None:
    """核对补正材料：未经公示的材料不得补报，有则逐项列出。

    After the applicant's correction task; keeps the replies with the notice.
    """
    acceptance.check_correction(case.session, case.declaration, case.values)


@diagram_function
def refuse(case: Case) -> str:
    """不予受理：出具编号的不予受理通知并登记，返回文号。

    Takes the reason from the form just completed. The end state itself belongs to end_declaration.
    """
    return acceptance.refuse(case.session, case.declaration, actor(case), case.values).number


@diagram_function
def redirect_committee(case: Case) -> None:
    """改报其他评委会：转到同一通知的另一评委会，填报内容和本年度名额保留。"""
    acceptance.redirect(case.session, case.declaration, actor(case), case.values)
