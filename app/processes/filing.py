"""新增申报: which committees and titles a notice offers, what to ask, and opening the draft (D20)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import committees, declarations, dictionaries, organisations, people, routes, schedules
from app.domain.forms import schema
from app.domain.forms.schema import Field
from app.domain.schedules import CommitteeLine
from app.errors import NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.notice import Committee, Notice, NoticeVersion
from app.models.people import Organisation
from app.models.process import Task
from app.processes import bundles, carrying, instances, prospects
from app.processes.prospects import Prospect, Stop

FORM = "declaration"
QUESTIONS = ("target_title", "specialty", "category", "work_place", "archive_place")


@dataclass(frozen=True)
class Choice:
    """A committee of a notice, chosen by its number."""

    notice: Notice
    version: NoticeVersion
    line: CommitteeLine

    @property
    def committee(self) -> Committee:
        return self.line.committee


@dataclass(frozen=True)
class Question:
    """One of QUESTIONS in the words of the notice's own form: options (value, label)."""

    key: str
    label: str
    options: tuple[tuple[str, str], ...]


def choose(session: Session, key: str, number: int) -> Choice:
    """The committee with that number in the notice's schedule; NotFound."""
    notice, version = schedules.find(session, key)
    row = next((row for row in committees.of_version(session, version.id) if row.no == number), None)
    if row is None:
        raise NotFound("没有找到该职称评审委员会，或者它不在本通知的日程安排中。")
    return Choice(notice, version, schedules.line_of(session, row, clock.now(session)))


def refusal(choice: Choice) -> Problem | None:
    """Why no draft may be begun for the committee: closed, corrections only, off line, nobody to receive it."""
    committee = choice.committee
    windows = dict(choice.line.windows)
    contact = str(choice.line.contact) if choice.line.contact else None
    declared, corrections = windows.get("网上申报", ""), windows.get("仅受理补正", "")
    address = committee.address or "见组建单位通知"
    message = {
        "closed": f"网上申报时间为{declared}，现已截止，本次不能申报。",
        "corrections_only": f"{corrections}仅受理补正材料，不接收新的申报。",
        "offline": f"该评委会不在网上受理申报，请按组建单位通知线下办理。地址：{address}。",
    }.get(choice.line.state)
    if message is not None:
        return Problem("window", message, None, committee.clause or None, contact)
    if choice.line.contact is None:
        return routes.not_registered(committee.convening_name, "", "")
    return None


def not_yet(choice: Choice) -> str:
    """Sentence 1 where the window has not opened: the draft may be begun all the same."""
    if choice.line.state != "before":
        return ""
    declared = dict(choice.line.windows).get("网上申报", "")
    return f"本评委会网上申报时间为{declared}，现尚未开始。您可先填写并保存，到时提交。"


def questions(session: Session, choice: Choice) -> list[Question]:
    """What to ask first; titles only of the committee's series and levels."""
    found = []
    for field in _fields(session, choice.version.id):
        if field.key in QUESTIONS:
            options = [(str(option["value"]), str(option["label"])) for option in field.component.get("values", [])]
            if field.key == "target_title":
                options = [option for option in options if _receives(choice.committee, option[0])]
            found.append(Question(field.key, field.label, tuple(options)))
    return sorted(found, key=lambda question: QUESTIONS.index(question.key))


def answered(asked: list[Question], said: Mapping[str, str]) -> dict[str, str]:
    """Those answers that are options of their question."""
    return {each.key: said[each.key] for each in asked if said.get(each.key) in dict(each.options)}


def bodies(
    session: Session, choice: Choice, answers: Mapping[str, Any], names: Mapping[str, str]
) -> tuple[dict[str, Any], Prospect]:
    """The form's values with the bodies named by the applicant, and what they would go through.

    `names` are names or credit codes by form field; one that is not found stays empty and its stop says whom to ask.
    Raises Refused where the notice has no route for the answers.
    """
    values = {**answers, "series": _series(choice.committee, str(answers["target_title"]))}
    first = prospects.prospect(session, choice.version.id, choice.committee.id, values)
    missing: dict[str, Problem] = {}
    for field in {stop.field for stop in first.stops if stop.field}:
        wanted = names.get(field, "").strip()
        found = named(session, choice.version.id, field, wanted) if wanted else None
        if found is not None:
            values[field] = found.id
        elif wanted:
            missing[field] = _unknown(choice, field, wanted)
    whole = prospects.prospect(session, choice.version.id, choice.committee.id, values)
    return values, _with(whole, missing)


