"""One account (`administration.account`): its posts with their history, and what an administrator does to it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.domain import (
    account_changes,
    account_keeping,
    accounts,
    declarations,
    dictionaries,
    organisations,
    people,
    permissions,
    posts,
    substitutes,
)
from app.domain.deadline_rules import midnight_after, opening
from app.domain.people import Term
from app.domain.said import day, whole_number
from app.errors import Problem, Refused
from app.processes import leaving
from app.web.administration import blueprint as administration
from app.web.instances import page_number
from app.web.session import grants, reading, run, visitor

blueprint = Blueprint("accounts", __name__)

ADMINISTRATOR = "system_admin"


@administration.get("/administration/accounts/<int:person_id>")
def account(person_id: int) -> ResponseReturnValue:
    _administrator()
    with reading() as session:
        return _page(session, person_id, [])


@blueprint.get("/administration/accounts/<int:person_id>/posts")
def grant_form(person_id: int) -> ResponseReturnValue:
    """`q` looks for the body."""
    _administrator()
    with reading() as session:
        return _grant_form(session, person_id, [])


@blueprint.post("/administration/accounts/<int:person_id>/posts")
def grant(person_id: int) -> ResponseReturnValue:
    """Grant `role` in the body `organisation_id` for `specialties`, from `from_on` to `to_on` (empty: for good)."""
    by, said = _administrator(), request.form
    body = whole_number(said.get("organisation_id")) or None

    def work(session: Session) -> None:
        wanted = posts.Wanted(said.get("role", ""), body, _term(session), said.getlist("specialties"))
        routes = partial(declarations.live_route_bodies, session)
        posts.give(session, person_id, wanted, by=by, reason=said.get("reason", ""), live_routes=routes)

    def again(session: Session, problems: list[Problem]) -> str:
        return _grant_form(session, person_id, problems)

    return _done(work, again, person_id, "已授予任职，即时生效的可以立即办理。")


@blueprint.get("/administration/grants/<int:grant_id>/end")
def end_form(grant_id: int) -> ResponseReturnValue:
    _administrator()
    with reading() as session:
        return _end_form(session, grant_id, [])


@blueprint.post("/administration/grants/<int:grant_id>/end")
def end(grant_id: int) -> ResponseReturnValue:
    by, reason = _administrator(), request.form.get("reason", "")
    with reading() as session:
        person_id = posts.get(session, grant_id).person_id

    def again(session: Session, problems: list[Problem]) -> str:
        return _end_form(session, grant_id, problems)

    return _done(lambda session: leaving.end(session, grant_id, by=by, reason=reason), again, person_id, "任职已结束。")


@blueprint.get("/administration/grants/<int:grant_id>/scope")
def scope_form(grant_id: int) -> ResponseReturnValue:
    _administrator()
    with reading() as session:
        return _scope_form(session, grant_id, [])


@blueprint.post("/administration/grants/<int:grant_id>/scope")
def scope(grant_id: int) -> ResponseReturnValue:
    """Limit the post to `specialties`; none: to nothing."""
    by, chosen, reason = _administrator(), request.form.getlist("specialties"), request.form.get("reason", "")
    with reading() as session:
        person_id = posts.get(session, grant_id).person_id

    def again(session: Session, problems: list[Problem]) -> str:
        return _scope_form(session, grant_id, problems)

    work = partial(posts.rescope, grant_id=grant_id, specialties=chosen, by=by, reason=reason)
    return _done(work, again, person_id, "任职范围已调整，即时生效。")


@blueprint.get("/administration/accounts/<int:person_id>/disable")
def disable_form(person_id: int) -> ResponseReturnValue:
    _administrator()
    with reading() as session:
        return _disable_form(session, person_id, [])


@blueprint.post("/administration/accounts/<int:person_id>/disable")
def disable(person_id: int) -> ResponseReturnValue:
    by, reason = _administrator(), request.form.get("reason", "")

    def again(session: Session, problems: list[Problem]) -> str:
        return _disable_form(session, person_id, problems)

    work = partial(leaving.disable, person_id=person_id, by=by, reason=reason)
    return _done(work, again, person_id, "账号已停用，其登录已全部退出。")


@blueprint.post("/administration/accounts/<int:person_id>/enable")
def enable(person_id: int) -> ResponseReturnValue:
    return _kept(person_id, account_keeping.enable, "账号已启用，未到期的任职恢复有效。")


@blueprint.post("/administration/accounts/<int:person_id>/unlock")
def unlock(person_id: int) -> ResponseReturnValue:
    return _kept(person_id, account_keeping.unlock, "账号已解除锁定。")


@blueprint.post("/administration/accounts/<int:person_id>/password")
def give_password(person_id: int) -> ResponseReturnValue:
    """重置密码: the new one stands on the answer and nowhere else."""
    by, reason, password = _administrator(), request.form.get("reason", ""), account_keeping.new_password()
    password_hash = accounts.hashed(password)
    try:
        run(lambda session: account_keeping.give_password(session, person_id, password_hash, by=by, reason=reason))
    except Refused as refused:
        with reading() as session:
            return _page(session, person_id, refused.problems), 422
    with reading() as session:
        person = people.get(session, person_id)
    return render_template("administration/password.html", person=person, password=password)


def _kept(person_id: int, act: Callable[..., None], words: str) -> ResponseReturnValue:
    by, reason = _administrator(), request.form.get("reason", "")
    work = partial(act, person_id=person_id, by=by, reason=reason)
    return _done(work, lambda session, problems: _page(session, person_id, problems), person_id, words)


def _done(
    work: Callable[[Session], Any], again: Callable[[Session, list[Problem]], str], person_id: int, words: str
) -> ResponseReturnValue:
    """Do it and go to the account's page; what is refused comes back on its form."""
    try:
        run(work)
    except Refused as refused:
        with reading() as session:
            return again(session, refused.problems), 422
    flash(words, "success")
    return redirect(url_for("administration.account", person_id=person_id))


