"""登录记录 and open logins: for the administrator everybody's, for each person his own."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import login_log, logins, permissions
from app.domain.login_log import Filters
from app.domain.said import whole_number
from app.domain.wording import moment_words
from app.errors import Problem, Refused
from app.web.instances import page_number
from app.web.session import grants, reading, settings, transaction, visitor
from app.web.sheets import FORMATS, Sheet, download

blueprint = Blueprint("logins", __name__)

HEADINGS = ("时间", "账号", "姓名", "结果", "来源", "设备")
EVERYBODY, OTHERS = "everybody", "others"


@blueprint.get("/administration/login-log")
def log() -> ResponseReturnValue:
    """Every attempt, filtered by the address."""
    _administrator()
    filters = Filters.of(request.args)
    place = {name: whole_number(request.args.get(name)) for name in ("before", "after")}
    with reading() as session:
        listing = login_log.listing(session, filters, **place)
    return render_template(
        "administration/login_log.html",
        listing=listing,
        filters=filters,
        outcomes=login_log.OUTCOMES,
        days=settings().login_log_days,
    )


@blueprint.get("/administration/login-log/export")
def export() -> ResponseReturnValue:
    """What the filters let through, `format` csv or xlsx."""
    _administrator()
    kind = request.args.get("format", "")
    with reading() as session:
        found, more = login_log.exported(session, Filters.of(request.args))
    rows = [
        [moment_words(each.record.at), each.record.account, each.name or "", each.outcome, each.record.address,
         each.record.device]
        for each in found
    ]  # fmt: skip
    if more:
        said = f"本表只列出最近的{login_log.MOST}条，请缩小筛选范围后再导出其余的。"
        rows.append([said, *[""] * (len(HEADINGS) - 1)])
    return download(Sheet("登录记录", HEADINGS, rows), kind if kind in FORMATS else "csv")


@blueprint.get("/administration/logins")
def index() -> ResponseReturnValue:
    """Who is in now; `q` looks for a name."""
    _administrator()
    return _page([])


@blueprint.post("/administration/logins")
def end() -> ResponseReturnValue:
    """End one (`login`), all of a `person`, or everybody's (`which` everybody), for `reason`."""
    by, said = _administrator(), request.form
    reason, token = said.get("reason", ""), visitor().id
    one, person = whole_number(said.get("login")), whole_number(said.get("person"))
    try:
        with transaction() as session:
            if one:
                logins.end_one(session, one, by=by, reason=reason)
                count = 1
            elif person:
                count = logins.end_of_person(session, person, by=by, reason=reason, token=token)
            elif said.get("which") == EVERYBODY:
                count = logins.end_all(session, by=by, reason=reason, token=token)
            else:
                return redirect(url_for("logins.index"))
    except Refused as refused:
        return _page(refused.problems), 422
    flash(f"已结束{count}个登录。", "success")
    return redirect(url_for("logins.index", q=said.get("q", "") or None))


@blueprint.get("/profile/logins")
def own() -> ResponseReturnValue:
    """Where one is logged in, and how one came in lately."""
    who = visitor()
    with reading() as session:
        found = logins.of_person(session, who.person_id, who.id)
        lately = login_log.of_person(session, who.person_id)
    return render_template("profile/logins.html", open=found, lately=lately, outcomes=login_log.OUTCOMES)


@blueprint.post("/profile/logins")
def end_own() -> ResponseReturnValue:
    """End one's own `login` elsewhere, or (`others`) all but this one."""
    who, said = visitor(), request.form.get("login", "")
    if not said:
        return redirect(url_for("logins.own"))
    with transaction() as session:
        count = logins.end_own(session, who.person_id, who.id, None if said == OTHERS else whole_number(said))
    flash(f"已结束{count}个登录。", "success")
    return redirect(url_for("logins.own"))


def _page(problems: list[Problem]) -> str:
    words = request.values.get("q", "").strip()
    with reading() as session:
        found, total = logins.listing(session, visitor().id, words, page_number())
    return render_template(
        "administration/logins.html",
        open=found,
        total=total,
        page=page_number(),
        pages=max(1, -(-total // logins.PAGE)),
        q=words,
        problems=problems,
        reason=request.form.get("reason", ""),
    )


def _administrator() -> int:
    """The id of the administrator who asks. Raises LoginRequired, NotAllowed."""
    permissions.require_role(grants(), "system_admin")
    return visitor().person_id
