"""What an office asked an applicant to mend, item by item: its place in form 8, its answer (R-121, R-138)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import acceptance, declarations, levels, openings, organisations
from app.models.declaration import Declaration
from app.models.office import CompletionRequest, CorrectionNotice
from app.models.process import Task

CORRECTION, COMPLETION = "correction", "completion"


@dataclass(frozen=True)
class Item:
    """`keys` are the table or headings of form 8 that the target names, `row` one row of it; none for free words.

    `changed` tells whether that part reads otherwise than when the office asked.
    """

    number: int
    target: str
    text: str
    keys: tuple[str, ...]
    row: str | None
    changed: bool
    reply: str
    evidence: tuple[int, ...]
    answered: bool


@dataclass(frozen=True)
class Asked:
    """The whole list; `before` is the record as it was when the office asked, `shown` what was publicised of it."""

    kind: str
    office: str
    number: str
    sent_at: datetime
    answered_at: datetime | None
    items: tuple[Item, ...]
    before: Mapping[str, Any]
    now: Mapping[str, Any]
    shown: Mapping[str, Any] | None

    @property
    def answered(self) -> int:
        return sum(item.answered for item in self.items)

    @property
    def open(self) -> list[int]:
        """Numbers of the items that are not answered yet."""
        return [item.number for item in self.items if not item.answered]


def of_task(session: Session, task: Task) -> Asked | None:
    """What the applicant has to answer with an open task, or what an office that asked looks at; else None."""
    if (
        task.declaration_id is None
        or task.status != "open"
        or (task.record not in ("declaration", "correction") and task.role == "applicant")
    ):
        return None
    declaration = declarations.get(session, task.declaration_id)
    notice = acceptance.notice_of(session, declaration.id)
    request = levels.last_request(session, declaration.id, task.level)
    if task.role == "applicant":
        if notice is not None and notice.answered_at is None and task.element_id == CORRECTION:
            return _asked(session, declaration, notice, task)
        return (
            _asked(session, declaration, request, task)
            if request and request.answered_at is None and task.level
            else None
        )
    for paper in (notice, request):
        if paper is not None and paper.answered_at is not None and _looks_at(task, paper):
            return _asked(session, declaration, paper, task)
    return None


def _looks_at(task: Task, paper: CorrectionNotice | CompletionRequest) -> bool:
    """The body that asked, and the unit that confirms the answer."""
    return task.organisation_id == paper.organisation_id or task.form_key == "countersign"


def _asked(
    session: Session, declaration: Declaration, paper: CorrectionNotice | CompletionRequest, task: Task
) -> Asked:
    correction = isinstance(paper, CorrectionNotice)
    draft = (task.draft or {}) if task.role == "applicant" else {}
    before = _before(session, declaration, paper.sent_at)
    now: Mapping[str, Any] = declarations.record_of(declaration)
    now = _corrected(session, declaration, task, now, draft) if correction else {**now, **draft}
    given = _replies(paper, draft) if isinstance(paper, CorrectionNotice) else {}
    frozen = levels.publicised_content(session, declaration.id)
    items = []
    for number, each in enumerate(paper.items, 1):
        keys, row = openings.place(each, now)
        reply = given.get(str(each.get("_id")), {})
        said = str(reply.get("reply") or "").strip()
        changed = any(_part(before, key, row) != _part(now, key, row) for key in keys)
        items.append(
            Item(
                number=number,
                target=str(each.get("target") or ""),
                text=str(each["text"]),
                keys=keys,
                row=row,
                changed=changed,
                reply=said,
                evidence=tuple(reply.get("evidence") or ()),
                answered=bool(said) if correction else changed or (not keys and bool(now.get("reply_note"))),
            )
        )
    return Asked(
        kind=CORRECTION if correction else COMPLETION,
        office=organisations.get(session, paper.organisation_id).name if paper.organisation_id else "",
        number=paper.number if isinstance(paper, CorrectionNotice) else "",
        sent_at=paper.sent_at,
        answered_at=paper.answered_at,
        items=tuple(items),
        before=before,
        now=now,
        shown=None if frozen is None else {**frozen["headings"], **frozen["tables"]},
    )


def _corrected(
    session: Session, declaration: Declaration, task: Task, record: Mapping[str, Any], draft: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The record with what the applicant has corrected so far."""
    if not draft or task.record != "correction":
        return record
    return openings.merged(record, draft, acceptance.opening(session, declaration))


def _part(record: Mapping[str, Any], key: str, row: str | None) -> Any:
    """A heading or table, or its one row; nothing and an empty table are alike."""
    found = record.get(key) or None
    return found if row is None or not found else [each for each in found if str(each.get("_id")) == row]


def _replies(notice: CorrectionNotice, draft: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    rows = draft.get("correction_items") or notice.replies
    return {str(row.get("_id")): row for row in rows}


def _before(session: Session, declaration: Declaration, at: datetime) -> Mapping[str, Any]:
    """The record as the applicant had handed it in when the office asked."""
    handed_in = select(Task.values).where(
        Task.declaration_id == declaration.id, Task.role == "applicant", Task.record == "declaration",
        Task.status == "completed", Task.ended_at <= at, Task.form_key.in_(("declaration", "unit_completion")),
    )  # fmt: skip
    return session.scalars(handed_in.order_by(Task.id.desc()).limit(1)).first() or {}