def candidates(session: Session, notice_version_id: int, field: str, limit: int = 300) -> list[Organisation]:
    """Bodies of the kinds that the form's field asks for."""
    component = next((each.component for each in _fields(session, notice_version_id) if each.key == field), {})
    return organisations.find(session, kinds=component.get("kinds", ()), limit=limit)


def named(session: Session, notice_version_id: int, field: str, words: str) -> Organisation | None:
    """The body of the field's kinds with exactly this name, former name or credit code."""
    component = next((each.component for each in _fields(session, notice_version_id) if each.key == field), {})
    for body in organisations.find(session, words, component.get("kinds", ())):
        if words in (body.name, body.credit_code, *body.former_names):
            return body
    return None


def begin(
    session: Session, person_id: int, choice: Choice, values: Mapping[str, Any], before: Declaration | None = None
) -> int:
    """Open the draft, prefilled with what is known of the person; gives the id of the task to go on with.

    What the declaration `before` says comes along as far as the form still asks for it (see `carrying`).

    A draft of the same committee and title in which nothing has been written yet is taken up again instead.
    """
    problem = refusal(choice)
    if problem is not None:
        raise Refused(problem)
    untouched = _untouched(session, person_id, choice, str(values.get("target_title")))
    if untouched is not None:
        return untouched
    form = bundles.of_version(session, choice.version.id).schemas[FORM]
    earlier = carrying.carried(form, declarations.record_of(before)) if before else {}
    record = {**earlier, **_known(session, person_id), **values}
    declaration = instances.declare(session, person_id, choice.committee.id, choice.version.id, record)
    if before:
        carrying.own_files(session, declaration, form)
    return session.scalars(_own_task(declaration.instance_id)).one().id


def _untouched(session: Session, person_id: int, choice: Choice, title: str) -> int | None:
    wanted = select(Declaration).where(
        Declaration.person_id == person_id,
        Declaration.committee_id == choice.committee.id,
        Declaration.title == title,
        Declaration.status == "DRAFT",
        Declaration.revision == 0,
    )
    for declaration in session.scalars(wanted.order_by(Declaration.id.desc())).all():
        task = session.scalars(_own_task(declaration.instance_id)).first()
        if task is not None and task.draft is None:
            return task.id
    return None


def _own_task(instance_id: int | None) -> Any:
    return select(Task).where(Task.instance_id == instance_id, Task.status == "open", Task.role == "applicant")


def _known(session: Session, person_id: int) -> dict[str, Any]:
    person = people.get(session, person_id)
    known = {
        "name": person.name,
        "sex": person.sex,
        "birth_month": f"{person.birth:%Y-%m}" if person.birth else None,
        "id_type": "resident_id" if person.birth else None,  # only a resident's number tells the birth
        "id_number": person.identity_number,
        "mobile": person.mobile,
        "channel": "normal",
    }
    return {key: value for key, value in known.items() if value}


def _fields(session: Session, notice_version_id: int) -> list[Field]:
    form = bundles.of_version(session, notice_version_id).schemas[FORM]
    return [item for item in schema.items(form) if isinstance(item, Field)]


def _receives(committee: Committee, title: str) -> bool:
    entries = [entry for entry in dictionaries.entries("title") if entry["code"] == title]
    return any(entry["level"] in committee.levels and entry["series"] in committee.series for entry in entries)


def _series(committee: Committee, title: str) -> str:
    entries = [entry for entry in dictionaries.entries("title") if entry["code"] == title]
    return str(entries[0]["series"]) if entries else committee.series[0]


def _unknown(choice: Choice, field: str, name: str) -> Problem:
    """Sentence 9 for a name that is no body here, so nobody knows its telephone: the committee's office helps on."""
    whom = str(choice.line.contact) if choice.line.contact else None
    return replace(routes.not_registered(name, "", "", field), contact=whom)


def _with(whole: Prospect, missing: Mapping[str, Problem]) -> Prospect:
    stops = tuple(_marked(stop, missing.get(stop.field or "")) for stop in whole.stops)
    return Prospect(stops, whole.papers, whole.notes, whole.fee, whole.clause)


def _marked(stop: Stop, problem: Problem | None) -> Stop:
    return stop if problem is None else replace(stop, problem=problem)
