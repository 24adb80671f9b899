"""新增申报: choose notice, committee and title; see the whole way before anything is filed; then begin the draft."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import schedules
from app.domain.schedules import Search
from app.errors import NotAllowed, NotFound, Problem, Refused
from app.processes import carrying, filing, incidents
from app.processes.filing import Choice
from app.web import clauses, notices
from app.web.session import database, grants, keep_answer, reading, run, visitor

blueprint = Blueprint("filing", __name__)

PLACES = ("work_place", "archive_place")


@blueprint.get("/filing")
def new() -> ResponseReturnValue:
    """The step that the address has come to: notice → committee → questions → the way before filing."""
    _as_oneself()
    with reading() as session:
        if not request.args.get("notice"):
            lines = [line for line in schedules.listed(session) if {"open", "before"} & line.counts.keys()]
            return render_template("filing/notice.html", lines=lines, **notices.words())
        if not request.args.get("committee"):
            return _committees(session)
        return _questions(session, _choice(session))


@blueprint.post("/filing")
def begin() -> ResponseReturnValue:
    """Open the draft and go on to its form."""
    _as_oneself()
    person_id = visitor().person_id

    def work(session: Session) -> int:
        choice = _choice(session)
        clauses.under(session, choice.version.id)
        answers = filing.answered(filing.questions(session, choice), request.values)
        values, way = filing.bodies(session, choice, _complete(answers), request.values)
        open_stops = [stop for stop in way.stops if stop.problem or stop.body is None]
        problems = [stop.problem or _not_chosen(stop.office, stop.field) for stop in open_stops]
        if problems:
            raise Refused(*problems)
        before = carrying.source(session, person_id) if request.form.get("carry") else None
        task_id = filing.begin(session, person_id, choice, values, before)
        keep_answer(session, location=url_for("task.show", task_id=task_id))
        return task_id

    with incidents.recorded(database()):
        task_id = run(work)
    if request.form.get("carry"):
        flash("已带入上一次申报的内容，请逐项核对、补充后再提交；个人承诺等项目须重新填写。", "success")
    return redirect(url_for("task.show", task_id=task_id))


def _committees(session: Session) -> ResponseReturnValue:
    notice, version = schedules.find(session, request.args["notice"])
    search = Search(q=request.args.get("q", "").strip(), level=request.args.get("level", ""))
    rows = [line for line in schedules.schedule(session, version.id, search) if line.draftable]
    everything = schedules.schedule(session, version.id)
    draftable = [line for line in everything if line.draftable]
    if len(draftable) == 1:
        return redirect(url_for("filing.new", notice=notice.key, committee=draftable[0].committee.no))
    return render_template("filing/committee.html", notice=notice, rows=rows, search=search, **notices.words())


def _questions(session: Session, choice: Choice) -> ResponseReturnValue:
    clauses.under(session, choice.version.id)
    asked = filing.questions(session, choice)
    answers = filing.answered(asked, request.args)
    page: dict[str, Any] = {"choice": choice, "asked": asked, "answers": answers, "names": request.args}
    page |= {"refusal": filing.refusal(choice), "not_yet": filing.not_yet(choice), "way": None, "problems": []}
    if page["refusal"] is None and len(answers) == len(asked):
        try:
            _, page["way"] = filing.bodies(session, choice, answers, request.args)
        except Refused as refused:
            page["problems"] = refused.problems
    if page["way"]:
        page["before"] = carrying.source(session, visitor().person_id)
        fields = {stop.field for stop in page["way"].stops if stop.field}
        page["candidates"] = {field: filing.candidates(session, choice.version.id, field) for field in fields}
    return render_template("filing/questions.html", **page, **notices.words())


def _choice(session: Session) -> Choice:
    number = request.values.get("committee", "")
    if not number.isdecimal():
        raise NotFound("没有找到该职称评审委员会，或者它不在本通知的日程安排中。")
    return filing.choose(session, request.values.get("notice", ""), int(number))


def _complete(answers: dict[str, str]) -> dict[str, str]:
    missing = [key for key in filing.QUESTIONS if key not in answers]
    if missing:
        raise Refused(*(Problem("missing", "请先回答全部问题，再开始填写。", key) for key in missing[:1]))
    return answers


def _not_chosen(office: str, field: str | None) -> Problem:
    return Problem("body_missing", f"请选择{office}。无法选择的，请联系该机构先行注册。", field)


def _as_oneself() -> None:
    visitor()
    if not grants().personal:
        raise NotAllowed("申报由本人以个人身份办理，您当前以机构身份登录。请切换身份为“个人”后再办。")
