"""评审室, the files: read-only, in the session's hours; the evidence is shown and never handed out; opinions."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import attachments, dictionaries, organisations
from app.domain.reviews import recusals
from app.domain.room import access, files, scoring, standing_back
from app.domain.room.access import Place
from app.domain.room.standing_back import Said
from app.errors import NotAllowed, NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.review import AgendaItem, Seat
from app.web.session import database, reading, settings, transaction
from app.web.views import papers
from app.web.views.papers import Paper
from app.web.views.seated import first, position, seated

blueprint = Blueprint("room_files", __name__, url_prefix="/room")

POLICY = "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
SHOWN_WITHIN = ("iframe", "image", "embed", "object")  # what the browser says that it fetches it for
ALONE = "佐证材料只能在评审室的页面中查看，不能单独打开或者下载。"


@blueprint.get("/files")
def index() -> ResponseReturnValue:
    """指定材料: how far the seat has come, "12 / 45", the main reader's marked."""
    with reading() as session:
        here, seat = seated(session)
        if (before := first(session, seat)) is not None:
            return before
        lines = files.lines(session, seat)
        units = {each.id: each.name for each in organisations.known(session, {line.unit_id or 0 for line in lines})}
        titles = {line.item.id: dictionaries.label("title", line.title) for line in lines}
    done = sum(line.done for line in lines)
    context = {"lines": lines, "units": units, "titles": titles, "done": done, "seat": seat, "review": here.review}
    return render_template("room/files.html", **context, position=position(seat))


@blueprint.get("/files/<int:item_id>")
def show(item_id: int) -> ResponseReturnValue:
    with reading() as session:
        here, seat = seated(session)
        if (before := first(session, seat)) is not None:
            return before
        page = _file(session, here, seat, item_id, [])
    _note(seat, item_id, files.ITSELF)
    return page


@blueprint.post("/files/<int:item_id>")
def save(item_id: int) -> ResponseReturnValue:
    """保存意见，下一份."""
    try:
        with transaction() as session:
            here, seat = _reader(session)
            lines = files.lines(session, seat)
            line = files.require(lines, item_id)
            panel = request.form.get("panel_opinion") if line.main else None
            items = scoring.sheet(session, here.review)
            marks = scoring.read(items, {name: request.form.get(f"score.{name}", "") for name in items})
            files.save_opinion(session, seat, line, request.form.get("text", ""), panel=panel, scores=marks)
            following = files.following(lines, line)
    except Refused as refused:
        with reading() as session:
            here, seat = seated(session)
            return _file(session, here, seat, item_id, refused.problems), 422
    if "next" in request.form and following is not None:
        return redirect(url_for("room_files.show", item_id=following.item.id))
    flash("评议意见已保存。" if following else "全部材料的评议意见都已保存。", "success")
    return redirect(url_for("room_files.index"))


@blueprint.post("/files/<int:item_id>/recusal")
def stand_back(item_id: int) -> ResponseReturnValue:
    """申请回避 where the relation only shows in the file: it shuts at once."""
    try:
        with transaction() as session:
            _, seat = _reader(session)
            line = files.one(session, seat, item_id)
            said = Said(tuple(request.form.getlist("basis")), request.form.get("reason", ""))
            standing_back.stand_back(session, seat, line.item, said)
    except Refused as refused:
        with reading() as session:
            here, seat = seated(session)
            return _file(session, here, seat, item_id, refused.problems), 422
    flash(f"您对{line.applicant}已申请回避，不参加该申报人的评议和投票。", "success")
    return redirect(url_for("room_files.index"))


@blueprint.get("/files/<int:item_id>/evidence/<int:attachment_id>")
def evidence(item_id: int, attachment_id: int) -> ResponseReturnValue:
    """One piece of evidence under the seat's watermark, with the ways to the one before and the next."""
    with reading() as session:
        here, seat = _reader(session)
        line = files.one(session, seat, item_id)
        paper = _paper(session, line.item)
        ids = list(paper.files)
        if attachment_id not in ids:
            raise NotFound("没有找到该附件。")
        at = ids.index(attachment_id)
    _note(seat, item_id, attachment_id)
    return render_template(
        "room/evidence.html",
        review=here.review,
        seat=seat,
        line=line,
        file=paper.files[attachment_id],
        content=url_for("room_files.content", item_id=item_id, attachment_id=attachment_id),
        before=paper.files[ids[at - 1]] if at else None,
        after=paper.files[ids[at + 1]] if at + 1 < len(ids) else None,
        number=at + 1,
        total=len(ids),
    )


@blueprint.get("/files/<int:item_id>/evidence/<int:attachment_id>/content")
def content(item_id: int, attachment_id: int) -> ResponseReturnValue:
    """The bytes, inside the room's own page only: no name to save under, nothing kept."""
    if request.headers.get("Sec-Fetch-Dest", SHOWN_WITHIN[0]) not in SHOWN_WITHIN:
        raise NotAllowed(ALONE)
    with reading() as session:
        _, seat = _reader(session)
        paper = _paper(session, files.one(session, seat, item_id).item)
        if attachment_id not in paper.files:
            raise NotFound("没有找到该附件。")
        found = attachments.get(session, attachment_id)
    path = attachments.path_of(settings().attachments, found)
    if not path.is_file():
        raise NotFound("附件的文件不在存储中，请告知会务人员。")
    response: Response = send_file(path, mimetype=found.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@blueprint.post("/files/<int:item_id>/evidence/<int:attachment_id>/stay")
def stay(item_id: int, attachment_id: int) -> ResponseReturnValue:
    """How long a paper (0: the declaration) has been visible, told by the page itself."""
    seconds = (request.get_json(silent=True) or {}).get("seconds")
    with database().transaction() as session:
        _, seat = _reader(session)
        files.one(session, seat, item_id)
        if isinstance(seconds, int):
            files.stayed(session, seat, item_id, attachment_id, seconds)
    return jsonify({})


def _reader(session: Session) -> tuple[Place, Seat]:
    """The seat that reads, in the hours in which files are open and after what comes first."""
    here, seat = seated(session)
    access.require_reading_hours(session, here.review)
    if first(session, seat) is not None:
        raise NotAllowed("请先签到并确认回避事项。")
    return here, seat


def _note(seat: Seat, item_id: int, attachment_id: int) -> None:
    with database().transaction() as session:
        files.opened(session, session.merge(seat, load=False), item_id, attachment_id)


def _file(session: Session, here: Place, seat: Seat, item_id: int, problems: list[Problem]) -> str:
    access.require_reading_hours(session, here.review)
    lines = files.lines(session, seat)
    line = files.require(lines, item_id)
    context: dict[str, Any] = {
        "review": here.review,
        "seat": seat,
        "position": position(seat),
        "line": line,
        "total": len(lines),
        "done": sum(each.done for each in lines),
        "following": files.following(lines, line),
        "paper": _paper(session, line.item),
        "bases": recusals.BASES,
        "scoring": scoring.sheet(session, here.review),
        "mean": scoring.panel_mean(session, line.item) if line.main else None,
        "problems": problems,
        "said": request.form,
        "may_stand_back": line.item.status == "listed",
    }
    return render_template("room/file.html", **context)


def _paper(session: Session, item: AgendaItem) -> Paper:
    """The declaration of one of the seat's own files, its evidence leading to the room's own pages."""
    paper = papers.of_declaration(session, session.get_one(Declaration, item.declaration_id))
    links = {
        key: {**file, "plain": True, "url": url_for("room_files.evidence", item_id=item.id, attachment_id=key)}
        for key, file in paper.files.items()
    }
    return replace(paper, files=links)
