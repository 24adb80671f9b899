"""The task's page as data: who must act, the form to fill, the declaration to read, the diagram, why the date."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app import clock
from app.domain import (
    attachments,
    badges,
    calendar,
    declarations,
    evidence,
    explanations,
    openings,
    people,
    permissions,
    session_access,
    suspended,
    waiting,
    wording,
)
from app.domain.badges import Badge
from app.domain.explanations import Explanation
from app.domain.forms import schema
from app.domain.inbox import lists, titles
from app.domain.inbox.filters import Filters
from app.domain.permissions import Grants
from app.domain.waiting import Waiting
from app.errors import NotFound
from app.models.attachment import EvidenceMark
from app.models.process import Deadline, ProcessInstance, Task
from app.processes import diagrams, history, tasks
from app.processes.diagrams import Picture
from app.processes.documents import shelf
from app.processes.history import Entry
from app.processes.standing import SECRET_STEPS
from app.processes.tasks import Sheet
from app.web.views import papers
from app.web.views.papers import Paper

ORIGINALS = "originals_match"  # the check point of forms whose office sees the originals


@dataclass(frozen=True)
class FormPart:
    """What the form island reads; `context` are the names and files its values refer to."""

    schema: dict[str, Any]
    values: dict[str, Any]
    context: dict[str, Any]
    token: str | None
    today: str
    now: str
    saved: bool


@dataclass(frozen=True)
class TaskPage:
    """`form` where the person may act, else `paper` (what was submitted); `place` is (number, of how many).

    `marks` tells which files of the `record` were looked at; `session_id` is the session whose desk one may open.
    """

    task: Task
    title: str
    acting: bool
    waiting: list[Waiting]
    badge: Badge | None
    reason: Explanation | None
    form: FormPart | None
    paper: Paper | None
    record: Paper | None
    marks: Mapping[int, EvidenceMark]
    shelf: list[shelf.Entry]
    picture: Picture | None
    entries: list[Entry]
    place: tuple[int, int] | None
    before: int | None
    after: int | None
    handled: str
    suspended: str
    session_id: int | None

    @property
    def claimable(self) -> bool:
        """Whether it may be taken out of a post's queue and put back."""
        return self.acting and not permissions.is_personal(self.task)

    @property
    def upload_limit(self) -> int:
        """Bytes of one file, where the form's field sets no lower limit."""
        return attachments.LIMIT

    @property
    def originals(self) -> bool:
        """Whether this step compares copies with their originals."""
        return self.form is not None and ORIGINALS in str(self.form.schema)


def build(session: Session, task_id: int, grants: Grants, filters: Filters) -> TaskPage:
    """NotFound; NotAllowed (sentence 25) for who may neither act nor look."""
    sheet = tasks.sheet(session, task_id)
    task = sheet.task
    acting = permissions.may_act(session, grants.person_id, task, grants)
    if not acting and not permissions.may_see_task(session, grants, task):
        permissions.require_act(session, grants.person_id, task, grants)
    instance = session.get_one(ProcessInstance, task.instance_id)
    deadline = session.get(Deadline, task.deadline_id) if task.deadline_id and task.status == "open" else None
    own_case = permissions.is_applicant(session, grants, task)
    queued = lists.queue(session, grants, filters, task.name) if acting else []
    at = queued.index(task.id) if task.id in queued else None
    return TaskPage(
        task=task,
        title=titles.title_of(session, task),
        acting=acting,
        waiting=_waiting(session, task),
        badge=badges.badge(deadline, clock.now(session), calendar.calendar_of(session)),
        reason=explanations.explain(session, deadline, instance) if deadline else None,
        form=_form(session, sheet) if acting else None,
        paper=None if acting else _paper(session, sheet),
        record=(record := _record(session, task)),
        marks=evidence.of_task(session, task.id) if acting and record and record.files else {},
        shelf=_shelf(session, task),
        picture=None if own_case else picture(session, task),
        entries=_entries(session, task, own_case),
        place=None if at is None else (at + 1, len(queued)),
        before=queued[at - 1] if at else None,
        after=queued[at + 1] if at is not None and at + 1 < len(queued) else None,
        handled=_handled(session, task),
        suspended=suspended.words(instance) if task.status == "open" else "",
        session_id=_session_of(session, instance, grants),
    )