def _page(session: Session, person_id: int, problems: list[Problem]) -> str:
    person, page = people.get(session, person_id), page_number()
    changes, total = account_changes.of_person(session, person_id, page)
    return render_template(
        "administration/account.html",
        person=person,
        oneself=person_id == visitor().person_id,
        locked=account_keeping.locked(session, person),
        posts=posts.of_person(session, person_id),
        by_hand=posts.GRANTABLE,
        standing=substitutes.of_person(session, person_id),
        changes=changes,
        total=total,
        page=page,
        pages=max(1, -(-total // account_changes.PAGE)),
        problems=problems,
        reason=request.form.get("reason", ""),
    )


def _grant_form(session: Session, person_id: int, problems: list[Problem]) -> str:
    words = request.values.get("q", "").strip()
    return render_template(
        "administration/grant.html",
        person=people.get(session, person_id),
        roles=posts.GRANTABLE,
        without_body=people.PRODUCT_ROLES,
        bodies=organisations.find(session, words, limit=50),
        specialties=dictionaries.options("specialty"),
        q=words,
        today=clock.local(clock.now(session)).date(),
        said=request.form,
        chosen=request.form.getlist("specialties"),
        problems=problems,
    )


def _end_form(session: Session, grant_id: int, problems: list[Problem]) -> str:
    found = posts.get(session, grant_id)
    effect = leaving.preview(session, found.person_id, [found])
    return _leaving_form(session, found.person_id, effect, "结束任职", problems)


def _disable_form(session: Session, person_id: int, problems: list[Problem]) -> str:
    effect = leaving.preview(session, person_id, leaving.grants(session, person_id), closed=True)
    return _leaving_form(session, person_id, effect, "停用账号", problems)


def _leaving_form(session: Session, person_id: int, effect: leaving.Leaving, what: str, problems: list[Problem]) -> str:
    person, reason = people.get(session, person_id), request.form.get("reason", "")
    return render_template(
        "administration/leaving.html", person=person, effect=effect, what=what, problems=problems, reason=reason
    )


def _scope_form(session: Session, grant_id: int, problems: list[Problem]) -> str:
    found = posts.get(session, grant_id)
    return render_template(
        "administration/scope.html",
        person=people.get(session, found.person_id),
        post=posts.title(session, found),
        specialties=dictionaries.options("specialty"),
        chosen=request.form.getlist("specialties") if problems else found.specialties,
        problems=problems,
        reason=request.form.get("reason", ""),
    )


def _term(session: Session) -> Term:
    """From the beginning of `from_on` (today: from now on) to the end of `to_on`. Refused."""
    first, last = (request.form.get(name, "").strip() for name in ("from_on", "to_on"))
    now = clock.now(session)
    begins, ends = day(first), day(last)
    if (first and begins is None) or (last and ends is None):
        raise Refused(Problem("date", "请按年月日填写任职的起止日期。", "from_on"))
    later = begins if begins != clock.local(now).date() else None
    return (opening(later) if later else now), (midnight_after(ends) if ends else None)


def _administrator() -> int:
    """The id of the administrator who asks. Raises LoginRequired, NotAllowed."""
    permissions.require_role(grants(), ADMINISTRATOR)
    return visitor().person_id
