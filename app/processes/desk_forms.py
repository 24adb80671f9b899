"""Forms filled at a desk and not in a task: the notice's own form, checked as a task's form is."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import attachments
from app.domain.forms import Attachment, Form, FormContext
from app.processes import bundles

Values = dict[str, Any]


def schema(session: Session, notice_version_id: int, key: str) -> Values:
    return bundles.of_version(session, notice_version_id).schemas[key]


def checked(
    session: Session, form: tuple[int, str], values: Mapping[str, Any], current: Values, person_id: int
) -> Values:
    """The cleaned values; `form` is (notice version, key), `current` what the form was prefilled with.

    Files may be the person's own uploads and those that `current` names already. Raises InvalidForm.
    """
    found = bundles.of_version(session, form[0]).form(form[1])
    context = FormContext(
        today=clock.local(clock.now(session)).date(),
        attachments=_files(session, found, values, current, person_id),
        current=current,
    )
    return found.check(values, context)


def _files(
    session: Session, form: Form, values: Mapping[str, Any], current: Values, person_id: int
) -> dict[int, Attachment]:
    kept = form.named(current, "evidence")
    found = attachments.named(session, {each for each in form.named(values, "evidence") if isinstance(each, int)})
    return {
        key: Attachment(name=row.name, type=row.media_type, size=row.size)
        for key, row in found.items()
        if row.uploaded_by == person_id or key in kept
    }
