"""批量退回补充完善: the files ticked on the desk's list, with phrases for all of them and words for each."""

from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import desk, phrases
from app.domain.desk import Desk
from app.errors import Problem, Refused
from app.processes import bulk, checking
from app.processes.checking import File
from app.processes.tasks import Actor
from app.web.checking import ROWS, days_said, items_of
from app.web.desks import own_desk
from app.web.session import grants, reading, transaction, visitor

blueprint = Blueprint("bulk_returns", __name__)

NOTHING = "请先勾选要退回的申请书；所选的可能已由他人办理。"


@blueprint.get("/recommendation/<level>/<key>/returning")
def show(level: str, key: str) -> ResponseReturnValue:
    """Every `task` in the address, with the phrases to choose from; without any that still waits, back to the desk."""
    mine = own_desk(level)
    with reading() as session:
        season = desk.season(session, mine, key)
        chosen = _chosen(session, mine, key, request.args.getlist("task"))
        known = phrases.of(session, grants(), "return")
    if not chosen:
        flash(NOTHING, "error")
        return redirect(url_for("recommendation.notice", level=level, key=key))
    return render_template("checking/return.html", desk=mine, season=season, files=chosen, phrases=known, rows=ROWS)


@blueprint.post("/recommendation/<level>/<key>/returning")
def plan(level: str, key: str) -> ResponseReturnValue:
    """A bulk run that returns every `task`; its page shows each text as its applicant will read it."""
    mine, days = own_desk(level), days_said()
    with transaction() as session:
        chosen = _chosen(session, mine, key, request.form.getlist("task"))
        if not chosen:
            raise Refused(Problem("nothing", NOTHING))
        known = {str(each.id): each for each in phrases.of(session, grants(), "return")}
        ticked = [known[each] for each in request.form.getlist("phrase") if each in known]
        shared = [(phrase.target or "申请书", phrase.text) for phrase in ticked] + list(_rows("", ROWS))
        wanted = {
            file.task_id: {
                checking.DECISION: _returning(session, file),
                checking.ITEMS: items_of([*shared, *_rows(f"{file.task_id}-", 1)], file, days),
                checking.DAYS: days,
            }
            for file in chosen
            if not file.away
        }
        left_out = {file.task_id: file.away for file in chosen if file.away}
        run = bulk.plan(session, Actor(visitor().person_id, grants()), (level, key), wanted, left_out)
    return redirect(url_for("bulk.show", run_id=run.id))


def _chosen(session: Session, mine: Desk, key: str, said: list[str]) -> list[File]:
    return [file for file in checking.files(session, grants(), mine, key) if str(file.task_id) in said]


def _rows(prefix: str, count: int) -> Iterator[tuple[str, str]]:
    for number in range(count):
        target, text = (request.form.get(f"{name}-{prefix}{number}", "").strip() for name in ("target", "text"))
        if target or text:
            yield target or "申请书", text


def _returning(session: Session, file: File) -> str:
    decision = checking.questions(session, file).returning
    if decision is None:
        raise Refused(Problem("no_return", "本通知的审核表没有退回补充完善的决定。"))
    return decision[0]
