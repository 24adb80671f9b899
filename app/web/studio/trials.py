"""Trying out what is being designed: a decision table, a form, and a form as the person who fills it in will see it."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.domain.drafts import store
from app.errors import Problem, Refused
from app.processes.studio import trials, words
from app.web.session import HEADERS, reading
from app.web.studio.frame import sent

blueprint = Blueprint("studio_trials", __name__, url_prefix="/studio/drafts/<int:draft_id>")

FRAMED = HEADERS["Content-Security-Policy"].replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@blueprint.post("/try")
def decision(draft_id: int) -> ResponseReturnValue:
    """{content, inputs?} → {findings, answer, unlisted} of a decision table, saved or not."""
    content, inputs = _content(), _mapping("inputs")
    with reading() as session:
        declared = words.declared(session, store.get(session, draft_id))
    return jsonify(trials.decision(content, inputs, declared))


@blueprint.post("/check")
def form(draft_id: int) -> ResponseReturnValue:
    """{content, values?} → {findings, problems, hidden}; without values also {values, context} of a sample."""
    content, values = _content(), _mapping("values")
    with reading() as session:
        store.get(session, draft_id)
        today = clock.local(clock.now(session)).date()
    return jsonify(trials.form(content, values, today))


@blueprint.get("/choices")
def choices(draft_id: int) -> ResponseReturnValue:
    """{choices}: the words of every option in the draft's forms, by field and value."""
    with reading() as session:
        return jsonify({"choices": words.choices(session, store.get(session, draft_id))})


@blueprint.get("/preview")
def preview(draft_id: int) -> ResponseReturnValue:
    """The page inside the form editor's preview; what it shows, the editor tells it."""
    with reading() as session:
        store.get(session, draft_id)
    page: Response = make_response(render_template("studio/preview.html"))
    page.headers["Content-Security-Policy"] = FRAMED
    page.headers["X-Frame-Options"] = "SAMEORIGIN"
    return page


def _content() -> str:
    content = sent().get("content")
    if not isinstance(content, str):
        raise Refused(Problem("content", "请求中缺少要检查的内容，请刷新页面后重试。", "content"))
    return content


def _mapping(name: str) -> dict[str, Any] | None:
    found = sent().get(name)
    return found if isinstance(found, dict) else None
