"""Telling people, for diagrams."""

from typing import Any

from app import clock
from app.domain import notifications, people
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
    rows = notifications.post(
        case.session,
        receivers,
        template,
        facts,
        notice_version_id=case.instance.notice_version_id,
        declaration_id=case.instance.declaration_id,
        instance_id=case.instance.id,
    )
    return len(rows)
