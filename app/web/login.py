"""Logging in and out, and 切换身份."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from app.domain import accounts, demo_people, login_log, people
from app.domain.accounts import Attempt
from app.domain.demo_people import DemoAccount
from app.errors import NotFound, Problem
from app.web.addresses import ours
from app.web.menus import endpoint_exists
from app.web.session import Visitor, limiter, login_ended, origin, reading, settings, transaction, visitor

blueprint = Blueprint("login", __name__)

PER_ADDRESS = "30 per minute"  # a whole office may share one address; `accounts` brakes each account
OUTCOMES = {"": "entered", "login": "wrong", "locked": "locked", "disabled": "disabled"}
HOMES = ("tasks.inbox", "declarations.mine", "login.identity")


@blueprint.get("/login")
def page() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_next_page())
    return _show()


@blueprint.post("/login")
@limiter.limit(PER_ADDRESS)
def submit() -> ResponseReturnValue:
    """Log in with account and password; a wrong pair shows the form again with the account kept."""
    account, password = request.form.get("account", ""), request.form.get("password", "")
    with reading() as session:
        check = accounts.check_password(session, account, password)
    with transaction() as session:
        attempt = accounts.record_login(session, check, origin())
        outcome = "unknown" if check.person_id is None else OUTCOMES[attempt.problem.code if attempt.problem else ""]
        login_log.note(session, account, check.person_id, outcome, origin())
    return _enter(attempt, account)


@blueprint.post("/login/demo")
@limiter.limit(PER_ADDRESS)
def demo() -> ResponseReturnValue:
    """One click into a demo account; this door exists in demo mode only."""
    account = request.form.get("account", "")
    if not settings().demo or account not in demo_people.account_names():
        raise NotFound
    with transaction() as session:
        person = people.by_account(session, account)
        if person is None or person.disabled_at is not None:
            raise NotFound("演示账号尚未载入。")
        attempt = Attempt(accounts.open_login(session, person.id, origin()))
        login_log.note(session, account, person.id, "entered", origin())
    return _enter(attempt, account)


@blueprint.post("/logout")
def leave() -> ResponseReturnValue:
    if current_user.is_authenticated:
        with transaction() as session:
            accounts.revoke(session, visitor().id)
        logout_user()
    return redirect(url_for("login.page"))


@blueprint.get("/identity")
def identity() -> ResponseReturnValue:
    """The identities one may switch to; also the home page while nothing else is installed."""
    visitor()
    return render_template("identity.html")


@blueprint.post("/identity")
def switch() -> ResponseReturnValue:
    """切换身份: `grant` is the id of one's own grant, empty for 个人."""
    wanted = request.form.get("grant", "")
    with transaction() as session:
        accounts.switch_identity(session, visitor().id, int(wanted) if wanted.isdecimal() else None)
    return redirect(_next_page())


@blueprint.get("/")
def home() -> ResponseReturnValue:
    visitor()
    return redirect(_home())


def _enter(attempt: Attempt, account: str) -> ResponseReturnValue:
    if attempt.token is None:
        return _show(account, attempt.problem), 422
    with reading() as session:
        found = accounts.find_login(session, attempt.token)
        assert found is not None  # opened a moment ago
        person = people.get(session, found.person_id)
    login_user(Visitor(attempt.token, person, found.acting_grant_id))
    return redirect(_next_page())


def _show(account: str = "", problem: Problem | None = None) -> str:
    demo_groups, waiting = _demo() if settings().demo else ([], {})
    return render_template(
        "login.html",
        account=account,
        problem=problem,
        ended=login_ended(),
        demo_groups=demo_groups,
        waiting=waiting,
        demo_password=demo_people.PASSWORD if settings().demo else None,
        next_page=request.values.get("next", ""),
    )


def _demo() -> tuple[list[tuple[str, list[DemoAccount]]], dict[str, int]]:
    """The demo's accounts by role, and how many tasks wait for each: who is worth entering as."""
    with reading() as session:
        return demo_people.groups(), demo_people.waiting(session)


def _next_page() -> str:
    """Where to go on: the page that asked for the login if it is ours, else the home page."""
    wanted = request.values.get("next", "")
    return wanted if ours(wanted) else _home()


def _home() -> str:
    return url_for(next(each for each in HOMES if endpoint_exists(current_app, each)))
