"""What went wrong, told to the person: one table turns each error into a status; pages and JSON share the words."""

import secrets
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app import errors
from app.domain.clauses import in_words
from app.errors import AppError, Problem
from app.web.clauses import papers

STATUS: dict[type[AppError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.LoginRequired: 401,
    errors.Refused: 422,
    errors.MoveRefused: 422,
    errors.DiagramFault: 500,  # the product's own fault, not the person's
    errors.ConfigurationError: 500,
    AppError: 500,
}
WORDS = {
    400: "提交的内容无法识别，请返回上一页后重试。",
    403: "此事项不由您当前的身份办理。如需办理，请切换身份或联系办理机构。",
    404: "没有找到您要办理的事项，可能已经办结或者链接有误。",
    405: "此处不能这样办理，请从菜单重新进入。",
    409: "此事项刚刚已由他人办理，您填写的内容已保留在草稿中，可查看最新情况。",
    413: "文件超过系统允许的大小，请压缩后再上传。",
    415: "提交的内容格式不符，请返回上一页后重试。",
    429: "操作过于频繁，请稍后再试。",
    500: "系统暂时不能办理，已记录本次故障。您可稍后再试；如仍不能办理，请联系系统管理员并告知故障编号。",
}
PAGE_EXPIRED = "页面停留过久，为保障安全请刷新页面后重新提交。您填写的内容已保存在本页。"
STAYS = "您填写的内容已保存在本页"
TITLES = {401: "请重新登录", 403: "不能办理", 404: "没有找到", 409: "已由他人办理", 422: "请更正后再办", 429: "请稍候"}

_log = structlog.get_logger()


def start(app: Flask) -> None:
    app.register_error_handler(AppError, answer_app_error)
    app.register_error_handler(errors.Repeated, answer_repeated)
    app.register_error_handler(CSRFError, answer_stale_page)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(Exception, answer_unexpected)


def status_of(error: AppError) -> int:
    """The status of the nearest class in the table."""
    return next(STATUS[each] for each in type(error).__mro__ if each in STATUS)


def answer_app_error(error: AppError) -> ResponseReturnValue:
    status, message = status_of(error), error.message
    if status == 401 and _is_page_visit():
        return redirect(url_for("login.page", next=request.full_path.rstrip("?")))
    if status == 401 and wants_json() and STAYS not in message:
        message += f"{STAYS}。"
    incident = None
    if status >= 500:
        incident = new_incident()
        _log.error("fault", incident=incident, path=request.path, reason=str(error), exc_info=error)
    return _answer(status, message, error.problems, incident)


def answer_repeated(error: errors.Repeated) -> ResponseReturnValue:
    """The first sending did it: go on as it did where that is known, else back to the page it came from."""
    if wants_json():
        return jsonify(error.answer | {"message": error.message})
    flash(error.message, "success")
    return redirect(error.answer.get("location") or urlsplit(request.referrer or "/").path)


def answer_stale_page(_error: CSRFError) -> ResponseReturnValue:
    if wants_json() and not current_user.is_authenticated:  # the cookie went with its token: the login is what ended
        return answer_app_error(errors.LoginRequired())
    return _answer(400, PAGE_EXPIRED, [Problem("stale_page", PAGE_EXPIRED)])


def answer_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # a redirect that Werkzeug raised
    message = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    return _answer(status, message, [Problem(f"http_{status}", message)])


def answer_unexpected(error: Exception) -> ResponseReturnValue:
    incident = new_incident()
    _log.error("unexpected", incident=incident, method=request.method, path=request.path, exc_info=error)
    return _answer(500, WORDS[500], [Problem("unexpected", WORDS[500])], incident)


def new_incident() -> str:
    """A short number a person can read out on the telephone; it stands in the log beside the trace."""
    return secrets.token_hex(4).upper()


def wants_json() -> bool:
    """Whether the browser's own code asked (fetch), rather than a person opening a page."""
    accept = request.accept_mimetypes
    return request.is_json or accept.best_match(["text/html", "application/json"]) == "application/json"


def _answer(status: int, message: str, problems: list[Problem], incident: str | None = None) -> ResponseReturnValue:
    swapped = "HX-Request" in request.headers
    if wants_json() or (swapped and status != 422):
        body: dict[str, Any] = {"message": message, "problems": [shown(each) for each in problems]}
        return jsonify(body | ({"incident": incident} if incident else {})), status
    context = {"status": status, "message": message, "problems": problems, "incident": incident}
    if swapped:
        return render_template("_problems.html", **context), status
    if status >= 500:  # stands alone: what broke may be what the frame of a page needs
        return current_app.jinja_env.get_template("fault.html").render(**context), status
    return render_template("error.html", title=TITLES.get(status, "办理未完成"), **context), status


def _is_page_visit() -> bool:
    return request.method in ("GET", "HEAD") and not wants_json() and "HX-Request" not in request.headers


def shown(problem: Problem) -> dict[str, Any]:
    """A problem as the browser shows it, its clause by the document's number."""
    said = problem.as_dict()
    clause = in_words(said.pop("clause", None), papers())
    return {**said, "clause": clause} if clause else said
