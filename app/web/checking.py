"""并排审核 and 批量退回: marking many declarations at a desk, then handing the marked ones to a bulk run."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import declarations, desk, phrases
from app.errors import NotFound, Problem, Refused
from app.processes import bulk, checking
from app.processes.checking import File, Questions
from app.processes.tasks import Actor
from app.web.desks import own_desk
from app.web.session import grants, reading, transaction, visitor
from app.web.views import papers

blueprint = Blueprint("checking", __name__)

ANSWERS = {"yes": True, "no": False}
WIDEST = 3  # files beside each other
ROWS = 5  # items that one file may be returned for on this page


@blueprint.get("/recommendation/<level>/<key>/checking")
def show(level: str, key: str) -> ResponseReturnValue:
    """`columns` files (1 to 3) beside each other, the first being the task `at`, else the first not marked."""
    mine, columns = own_desk(level), _columns()
    with reading() as session:
        waiting = checking.files(session, grants(), mine, key)
        shown = _beside(waiting, columns)
        context = {
            "season": desk.season(session, mine, key),
            "shown": [(file, checking.questions(session, file), _paper(session, file)) for file in shown],
            "phrases": phrases.of(session, grants()),
        }
    files = [file for file in waiting if not file.away]
    places = [file.task_id for file in files]
    first = places.index(shown[0].task_id) if shown else 0
    return render_template(
        "checking/show.html",
        desk=mine,
        files=waiting,
        columns=columns,
        place=first + 1,
        total=len(files),
        before=places[max(0, first - columns)] if first else None,
        after=places[first + columns] if first + columns < len(places) else None,
        marked=[file for file in files if file.mark],
        **context,
    )


@blueprint.post("/recommendation/<level>/<key>/checking/<int:task_id>")
def mark(level: str, key: str, task_id: int) -> ResponseReturnValue:
    """Keep what was found of one file; `verdict` met, pass, return, refuse, clear or keep. On to the next."""
    mine, who = own_desk(level), grants()
    with transaction() as session:
        waiting = checking.files(session, who, mine, key)
        file = _one(waiting, task_id)
        asked = checking.questions(session, file)
        values = _found(asked, file)
        checking.mark(session, file, _actor(), values, request.form.get("token") or None)
    at = task_id if request.form["verdict"] in ("keep", "clear") else _next(waiting, task_id)
    return redirect(url_for("checking.show", level=level, key=key, at=at, columns=_columns()))


@blueprint.post("/recommendation/<level>/<key>/checking/together")
def together(level: str, key: str) -> ResponseReturnValue:
    """Tick the chosen collective points in every file that is not marked yet."""
    mine, who = own_desk(level), grants()
    with transaction() as session:
        waiting = [file for file in checking.files(session, who, mine, key) if not file.away and not file.mark]
        for file in waiting:
            points = [point for point in checking.questions(session, file).points if point.collective]
            ticked = checking.all_met([point for point in points if point.key in request.form.getlist("point")])
            checking.mark(session, file, _actor(), {checking.CHECKS: {**file.answers, **ticked}})
    flash(f"已为{len(waiting)}份未核对的申请书勾选。", "success")
    return redirect(url_for("checking.show", level=level, key=key, columns=_columns()))


@blueprint.post("/recommendation/<level>/<key>/checking/run")
def plan(level: str, key: str) -> ResponseReturnValue:
    """All marked files to a bulk run, whose page asks once more before anything is done."""
    mine, who = own_desk(level), grants()
    opinion, signature = (request.form.get(name, "").strip() for name in ("opinion", "signed_by"))
    with transaction() as session:
        waiting = checking.files(session, who, mine, key)
        asked = checking.questions(session, waiting[0]) if waiting else checking.NOTHING
        wanted, left_out = checking.ready(waiting, asked, opinion, signature)
        run = bulk.plan(session, _actor(), (level, key), wanted, left_out)
    return redirect(url_for("bulk.show", run_id=run.id))


def _found(asked: Questions, file: File) -> dict[str, Any]:
    """What the form says of one file, as values of its draft; None takes a value away."""
    said, verdict = request.form, request.form.get("verdict", "keep")
    if verdict == "keep":
        return {checking.CHECKS: _answers(said, asked), checking.OPINION: said.get("opinion", "").strip() or None}
    decisions = {"met": asked.passing, "pass": asked.passing, "return": asked.returning, "refuse": asked.refusing}
    decision = decisions.get(verdict)
    return {
        checking.CHECKS: checking.all_met(asked.points) if verdict == "met" else _answers(said, asked),
        checking.OPINION: said.get("opinion", "").strip() or None,
        checking.ITEMS: None,
        checking.DAYS: None,
        checking.DECISION: decision[0] if decision else None,
        **(_return(said, file) if verdict == "return" else {}),
    }


def _answers(said: Mapping[str, str], asked: Questions) -> dict[str, dict[str, Any]]:
    given = {point.key: said.get(f"point-{point.key}", "") for point in asked.points}
    notes = {key: said.get(f"note-{key}", "").strip() for key in given}
    return {key: {"ok": ANSWERS.get(value), "note": notes[key]} for key, value in given.items() if value or notes[key]}


def _return(said: Mapping[str, str], file: File) -> dict[str, Any]:
    days = days_said()
    rows = [(said.get(f"target-{n}", "").strip(), said.get(f"text-{n}", "").strip()) for n in range(ROWS)]
    return {checking.ITEMS: items_of(rows, file, days), checking.DAYS: days}


def items_of(rows: Iterable[tuple[str, str]], file: File, days: int) -> list[dict[str, str]]:
    """(part, text) as the form's items, the places of phrases filled in; Refused for none and for half a row."""
    given = [row for row in rows if any(row)]
    if not given or not all(text and target for target, text in given):
        raise Refused(Problem("missing", f"请逐项列明{file.applicant}需要补充完善的分节和内容。", "text-0"))
    words = checking.words_of(file, days)
    for _, text in given:
        phrases.require_known_places(text, "text-0")
    return [{"target": target, "text": phrases.filled(text, words)} for target, text in given]


