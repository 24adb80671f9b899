"""补充通知: one committee's window is changed; who and which deadlines it concerns is shown before it is published."""

from datetime import time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import amendments, committees, notices, permissions, wording
from app.domain.amendments import Amendment, Changes
from app.domain.deadline_rules import spoken
from app.domain.parameter_values import WINDOWS, Window, instant_of, window_of
from app.domain.said import day
from app.errors import NotFound, Problem, Refused
from app.models.notice import Committee, Notice, NoticeVersion
from app.processes import amendments as amending
from app.processes.amendments import Outlook
from app.processes.rehearsal import rehearse
from app.web.session import database, grants, reading, run, visitor

blueprint = Blueprint("supplements", __name__)

NAMES = {
    "declare": "网上申报时间",
    "check": "审核时间",
    "corrections": "仅受理补正时间",
    "pay": "缴费时间",
    "paper": "递交纸质材料时间",
}
KEEP_OLD = {
    "nobody": "全部按新时间办理",
    "submitted": "此前已提交的仍按原时间办理",
    "started": "此前已开始填报的仍按原时间办理",
}
FIELDS = (
    "notice", "committee", "window", "opens_on", "opens_at", "closes_on", "closes_at", "number", "legal_basis",
    "reason", "keep_old", "shorten",
)  # fmt: skip


@blueprint.get("/supplements/new")
def new() -> ResponseReturnValue:
    said = {name: request.args.get(name, "").strip() for name in FIELDS}
    return _show(said, [])


@blueprint.post("/supplements/preview")
def preview() -> ResponseReturnValue:
    _administrator()
    said = _said()
    try:
        amendment = _amendment(said)
        outlook = rehearse(database(), lambda session: _outlook(session, said["notice"], amendment))
    except Refused as refused:
        return _show(said, refused.problems), 422
    with reading() as session:
        row = _committee(session, said)
        before = _printed(committees.window(row, said["window"]))
    return render_template(
        "administration/supplement_preview.html",
        said=said,
        committee=row,
        window=NAMES[said["window"]],
        before=before,
        after=_spoken(said),
        kept=KEEP_OLD[said["keep_old"]],
        outlook=outlook,
        effects=outlook.effects,
    )


@blueprint.post("/supplements")
def publish() -> ResponseReturnValue:
    """Publish the supplementary notice and carry it out."""
    _administrator()
    said = _said()
    amendment, shorten, by = _amendment(said), said["shorten"] == "yes", visitor().person_id
    count = run(lambda session: len(amending.amend(session, said["notice"], amendment, by=by, shorten=shorten).told))
    flash(f"补充通知{said['number']}已发布，已通知{count}人。", "success")
    return redirect(url_for("supplements.new", notice=said["notice"]))


def _show(said: dict[str, str], problems: list[Problem]) -> str:
    _administrator()
    with reading() as session:
        known = session.scalars(select(Notice).order_by(Notice.year.desc(), Notice.key)).all()
        with_committees = [row for row in known if _committees(session, row.key)]
        chosen = next((row for row in with_committees if row.key == said["notice"]), None)
        rows = _committees(session, chosen.key) if chosen else []
        row = next((each for each in rows if str(each.no) == said["committee"]), None)
        windows = {name: _printed(committees.window(row, name)) for name in WINDOWS} if row else {}
        history = _history(session, chosen) if chosen else []
    return render_template(
        "administration/supplement.html",
        notices=with_committees,
        chosen=chosen,
        committees=rows,
        row=row,
        names=NAMES,
        windows=windows,
        keep_old=KEEP_OLD,
        history=history,
        said=said,
        problems=problems,
    )


def _administrator() -> None:
    visitor()
    permissions.require_role(grants(), "system_admin")


def _said() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in FIELDS}


def _amendment(said: dict[str, str]) -> Amendment:
    """The form as an amendment; Refused with what is missing. Numbers and reasons are checked by the domain."""
    problems = []
    if not said["committee"].isdecimal():
        problems.append(Problem("missing", "请选择评委会。", "committee"))
    if said["window"] not in NAMES:
        problems.append(Problem("missing", "请选择调整的时间。", "window"))
    opens, closes = _end(said, "opens"), _end(said, "closes")
    if opens is None or closes is None:
        problems.append(Problem("missing", "请填写新的起止日期。", "opens_on"))
    elif window_of({"from": opens, "to": closes}).state(instant_of(opens, end=False)) != "open":
        problems.append(Problem("period", "截止时间不能早于开始时间。", "closes_on"))
    if said["keep_old"] not in amendments.KEEP_OLD:
        problems.append(Problem("keep_old", "请选择哪些事项仍按原规定办理。", "keep_old"))
    if problems:
        raise Refused(*problems)
    changes = Changes(committees={int(said["committee"]): {said["window"]: {"from": opens, "to": closes}}})
    return Amendment(said["number"], said["legal_basis"], said["reason"], changes, keep_old=said["keep_old"])


def _outlook(session: Session, notice_key: str, amendment: Amendment) -> Outlook:
    return amending.outlook(session, amending.amend(session, notice_key, amendment, by=visitor().person_id))


def _committee(session: Session, said: dict[str, str]) -> Committee:
    found = next((row for row in _committees(session, said["notice"]) if str(row.no) == said["committee"]), None)
    if found is None:
        raise NotFound("没有找到该职称评审委员会。")
    return found


def _committees(session: Session, notice_key: str) -> list[Committee]:
    return committees.of_version(session, notices.latest(session, notice_key).id)


def _history(session: Session, notice: Notice) -> list[NoticeVersion]:
    wanted = select(NoticeVersion).where(NoticeVersion.notice_id == notice.id, NoticeVersion.amends.is_not(None))
    return list(session.scalars(wanted.order_by(NoticeVersion.id.desc())))


def _printed(window: Window | None) -> str:
    """A window in the words of a notice."""
    if window is None:
        return "未列出"
    opens, closes = window.opens, window.closes
    return f"{wording.moment_words(opens) if opens else ''}至{spoken(closes) if closes else ''}"


def _spoken(said: dict[str, str]) -> str:
    return _printed(window_of({"from": _end(said, "opens"), "to": _end(said, "closes")}))


def _end(said: dict[str, str], which: str) -> str | None:
    """`2023-11-05`, or with its clock time, as a notice's package writes it; None for what is no date or time."""
    found = day(said[f"{which}_on"])
    try:
        at = time.fromisoformat(said[f"{which}_at"]) if said[f"{which}_at"] else None
    except ValueError:
        return None
    if found is None:
        return None
    return f"{found} {at:%H:%M}" if at else f"{found}"
