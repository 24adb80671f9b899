"""Filing form 7 at the unit's desk: the notice's own form, checked as a task's form is, kept as a version."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.domain import attachments, quotas
from app.domain.forms import Attachment, FormContext
from app.models.recommendation import QuotaFiling
from app.processes import bundles

Values = dict[str, Any]


def schema(session: Session, notice_version_id: int) -> Values:
    return bundles.of_version(session, notice_version_id).schemas[quotas.FORM]


def file(
    session: Session, place: tuple[int, int], notice_version_id: int, values: Mapping[str, Any], person_id: int
) -> QuotaFiling:
    """A version for `place` (organisation, year). Raises InvalidForm for the form, Refused for impossible numbers."""
    organisation_id, year = place
    form = bundles.of_version(session, notice_version_id).form(quotas.FORM)
    current = quotas.prefilled(session, organisation_id, year)
    context = FormContext(
        today=clock.local(clock.now(session)).date(),
        attachments=_files(session, form.named(values, "evidence"), current, person_id),
        current=current,
    )
    return quotas.file(session, organisation_id, year, form.check(values, context), person_id)


def _files(session: Session, ids: set[Any], current: Values, person_id: int) -> dict[int, Attachment]:
    """Of these uploads the person's own, and those that the version in force already has."""
    kept = set(current.get("sealed_page") or [])
    found = attachments.named(session, {each for each in ids if isinstance(each, int)})
    return {
        key: Attachment(name=row.name, type=row.media_type, size=row.size)
        for key, row in found.items()
        if row.uploaded_by == person_id or key in kept
    }
