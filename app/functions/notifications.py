"""Telling people, for diagrams."""

from typing import Any

from app import clock
from app.domain import notifications, people, waiting
from app.functions.case import Case
from app.functions.registry import diagram_function


@diagram_function
def notify(case: Case, to: str, template: str, organisation: int | None = None, **facts: Any) -> int:
    """发通知：按模板通知申报人或某岗位的全部办理人。

    `to` is "applicant" or a role code, whose holders at `organisation` are told; the rest fills the template's gaps.
    Returns how many people were told.
    """
    if to == "applicant":
        receivers = [case.declaration.person_id]
    else:
        at = clock.now(case.session)
        receivers = [holder.person_id for holder in people.holders(case.session, to, organisation, at)]
    instance = case.instance
    about = notifications.About(instance.notice_version_id, instance.declaration_id, instance.id)
    return len(notifications.post(case.session, receivers, template, facts, about))


@diagram_function
def applicant_name(case: Case) -> str:
    """申报人姓名：用于通知的文字。"""
    return people.get(case.session, case.declaration.person_id).name


@diagram_function
def waiting_for(case: Case) -> str:
    """现由谁办理：本件当前等待的机构和岗位，用于通知的文字。

    The office of the first open task of the declaration, or of the batch it is recommended in; empty for none.
    """
    found = waiting.of_declaration(case.session, case.declaration.id)
    return found[0].who if found else ""
