"""The form of a task in its surroundings: what it is prefilled with, what it may refer to, where its values go."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import records
from app.domain.forms import Attachment, Form, FormContext
from app.domain.forms.schema import Table
from app.models import attachment as attachments
from app.models.people import Organisation
from app.models.process import ProcessInstance, Task
from app.processes import bundles


def form_of(session: Session, task: Task, instance: ProcessInstance) -> Form | None:
    return bundles.of_version(session, instance.notice_version_id).form(task.form_key) if task.form_key else None


def current(session: Session, task: Task, instance: ProcessInstance) -> dict[str, Any]:
    """The stored values of what the task edits, cut to the fields that its form has."""
    form = form_of(session, task, instance)
    if form is None:
        return {}
    stored = records.load(session, task, instance)
    return {key: value for key, value in stored.items() if key in form.fields}


def context(session: Session, task: Task, instance: ProcessInstance, person_id: int) -> FormContext:
    """What the check of this task's form needs to know; only what the form has fields for is read."""
    form = form_of(session, task, instance)
    kinds = _kinds(form) if form else frozenset()
    stored = current(session, task, instance) if task.record else {}
    limits = records.limits(session, task, instance) if task.record else {}
    return FormContext(
        today=clock.local(clock.now(session)).date(),
        organisations=organisations(session) if "organisation" in kinds else {},
        attachments=files(session, task, person_id) if "evidence" in kinds else {},
        current=stored,
        **limits,
    )


def keep(session: Session, task: Task, instance: ProcessInstance, values: Mapping[str, Any]) -> None:
    """Write checked values to the record that the task edits."""
    if task.record:
        records.save(session, task, instance, values)


def organisations(session: Session) -> dict[int, str]:
    """Id → kind of every body that may be chosen."""
    found = session.execute(select(Organisation.id, Organisation.kind).where(Organisation.registered.is_(True)))
    return {row.id: row.kind for row in found}


def files(session: Session, task: Task, person_id: int) -> dict[int, Attachment]:
    """The uploads this person may refer to: his own and those of the declaration he works on."""
    table = attachments.Attachment
    mine = [table.uploaded_by == person_id]
    if task.declaration_id is not None:
        mine.append(table.declaration_id == task.declaration_id)
    rows = session.execute(select(table.id, table.name, table.media_type, table.size).where(or_(*mine)))
    return {key: Attachment(name=name, type=kind, size=size) for key, name, kind, size in rows}


def _kinds(form: Form) -> frozenset[str]:
    """The field kinds a form uses, in its tables too."""
    fields = [field for item in form.items for field in (item.columns if isinstance(item, Table) else (item,))]
    return frozenset(field.kind for field in fields)
