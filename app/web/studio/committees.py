"""评委会与时间: the rows of the schedule, one of them in a form, moving all windows, a schedule taken from a file."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.domain import calendar, dictionaries
from app.domain.drafts import committee_entries, moving, schedule, schedule_import, store
from app.domain.drafts.entry_forms import as_window
from app.domain.drafts.moving import Move, Plan
from app.domain.drafts.schedule import Row
from app.domain.parameter_values import WINDOWS, window_of
from app.domain.said import day as said_day
from app.domain.said import whole_number
from app.domain.schedules import WINDOW_NAMES, window_words
from app.errors import Conflict, NotFound, Problem, Refused
from app.web.errors import status_of
from app.web.session import reading, transaction
from app.web.studio import entry_boxes
from app.web.studio.frame import designer, draft_page
from app.web.views import months

blueprint = Blueprint("studio_committees", __name__, url_prefix="/studio/drafts/<int:draft_id>/committees")

NEW = 0  # the number of a row that is not there yet
TEXTS = ("name", "convening_key", "convening_name", "address", "session", "clause", "note", "specialties")


@blueprint.get("")
def index(draft_id: int) -> ResponseReturnValue:
    return _list(draft_id, {}, [])


@blueprint.get("/<int:number>")
def show(draft_id: int, number: int) -> ResponseReturnValue:
    """One row; 0 is a new one."""
    with reading() as session:
        rows, revision = schedule.rows(session, store.get(session, draft_id))
        row = _row(rows, number)
    return _form(draft_id, number, row, str(revision), [])


@blueprint.post("/<int:number>")
def save(draft_id: int, number: int) -> ResponseReturnValue:
    """Write one row, or with `remove` take it out; the rows behind it move up with what is their own."""
    by, row, gone = designer(), _said(), "remove" in request.form
    revision = request.form.get("revision", "")

    def change(rows: list[Row]) -> list[Row]:
        _row(rows, number)
        if gone:
            return [each for place, each in enumerate(rows, start=1) if place != number]
        return [*rows, row] if number == NEW else [*rows[: number - 1], row, *rows[number:]]

    try:
        words = f"{'删除' if gone else '增加' if number == NEW else '修改'}评委会“{row['name']}”"
        with transaction() as session:
            rows, _ = schedule.rows(session, store.get(session, draft_id))
            schedule.save(session, draft_id, change(rows), revision=whole_number(revision), by=by, reason=words)
            if gone:
                committee_entries.take_out(session, draft_id, number, by=by)
    except (Refused, Conflict) as problem:
        return _form(draft_id, number, row, revision, problem.problems), status_of(problem)
    flash("已保存。", "success")
    return redirect(url_for("studio_committees.index", draft_id=draft_id))


@blueprint.post("/move")
def move(draft_id: int) -> ResponseReturnValue:
    """All windows by `years` and `days`: looked at first, done with `confirm` if nobody saved in between."""
    by, said = designer(), request.form
    try:
        wanted = _move()
        with transaction() as session:
            draft = store.get(session, draft_id)
            days = calendar.calendar_of(session)
            made = moving.plan(session, draft, wanted, days)
            if "confirm" in said:
                _same(made, said.get("revisions", ""))
                moving.apply(session, draft_id, made, by=by, reason=moving.sentence(wanted))
    except (Refused, Conflict) as problem:
        return _list(draft_id, dict(said), problem.problems), status_of(problem)
    if "confirm" in said:
        flash(f"{moving.sentence(wanted)}：共{len(made.ends)}处。", "success")
        return redirect(url_for("studio_committees.index", draft_id=draft_id))
    return draft_page(
        "studio/move.html",
        draft,
        "committees",
        plan=made,
        move=wanted,
        words=moving.sentence(wanted),
        unknown=[year for year in made.unknown_years if not days.known(year)],
        revisions=_token(made),
    )


@blueprint.post("/import")
def take(draft_id: int) -> ResponseReturnValue:
    """A schedule as CSV or XLSX laid over the rows; taken whole, or not at all with every fault by its row."""
    by, file = designer(), request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused(Problem("missing", "请选择CSV或XLSX文件。", "file"))
        with transaction() as session:
            draft = store.get(session, draft_id)
            rows, revision = schedule.rows(session, draft)
            found = schedule_import.read(file.filename, file.read(), rows, draft.year)
            if found.problems:
                raise Refused(*found.problems)
            reason = f"导入日程安排：{file.filename}"
            schedule.save(session, draft_id, found.rows, revision=revision, by=by, reason=reason)
    except (Refused, Conflict) as problem:
        return _list(draft_id, {}, problem.problems), status_of(problem)
    flash(f"已导入：更改{found.changed}个评委会，增加{found.added}个。", "success")
    return redirect(url_for("studio_committees.index", draft_id=draft_id))


def _list(draft_id: int, said: dict[str, str], problems: list[Problem]) -> str:
    with reading() as session:
        draft = store.get(session, draft_id)
        rows, _ = schedule.rows(session, draft)
    return draft_page(
        "studio/committees.html",
        draft,
        "committees",
        rows=[(row, schedule.level_words(row["levels"]), _windows(row)) for row in rows],
        window_names=WINDOW_NAMES,
        columns=[words for column, words in schedule.LABELS.items() if column != "flags"],
        said=said,
        problems=problems,
    )


def _form(draft_id: int, number: int, row: Row, revision: str, problems: list[Problem]) -> str:
    with reading() as session:
        draft = store.get(session, draft_id)
        beside = _months(session, row)
        lines = committee_entries.lines(session, draft) if number else []
        own = committee_entries.of_draft(session, draft).get(number, {})
    specs = {line.spec.key: line.spec for line in lines}
    meanings = {key: spec.meaning for key, spec in specs.items()}
    given = [(specs[key], entry) for key, entry in own.items() if key in specs]
    return draft_page(
        "studio/committee.html",
        draft,
        "committees",
        number=number,
        row=row,
        boxes=_boxes(row),
        revision=revision,
        problems=problems,
        labels=schedule.LABELS,
        window_names=WINDOW_NAMES,
        own=[(spec, entry_boxes.said(spec, entry, meanings), entry) for spec, entry in given],
        may_own=[spec for key, spec in specs.items() if key not in own],
        levels=_options("level"),
        series=_options("series"),
        flags=schedule.FLAG_WORDS,
        months=beside,
        weekdays=[name.removeprefix("周") for name in calendar.WEEKDAYS],
    )


def _options(dictionary: str) -> list[tuple[str, str]]:
    return [(entry["code"], entry["label"]) for entry in dictionaries.entries(dictionary)]


def _row(rows: list[Row], number: int) -> Row:
    if number == NEW:
        return schedule.empty_row()
    if number > len(rows):
        raise NotFound("日程安排中没有这个评委会，可能刚刚已被删除。")
    return rows[number - 1]


def _said() -> Row:
    """The form as a row."""
    said = request.form
    row = schedule.empty_row() | {name: " ".join(said.get(name, "").split()) for name in TEXTS}
    row |= {name: " ".join(said.getlist(name)) for name in ("levels", "series", "flags")}
    for name in WINDOWS:
        boxes = {key.removeprefix(f"{name}_"): value for key, value in said.items() if key.startswith(f"{name}_")}
        row |= {f"{name}_{end}": text for end, text in as_window(boxes).items()}
    return row


def _boxes(row: Row) -> dict[str, str]:
    """The windows as boxes, `declare_from_on` and so on."""
    found: dict[str, str] = {}
    for name in WINDOWS:
        for end in ("from", "to"):
            day, _, at = row[f"{name}_{end}"].partition(" ")
            found |= {f"{name}_{end}_on": day, f"{name}_{end}_at": at}
    return found


def _windows(row: Row) -> dict[str, str]:
    """The windows in words; what is no date as it stands."""
    found = {}
    for name in WINDOWS:
        ends = {end: row[f"{name}_{end}"] for end in ("from", "to") if row[f"{name}_{end}"]}
        try:
            found[name] = window_words(window_of(ends)) if ends else ""
        except ValueError:
            found[name] = " 至 ".join(ends.values())
    return found


def _months(session: Session, row: Row) -> list[months.Month]:
    days = {day for key, text in _boxes(row).items() if key.endswith("_on") and (day := said_day(text))}
    return months.around(calendar.calendar_of(session), days)


def _move() -> Move:
    numbers: dict[str, Any] = {}
    for name in ("years", "days"):
        text = request.form.get(name, "").strip() or "0"
        if not text.removeprefix("-").isdecimal() or abs(int(text)) > moving.MOST:
            raise Refused(Problem("number", "请填写整数，提前的写负数。", name))
        numbers[name] = int(text)
    if not any(numbers.values()):
        raise Refused(Problem("missing", "请填写要移动的年数或天数。", "days"))
    return Move(**numbers)


def _token(made: Plan) -> str:
    return "-".join(map(str, made.revisions))


def _same(made: Plan, token: str) -> None:
    if token != _token(made):
        raise Conflict("预览之后有人改过日程安排或参数，请重新预览。")
