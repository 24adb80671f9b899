"""The register of review committees: who approved them, until when they may review, and whether they are stopped.

A row of a yearly schedule and a registration are joined by the committee's name.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import required
from app.domain.wording import day_words
from app.errors import Conflict, Problem, Refused
from app.models.expert import ReviewCommittee
from app.models.notice import Committee

KINDS = {"series": "按职称系列组建", "specialty": "按专业组建"}
STATES = {
    "approved": "已核准备案",
    "expired": "有效期届满",
    "suspended": "暂停评审工作",
    "cancelled": "取消评审权",
    "not_approved": "未核准备案",
}
CLAUSE = "N1 §五(一)；N0 §六；R-236"


def get(session: Session, review_committee_id: int | None) -> ReviewCommittee:
    return required.row(session, ReviewCommittee, review_committee_id, "没有找到该评委会的核准备案。")


def of_row(session: Session, committee: Committee) -> ReviewCommittee | None:
    """The registration of the committee that a row of a schedule names; None where it is not registered."""
    return session.scalar(select(ReviewCommittee).where(ReviewCommittee.name == committee.name))


def state(registered: ReviewCommittee, on: date) -> str:
    """approved, expired, suspended, cancelled or not_approved on the day; expiry follows from the date alone."""
    if registered.status != "approved":
        return registered.status
    if registered.approved_from is None or registered.approved_to is None or on < registered.approved_from:
        return "not_approved"
    return "approved" if on <= registered.approved_to else "expired"


def require_valid(session: Session, registered: ReviewCommittee, on: date) -> None:
    """Refused unless the committee may review on the day (R-236, E12)."""
    found = state(registered, on)
    if found == "approved":
        return
    if found == "expired" and registered.approved_to is not None:
        message = f"本评委会核准备案有效期至{day_words(registered.approved_to)}，重新核准备案前不能组织评审。"
    elif found == "not_approved":
        begins = registered.approved_from
        since = f"自{day_words(begins)}起有效" if begins is not None and begins > on else "尚未完成"
        message = f"本评委会核准备案{since}，核准备案生效前不能组织评审。"
    else:
        reason = f"（{registered.status_reason}）" if registered.status_reason else ""
        until = "恢复前" if found == "suspended" else "重新核准备案前"
        message = f"本评委会已被{STATES[found]}{reason}，{until}不能组织评审。"
    raise Refused(Problem(f"committee_{found}", message, clause=CLAUSE))


def register(session: Session, **details: Any) -> ReviewCommittee:
    """Enter an approved committee; `details` are its columns.

    Refused, every fault at once, for a taken name, an unknown kind, and a validity that ends before it begins.
    """
    problems = _problems(details)
    if session.scalar(select(ReviewCommittee.id).where(ReviewCommittee.name == details["name"])) is not None:
        problems.append(Problem("taken", f"“{details['name']}”已经登记。", "name"))
    if problems:
        raise Refused(*problems)
    registered = ReviewCommittee(**details)
    session.add(registered)
    session.flush()
    return registered


def renew(session: Session, registered: ReviewCommittee, changes: Mapping[str, Any]) -> None:
    """Write what a new approval says (validity, number, size, draw method, …); Refused as in `register`."""
    problems = _problems({key: getattr(registered, key) for key in _CHECKED} | dict(changes))
    if problems:
        raise Refused(*problems)
    for key, value in changes.items():
        setattr(registered, key, value)
    session.flush()


def set_status(session: Session, registered: ReviewCommittee, status: str, reason: str) -> None:
    """Suspend, cancel or restore the right to review; Conflict where that has been done already."""
    if registered.status == status:
        raise Conflict(f"“{registered.name}”已是“{STATES[status]}”状态。")
    if not reason.strip():
        raise Refused(Problem("missing", "请填写依据和原因。", "reason"))
    registered.status = status
    registered.status_reason = reason.strip() if status != "approved" else None
    session.flush()


_CHECKED = ("kind", "executing_size", "approved_from", "approved_to")


def _problems(details: Mapping[str, Any]) -> list[Problem]:
    problems = []
    if details.get("kind") not in KINDS:
        problems.append(Problem("kind", "请选择评委会按职称系列还是按专业组建。", "kind"))
    if (details.get("executing_size") or 0) < 1:
        problems.append(Problem("executing_size", "请填写执行评委人数。", "executing_size"))
    first, last = details.get("approved_from"), details.get("approved_to")
    if first is not None and last is not None and last < first:
        problems.append(Problem("period", "有效期截止日期不能早于起始日期。", "approved_to"))
    return problems
