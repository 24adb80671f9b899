"""修改密码: one's own, and the one an administrator gave, which has to be changed before anything else."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain import accounts
from app.errors import Problem, Refused
from app.web.session import limiter, reading, transaction, visitor

blueprint = Blueprint("passwords", __name__)

PER_ADDRESS = "30 per minute"
ALLOWED = ("static", "passwords.form", "passwords.change", "login.leave")  # until it is changed


@blueprint.get("/profile/password")
def form() -> ResponseReturnValue:
    visitor()
    return _form([])


@blueprint.post("/profile/password")
@limiter.limit(PER_ADDRESS)
def change() -> ResponseReturnValue:
    """The old one and the new one twice; every other login of the person ends."""
    who, said = visitor(), request.form
    try:
        with reading() as session:
            right = accounts.check_password(session, who.account, said.get("old", "")).right
        new = _required(right, said.get("old", ""), said.get("password", ""), said.get("again", ""))
    except Refused as refused:
        return _form(refused.problems), 422
    password_hash = accounts.hashed(new)
    with transaction() as session:
        accounts.store_password(session, who.person_id, password_hash, but=who.id)
    flash("密码已修改，在其他设备上的登录已退出。", "success")
    return redirect(url_for("profile.show"))


@blueprint.before_app_request
def choose_first() -> ResponseReturnValue | None:
    """A password that an administrator knows opens nothing but this page."""
    if request.endpoint in ALLOWED or not current_user.is_authenticated or not visitor().must_choose:
        return None
    if request.method == "GET":
        return redirect(url_for("passwords.form"))
    raise Refused(Problem("password", "请先修改系统管理员为您重置的密码。"))


def _required(right: bool, old: str, new: str, again: str) -> str:
    problems = [] if right else [Problem("old", "原密码有误，请重新输入。", "old")]
    if new != again:
        problems.append(Problem("password", "两次输入的新密码不一致，请重新输入。", "again"))
    if right and new == old:
        problems.append(Problem("password", "新密码不能与原密码相同。", "password"))
    try:
        accounts.require_password(new)
    except Refused as refused:
        problems += refused.problems
    if problems:
        raise Refused(*problems)
    return new


def _form(problems: list[Problem]) -> str:
    given = visitor().must_choose
    return render_template("profile/password.html", problems=problems, given=given, shortest=accounts.SHORTEST)
