"""请假代办: a holder names who acts in his place, from day to day and with a reason, and ends it when he is back."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import notifications, people, permissions, substitutes
from app.domain.deadline_rules import midnight_after, opening, spoken
from app.domain.said import day
from app.errors import NotAllowed, Problem, Refused
from app.models.people import RoleGrant
from app.processes import standing_down
from app.web.session import reading, run, transaction, visitor

blueprint = Blueprint("substitutes", __name__)

FIELDS = ("grant_id", "substitute_id", "from_on", "to_on", "reason")


@blueprint.get("/profile/substitutes")
def index() -> ResponseReturnValue:
    return _page({}, [])


@blueprint.post("/profile/substitutes")
def add() -> ResponseReturnValue:
    """Name `substitute_id` for one's own post `grant_id`, from the day `from_on` to the last day `to_on`."""
    person_id = visitor().person_id
    said = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        name = run(lambda session: _add(session, person_id, said))
    except Refused as refused:
        return _page(said, refused.problems), 422
    flash(f"已委托{name}代为办理，并已通知本人。", "success")
    return redirect(url_for("substitutes.index"))


@blueprint.post("/profile/substitutes/<int:substitute_id>/end")
def end(substitute_id: int) -> ResponseReturnValue:
    with transaction() as session:
        back = standing_down.end(session, substitute_id, visitor().person_id)
    freed = f"代办人已认领的{back}件已放回，可由您认领。" if back else ""
    flash(f"代办已结束，事项仍由您本人办理。{freed}", "success")
    return redirect(url_for("substitutes.index"))


def name(session: Session, absent: RoleGrant, said: Mapping[str, str]) -> str:
    """Name the substitute that a form says, and tell him; gives his name. Refused."""
    first, last = _days(session, said)
    if not said["substitute_id"].isdecimal():
        raise Refused(Problem("missing", "请选择代办人。", "substitute_id"))
    term = (opening(first), midnight_after(last))
    chosen = people.get(session, int(said["substitute_id"]))
    substitutes.name(session, absent, chosen.id, term, said["reason"])
    facts = {"until": spoken(term[1]), "role": people.ROLES.get(absent.role, absent.role)}
    notifications.post(session, [chosen.id], "substitute_named", facts)
    return chosen.name


def _add(session: Session, person_id: int, said: Mapping[str, str]) -> str:
    if not said["grant_id"].isdecimal():
        raise Refused(Problem("missing", "请选择由谁代办的岗位。", "grant_id"))
    held = permissions.grants_of(session, person_id, clock.now(session)).held
    if not any(each.id == int(said["grant_id"]) and each.on_behalf_of is None for each in held):
        raise NotAllowed("您现在不担任该岗位，不能委托代办。")
    near = {str(each) for each, _, _ in substitutes.colleagues(session, person_id)}
    if said["substitute_id"] not in near:
        raise Refused(
            Problem("colleague", "请从本机构人员中选择代办人；委托其他人员的，请联系系统管理员。", "substitute_id")
        )
    return name(session, session.get_one(RoleGrant, int(said["grant_id"])), said)


def _days(session: Session, said: Mapping[str, str]) -> tuple[date, date]:
    today = clock.local(clock.now(session)).date()
    first, last = day(said["from_on"]), day(said["to_on"])
    if first is None or last is None:
        raise Refused(Problem("missing", "请填写代办的起止日期。", "from_on"))
    if last < first or last < today:
        raise Refused(Problem("period", "截止日期不能早于起始日期，也不能早于今天。", "to_on"))
    return first, last


def _page(said: Mapping[str, str], problems: list[Problem]) -> str:
    person_id = visitor().person_id
    with reading() as session:
        now = clock.now(session)
        held = permissions.grants_of(session, person_id, now).held
        return render_template(
            "profile/substitutes.html",
            posts=[each for each in held if each.on_behalf_of is None and each.organisation_id is not None],
            colleagues=substitutes.colleagues(session, person_id),
            standing=substitutes.of_person(session, person_id),
            today=clock.local(now).date(),
            said=said,
            problems=problems,
        )
