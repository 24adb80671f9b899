"""Registering as an individual: everybody begins as a person, units have no account of their own (R-105)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from app.domain import accounts, outbox, people, quiet, receiving
from app.domain.identity import mask_identity, mask_phone
from app.domain.said import whole_number
from app.errors import Problem, Refused
from app.web.session import limiter, reading, transaction, visitor

blueprint = Blueprint("profile", __name__)

ID_TYPES = {"resident_id": "居民身份证", "passport": "护照", "hmt_permit": "港澳台居民通行证或居住证"}
PER_ADDRESS = "20 per hour"  # a whole office may share one address


@blueprint.get("/register")
def register() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("profile.show"))
    return _form([])


@blueprint.post("/register")
@limiter.limit(PER_ADDRESS)
def create() -> ResponseReturnValue:
    """Make the account; every fault is told at once and nothing typed is lost but the password."""
    try:
        with transaction() as session:
            _create(session)
    except Refused as refused:
        return _form(refused.problems), 422
    flash("注册成功，请登录。", "success")
    return redirect(url_for("login.page"))


@blueprint.get("/profile")
def show() -> ResponseReturnValue:
    """个人中心: one's own data, numbers masked, and where one is told."""
    return _profile([])


@blueprint.post("/profile/channels")
def channels() -> ResponseReturnValue:
    """消息接收方式."""
    said, chosen = request.form.get("email", "").strip(), request.form.getlist("notify_by")
    try:
        with transaction() as session:
            channels = [each for each in chosen if each in outbox.CHANNELS]
            receiving.choose(session, visitor().person_id, said, channels, _digest_hour())
    except Refused as refused:
        return _profile(refused.problems), 422
    flash("已保存消息接收方式。", "success")
    return redirect(url_for("profile.show"))


def _digest_hour() -> int | None:
    """The hour of the form; none for mails one by one."""
    said = request.form.get("digest_hour", "")
    return whole_number(said) if said else None


def _profile(problems: list[Problem]) -> str:
    with reading() as session:
        person = people.get(session, visitor().person_id)
    said = request.form if problems else {"email": person.email or "", "digest_hour": person.digest_hour or ""}
    return render_template(
        "profile/show.html",
        person=person,
        number=mask_identity(person.identity_number),
        mobile=mask_phone(person.mobile),
        channels=outbox.CHANNELS,
        hours=quiet.DIGEST_HOURS,
        chosen=request.form.getlist("notify_by") if problems else person.notify_by,
        said=said,
        problems=problems,
    )


def _create(session: Session) -> None:
    problems: list[Problem] = []
    said = {key: request.form.get(key, "").strip() for key in ("account", "name", "id_type", "id_number", "mobile")}
    if said["id_type"] not in ID_TYPES:
        problems.append(Problem("id_type", "请选择证件类别。", "id_type"))
    if not said["id_number"]:
        problems.append(Problem("missing", "请填写证件号码。", "id_number"))
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        problems.append(Problem("password", "两次输入的密码不一致，请重新输入。", "again"))
    if len(password) < accounts.SHORTEST:
        problems.append(Problem("password", f"密码不能少于{accounts.SHORTEST}位。", "password"))
    try:
        with session.begin_nested():
            kind = said["id_type"] if said["id_type"] in ID_TYPES else "resident_id"
            person = people.register(session, said["account"], said["name"], said["id_number"] or None, kind)
            people.set_mobile(session, person.id, said["mobile"])
            if not problems:
                accounts.set_password(session, person.id, password)
    except Refused as refused:
        problems += refused.problems
    if problems:
        raise Refused(*problems)


def _form(problems: list[Problem]) -> str:
    return render_template("profile/register.html", problems=problems, said=request.form, id_types=ID_TYPES)
