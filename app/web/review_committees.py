"""评委会核准备案: the register of committees with their validity, and stopping or restoring their right to review."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import integrity, organisations, permissions, pool_access, review_committees
from app.domain.permissions import Grants
from app.domain.said import day
from app.errors import Problem, Refused
from app.models.expert import ReviewCommittee
from app.web.session import grants, reading, run, visitor

blueprint = Blueprint("review_committees", __name__)

READERS = ("committee_office", "municipal_tro", "manager", "system_admin")
KEEPERS = ("municipal_tro", "system_admin")
ENTRIES = {"suspended": "committee_suspended", "approved": "committee_restored", "cancelled": "committee_cancelled"}
BASIS = "N1 §五(二)"


@blueprint.get("/review-committees")
def index() -> ResponseReturnValue:
    return _show([])


@blueprint.post("/review-committees/<int:committee_id>/renew")
def renew(committee_id: int) -> ResponseReturnValue:
    """重新核准备案: number, validity and executing size of a new approval."""

    def work(session: Session, registered: ReviewCommittee) -> None:
        changes: dict[str, Any] = {
            "approval_number": request.form.get("approval_number", "").strip() or None,
            "approved_from": _day("approved_from"),
            "approved_to": _day("approved_to"),
            "executing_size": int(size) if (size := request.form.get("executing_size", "")).isdecimal() else 0,
        }
        review_committees.renew(session, registered, changes)

    return _done(committee_id, work, "核准备案已更新。")


@blueprint.post("/review-committees/<int:committee_id>/status")
def set_status(committee_id: int) -> ResponseReturnValue:
    """暂停、取消、恢复: with its reason, which goes into the integrity archive."""
    status, reason = request.form.get("status", ""), request.form.get("reason", "")

    def work(session: Session, registered: ReviewCommittee) -> None:
        if status not in ENTRIES:
            raise Refused(Problem("status", "请选择暂停、取消或恢复。", "status"))
        review_committees.set_status(session, registered, status, reason)
        about = ("review_committee", registered.id)
        integrity.enter(session, *about, ENTRIES[status], reason, BASIS, {}, grants().person_id)

    return _done(committee_id, work, "已登记，并记入职称评审诚信档案。")


def _done(committee_id: int, work: Any, words: str) -> ResponseReturnValue:
    who = _reader()
    permissions.require_role(who, *KEEPERS)

    def in_one(session: Session) -> None:
        registered = review_committees.get(session, committee_id)
        pool_access.require_committee(session, who, registered)
        work(session, registered)

    try:
        run(in_one)
    except Refused as refused:
        return _show(refused.problems), 422
    flash(words, "success")
    return redirect(url_for("review_committees.index"))


def _show(problems: list[Problem]) -> str:
    who = _reader()
    with reading() as session:
        wanted = select(ReviewCommittee).where(pool_access.visible_committees(who)).order_by(ReviewCommittee.name)
        rows = session.scalars(wanted).all()
        today = clock.local(clock.now(session)).date()
        ids = {body for row in rows for body in (row.convening_id, row.approving_id)}
        bodies = {body.id: body.name for body in organisations.known(session, ids)}
    return render_template(
        "pools/committees.html",
        rows=rows,
        bodies=bodies,
        states=review_committees.STATES,
        kinds=review_committees.KINDS,
        state=lambda row: review_committees.state(row, today),
        left=lambda row: (row.approved_to - today).days if row.approved_to else None,
        keeper=bool(who.roles & set(KEEPERS)),
        problems=problems,
    )


def _reader() -> Grants:
    visitor()
    permissions.require_role(grants(), *READERS)
    return grants()


def _day(name: str) -> date:
    found = day(request.form.get(name))
    if found is None:
        raise Refused(Problem("date", "请按年月日填写有效期。", name))
    return found
