"""并排审核: the declarations that wait for one desk's check, beside each other; what is found is kept in their drafts.

Nothing here decides: a file is *marked* (its draft says what its check would be), and `processes.bulk` completes the
marked ones. So a file opened alone shows the same marks, and a page left in the middle loses none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, calendar, desk, dictionaries, permissions
from app.domain.badges import Badge
from app.domain.desk import Desk
from app.domain.forms import schema
from app.domain.permissions import Grants
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.people import Person
from app.models.process import Deadline, Task
from app.processes import bundles, tasks
from app.processes.tasks import Actor

CHECKS, DECISION, OPINION, SIGNATURE = "checks", "decision", "opinion", "signed_by"
ITEMS, DAYS = "return_items", "return_days"
OTHERS = "已由本单位其他人员认领。"
OWN = "申报人为您本人，须由他人审核。"


@dataclass(frozen=True)
class Point:
    """One point to check; `collective` ones hold for the body, so they may be ticked for all files at once."""

    key: str
    label: str
    collective: bool


@dataclass(frozen=True)
class Questions:
    """What a desk's check asks; `passing`, `returning` and `refusing` are (value, label) of its decisions, or None."""

    label: str
    points: tuple[Point, ...]
    passing: tuple[str, str] | None
    returning: tuple[str, str] | None
    refusing: tuple[str, str] | None


NOTHING = Questions("", (), None, None, None)


@dataclass(frozen=True)
class File:
    """A declaration waiting for the check; `draft` as marked so far, `away` why this person cannot act on it."""

    task_id: int
    declaration_id: int
    notice_version_id: int
    form_key: str
    applicant: str
    number: str
    title: str
    badge: Badge | None
    draft: Mapping[str, Any]
    token: str | None
    away: str

    @property
    def mark(self) -> str:
        """The decision that its draft gives; empty while it is not marked."""
        return str(self.draft.get(DECISION) or "")

    @property
    def answers(self) -> Mapping[str, Mapping[str, Any]]:
        return self.draft.get(CHECKS) or {}


def files(session: Session, grants: Grants, at: Desk, notice_key: str) -> list[File]:
    """Every declaration that waits for the desk's check under the notice, the most urgent first; one statement."""
    mine = case((permissions.decidable_tasks(grants), True), else_=False)
    rows = session.execute(
        select(Task, Declaration, Person.name, Deadline, mine)
        .join(Declaration, Declaration.id == Task.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(desk.own_open_task(at), desk.through(at), Task.level == at.level, Declaration.notice_key == notice_key)
        .order_by(Deadline.due_at.asc().nulls_last(), Task.created_at, Task.id)
    ).all()
    now, days = clock.now(session), calendar.calendar_of(session)
    return [
        File(
            task_id=task.id,
            declaration_id=declaration.id,
            notice_version_id=declaration.notice_version_id,
            form_key=task.form_key or "",
            applicant=name,
            number=declaration.number or "",
            title=dictionaries.label("title", declaration.title),
            badge=badges.badge(deadline, now, days),
            draft=task.draft or {},
            token=task.draft_token,
            away="" if own else OWN if declaration.person_id == grants.person_id else OTHERS,
        )
        for task, declaration, name, deadline, own in rows
    ]


def questions(session: Session, file: File) -> Questions:
    """What the file's form asks, by the form's own words."""
    form = bundles.of_version(session, file.notice_version_id).schemas[file.form_key]
    parts = {component.get("key"): component for component, _ in schema.every_component(form["components"])}
    points = [Point(each["value"], each["label"], bool(each.get("collective"))) for each in parts[CHECKS]["points"]]
    options = parts[DECISION]["values"]
    kinds = {_kind(option): (option["value"], option["label"]) for option in reversed(options)}
    return Questions(
        parts[CHECKS].get("label", ""), tuple(points), kinds.get("pass"), kinds.get("return"), kinds.get("refuse")
    )


def mark(session: Session, file: File, actor: Actor, values: Mapping[str, Any], token: str | None = None) -> None:
    """Keep in the file's draft what was found; `values` replace what the draft says of the same.

    Raises Conflict where another window saved since `token`, Refused for what the form cannot hold.
    """
    draft = {key: value for key, value in {**file.draft, **values}.items() if value is not None}
    tasks.save_draft(session, file.task_id, actor, draft, token or file.token)


def words_of(file: File, days: int) -> dict[str, str]:
    """What the places of a saved phrase stand for in this file's case."""
    return {"申报人": file.applicant, "申报职称": file.title, "期限": f"{days}个工作日"}


def all_met(points: Sequence[Point]) -> dict[str, dict[str, Any]]:
    return {point.key: {"ok": True, "note": ""} for point in points}


def ready(
    waiting: Sequence[File], asked: Questions, opinion: str, signature: str
) -> tuple[dict[int, dict[str, Any]], dict[int, str]]:
    """What a bulk run would do with the files: task id → values, and task id → why it is left out.

    `opinion` stands where a file to be passed has none of its own; `signature` signs every one but the returned ones.
    Refused where either is missing (R-129: who examines signs).
    """
    wanted, left_out = {}, {}
    for file in waiting:
        if file.away or not file.mark:
            left_out[file.task_id] = file.away or "尚未核对。"
            continue
        said = {key: value for key, value in file.draft.items() if value not in (None, "")}
        if asked.passing and file.mark == asked.passing[0] and opinion:
            said.setdefault(OPINION, opinion)
        if not asked.returning or file.mark != asked.returning[0]:
            _require(OPINION, said.get(OPINION), "请填写审核意见。")
            said[SIGNATURE] = _require(SIGNATURE, signature, "请填写审查人签字。")
        wanted[file.task_id] = said
    return wanted, left_out


def _require(field: str, value: str | None, message: str) -> str:
    if not value:
        raise Refused(Problem("missing", message, field, "N4 §五(二)；R-129"))
    return value


def _kind(option: Mapping[str, Any]) -> str:
    """pass wants every point met, return wants items to mend, refuse an opinion and nothing of these."""
    if CHECKS in option.get("allOk", ()):
        return "pass"
    if ITEMS in option.get("requires", ()):
        return "return"
    return "refuse" if option["value"] == "reject" else "other"
