"""The form of a task in its surroundings: what it is prefilled with, what it may refer to, where its values go."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import attachments, records, said
from app.domain import organisations as bodies
from app.domain.forms import Attachment, Form, FormContext
from app.domain.forms.schema import Table
from app.models.process import ProcessInstance, Task
from app.processes import bundles


def form_of(session: Session, task: Task, instance: ProcessInstance) -> Form | None:
    """The compiled form of the task, with what a correction opens of form 8."""
    if not task.form_key:
        return None
    resources, opening = bundles.of_version(session, instance.notice_version_id), records.opening(session, task)
    return resources.opened(task.form_key, opening)[1] if opening else resources.form(task.form_key)


def schema_of(session: Session, task: Task, instance: ProcessInstance) -> dict[str, Any] | None:
    """The same form as the browser draws it; None where the notice brings none of that name."""
    resources, opening = bundles.of_version(session, instance.notice_version_id), records.opening(session, task)
    if opening and task.form_key:
        return resources.opened(task.form_key, opening)[0]
    return resources.schemas.get(task.form_key) if task.form_key else None


def current(
    session: Session, task: Task, instance: ProcessInstance, keys: Collection[str] | None = None
) -> dict[str, Any]:
    """The stored values of what the task edits, cut to the fields that its form has (or to `keys` of them)."""
    form = form_of(session, task, instance)
    if form is None:
        return {}
    wanted = form.fields if keys is None else keys
    stored = records.load(session, task, instance, wanted)
    return {key: value for key, value in stored.items() if key in wanted}


def overlaid(form: Form | None, stored: Mapping[str, Any], draft: Mapping[str, Any]) -> dict[str, Any]:
    """The draft over the stored values; a table of fixed rows has the rows stored now, whoever joined or left since."""
    merged = {**stored, **draft}
    for table in (item for item in form.items if isinstance(item, Table) and item.fixed) if form else ():
        if table.key in stored and isinstance(draft.get(table.key), list):
            said = {row.get("_id"): row for row in draft[table.key] if isinstance(row, Mapping)}
            merged[table.key] = [{**row, **said.get(row.get("_id"), {})} for row in stored[table.key] or []]
    return merged


def context(
    session: Session, task: Task, instance: ProcessInstance, person_id: int, values: Mapping[str, Any]
) -> FormContext:
    """What the check of this task's form needs to know about `values`; only what they and the form refer to is read."""
    form = form_of(session, task, instance)
    today = clock.local(clock.now(session)).date()
    if form is None:
        return FormContext(today)
    limits = records.limits(session, task, instance) if task.record else {}
    restricted = limits.get("only_fields") is not None or limits.get("only_rows") is not None
    stored = current(session, task, instance, None if restricted else form.kept) if task.record else {}
    kinds = ("organisation", "evidence")
    named = {kind: form.named(values, kind) | (form.named(stored, kind) if restricted else set()) for kind in kinds}
    return FormContext(
        today=today,
        organisations=organisations(session, named["organisation"]),
        attachments=files(session, task, person_id, named["evidence"], records.shown(session, instance)),
        current=stored,
        **limits,
    )


def keep(session: Session, task: Task, instance: ProcessInstance, values: Mapping[str, Any]) -> None:
    """Write checked values to the record that the task edits."""
    if task.record:
        records.save(session, task, instance, values)


def organisations(session: Session, ids: Collection[Any]) -> dict[int, str]:
    """Id → kind of those bodies that may be chosen."""
    return {body.id: body.kind for body in bodies.known(session, sorted(said.ids(ids))) if body.registered}


def files(
    session: Session, task: Task, person_id: int, ids: Collection[Any], shown: Collection[int]
) -> dict[int, Attachment]:
    """Of these uploads, those this person may refer to: his own, those of his case, and what the record `shown`."""
    with session.no_autoflush:  # a task's values name files that were there before
        found = attachments.named(session, said.ids(ids)).values()
    return {
        row.id: Attachment(name=row.name, type=row.media_type, size=row.size)
        for row in found
        if row.uploaded_by == person_id
        or (row.declaration_id is not None and row.declaration_id == task.declaration_id)
        or row.id in shown
    }