def days_said() -> int:
    """补充完善期限 as typed, in working days. Refused for less than one."""
    days = request.form.get("days", "").strip()
    if not days.isdecimal() or int(days) < 1:
        raise Refused(Problem("days", "请填写补充完善期限（工作日），不少于1个工作日。", "days"))
    return int(days)


def _beside(waiting: list[File], columns: int) -> list[File]:
    files = [file for file in waiting if not file.away]
    at = request.args.get("at", "")
    first = next((n for n, file in enumerate(files) if str(file.task_id) == at), None)
    if first is None:
        first = next((n for n, file in enumerate(files) if not file.mark), 0)
    return files[first : first + columns]


def _next(waiting: list[File], task_id: int) -> int:
    """The first file after this one that is not marked yet, else the first such, else this one."""
    files = [file for file in waiting if not file.away]
    at = next(n for n, file in enumerate(files) if file.task_id == task_id)
    open_ones = [file.task_id for file in (*files[at + 1 :], *files[:at]) if not file.mark]
    return (open_ones or [task_id])[0]


def _one(waiting: list[File], task_id: int) -> File:
    found = next((file for file in waiting if file.task_id == task_id), None)
    if found is None:
        raise NotFound("此申请书已不在待审核之列，可能已由他人办理。")
    return found


def _paper(session: Session, file: File) -> papers.Paper:
    return papers.of_declaration(session, declarations.get(session, file.declaration_id))


def _columns() -> int:
    said = request.values.get("columns", "1")
    return min(WIDEST, max(1, int(said))) if said.isdecimal() else 1


def _actor() -> Actor:
    return Actor(visitor().person_id, grants())