def picture(session: Session, task: Task, process_key: str | None = None) -> Picture | None:
    """The diagram around the task; none where the notice brings no drawing of that name and none was asked for."""
    try:
        return diagrams.of_task(session, task, process_key)
    except NotFound:
        if process_key is not None:
            raise
        return None


def _entries(session: Session, task: Task, own_case: bool) -> list[Entry]:
    """The applicant reads neither the offices' opinions nor the steps that would tell of a complaint."""
    entries = history.of_task(session, task)
    if not own_case:
        return entries
    return [replace(entry, note="") for entry in entries if entry.element not in SECRET_STEPS]


def _waiting(session: Session, task: Task) -> list[Waiting]:
    """The task itself while it is open; afterwards what its case waits for now."""
    if task.status == "open":
        return waiting.of_tasks(session, [task.id])
    return [] if task.declaration_id is None else waiting.of_declaration(session, task.declaration_id)


def _handled(session: Session, task: Task) -> str:
    if task.status == "cancelled":
        return "此事项已不需要办理。"
    if task.ended_by is None or task.ended_at is None:
        return ""
    name = people.get(session, task.ended_by).name
    return f"此事项已由{name}于{wording.moment_words(task.ended_at)}办理。"


def _form(session: Session, sheet: Sheet) -> FormPart | None:
    if sheet.schema is None:
        return None
    files = attachments.named(session, papers.evidence_ids(sheet.schema, sheet.values))
    names = papers.organisation_names(session, papers.organisation_ids(sheet.schema, sheet.values))
    context = {
        "organisations": [{"id": key, "name": name} for key, name in names.items()],
        "attachments": {str(key): papers.file_entry(row) for key, row in files.items()},
        "libraryUrl": _library(sheet.task),
        "suggestions": _suggestions(session, sheet),
    }
    now = clock.local(clock.now(session))
    today = now.date().isoformat()
    return FormPart(sheet.schema, sheet.values, context, sheet.task.draft_token, today, now.isoformat(), sheet.saved)


def _library(task: Task) -> str | None:
    """Where an applicant's form finds his 业绩库; other forms have none."""
    own = task.role == "applicant" and task.record == "declaration"
    return url_for("achievements.offered", task_id=task.id) if own else None


def _suggestions(session: Session, sheet: Sheet) -> list[dict[str, str]]:
    """What a text box with `suggest` offers: the tables, rows and headings of the declaration to read beside it."""
    components = schema.every_component((sheet.schema or {}).get("components", []))
    if sheet.task.declaration_id is None or not any(each.get("suggest") for each, _table in components):
        return []
    return openings.choices(declarations.record_of(declarations.get(session, sheet.task.declaration_id)))


def _session_of(session: Session, instance: ProcessInstance, grants: Grants) -> int | None:
    """The review session whose desk the person may open."""
    found = instance.subject.get("session_id")
    return found if found is not None and session_access.may_see_session(session, grants, found) else None


def _paper(session: Session, sheet: Sheet) -> Paper | None:
    """What was submitted; of an open task of somebody else nothing: a draft is not yet said."""
    if sheet.schema is None or sheet.task.status != "completed":
        return None
    return papers.of_values(session, sheet.task.name, sheet.schema, sheet.values, declarations.SEALED_KEYS)


def _shelf(session: Session, task: Task) -> list[shelf.Entry]:
    """The documents of the declaration, to read or print beside the form."""
    if task.declaration_id is None or _fills_in(task):
        return []
    return shelf.of(session, declarations.get(session, task.declaration_id))


def _record(session: Session, task: Task) -> Paper | None:
    """The declaration to read beside an office's form; the applicant has it in his own form."""
    if task.declaration_id is None or _fills_in(task):
        return None
    return papers.of_declaration(session, declarations.get(session, task.declaration_id))


def _fills_in(task: Task) -> bool:
    """Whether the form is the declaration itself."""
    return task.role == "applicant" and task.record in ("declaration", "correction")
