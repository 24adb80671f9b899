"""申报通知 and 评审工作日程安排: open to everybody, logged in or not."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain import dictionaries, parameter_words, schedules
from app.domain.notice_content import content
from app.domain.schedules import Search
from app.web.session import reading

blueprint = Blueprint("notices", __name__)

FEW = 3  # so many committees are shown on the notice's own page


@blueprint.get("/notices")
def index() -> ResponseReturnValue:
    with reading() as session:
        lines = schedules.listed(session)
    return render_template("notices/index.html", lines=lines, states=schedules.STATES)


@blueprint.get("/notices/<key>")
def show(key: str) -> ResponseReturnValue:
    with reading() as session:
        notice, version = schedules.find(session, key)
        rows = schedules.schedule(session, version.id)
        texts = schedules.texts(session, version.id)
        said = parameter_words.said(session, version.id)
        has_text = bool(content(session, version.id).paper.text)
    return render_template(
        "notices/show.html",
        notice=notice,
        version=version,
        rows=rows if len(rows) <= FEW else [],
        count=len(rows),
        texts=texts,
        said=said,
        has_text=has_text,
        **words(),
    )


@blueprint.get("/schedule")
def schedule() -> ResponseReturnValue:
    """评审工作日程安排 of one notice (`notice`: its key; else the one with the longest schedule), searchable."""
    search = Search(q=request.args.get("q", "").strip(), level=_level(), state=_state())
    with reading() as session:
        lines = schedules.listed(session)
        longest = max(lines, key=lambda line: sum(line.counts.values()), default=None)
        key = request.args.get("notice") or (longest.notice.key if longest else "")
        notice, version = schedules.find(session, key)
        rows = schedules.schedule(session, version.id, search)
    return render_template("notices/schedule.html", notice=notice, lines=lines, rows=rows, search=search, **words())


def words() -> dict[str, dict[str, str]]:
    """What codes of states and levels are called."""
    return {
        "states": schedules.STATES,
        "levels": {entry["code"]: entry["label"] for entry in dictionaries.entries("level")},
    }


def _state() -> str:
    said = request.args.get("state", "")
    return said if said in schedules.STATES else ""


def _level() -> str:
    said = request.args.get("level", "")
    return said if said in words()["levels"] else ""
