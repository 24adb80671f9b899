"""条款: the notice's own text, its clauses with what carries them out, and what differs."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.clause_files import TEXT_FILE
from app.domain.drafts import store
from app.domain.drafts.paths import LIMIT
from app.domain.explanations import few_words
from app.domain.said import whole_number
from app.errors import ConfigurationError, Conflict, Problem, Refused
from app.processes.studio import clauses
from app.web.errors import status_of
from app.web.session import reading, transaction
from app.web.studio.frame import designer, draft_page

blueprint = Blueprint("studio_clauses", __name__, url_prefix="/studio/drafts/<int:draft_id>/clauses")


@blueprint.get("")
def index(draft_id: int) -> ResponseReturnValue:
    return _page(draft_id, None, [])


@blueprint.post("")
def mark(draft_id: int) -> ResponseReturnValue:
    """The text, typed or as a file, saved and marked by its headings."""
    by, revision = designer(), whole_number(request.form.get("revision"))
    typed = request.form.get("text", "")
    try:
        typed = _sent() or typed
        with transaction() as session:
            draft = store.get(session, draft_id)
            count, lost = clauses.mark(session, draft, _plain(typed), revision=revision, by=by)
    except (Refused, Conflict, ConfigurationError) as problem:
        return _page(draft_id, typed, problem.problems), status_of(problem)
    flash(f"已保存正文，按标题标出 {count} 条；没有标题的条款请用“标出一条”选取。", "success")
    if lost:
        flash(f"新正文中找不到原来标出的{len(lost)}条：{few_words(lost)}。请重新标出。", "error")
    return redirect(url_for("studio_clauses.index", draft_id=draft_id))


def _sent() -> str:
    """The uploaded file's text, empty where none was sent."""
    file = request.files.get("file")
    data = file.read(LIMIT + 1) if file else b""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Problem("not_text", "文件不是文字（TXT）。请把通知另存为 TXT，或把正文粘贴到下面。", "file"))


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip() + "\n"


def _page(draft_id: int, typed: str | None, problems: list[Problem]) -> str:
    """The form with what was typed, or as saved."""
    with reading() as session:
        draft = store.get(session, draft_id)
        text, revision = store.text_of(session, draft, TEXT_FILE)
        unreadable = ""
        try:
            rows, others = clauses.rows(session, draft)
        except ConfigurationError as error:
            rows, others, unreadable = [], [], error.message
    return draft_page(
        "studio/clauses.html",
        draft,
        "clauses",
        text=text if typed is None else typed,
        revision=revision,
        rows=rows,
        others=others,
        unreadable=unreadable,
        problems=problems,
    )
