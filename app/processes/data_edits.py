"""更改业务数据 in a case that is under way: one datum of its declaration, with its trace in the history."""

from sqlalchemy.orm import Session

from app.domain import declarations, editable
from app.domain.editable import Datum
from app.domain.forms import Form
from app.errors import NotFound
from app.models.process import ProcessInstance
from app.processes import bundles, interventions


def offered(session: Session, instance: ProcessInstance) -> list[Datum]:
    """What may be changed from this instance's page: of the declaration whose own process it is."""
    form = _form(session, instance)
    if form is None or instance.declaration_id is None:
        return []
    declaration = declarations.get(session, instance.declaration_id)
    return editable.of(session, declaration, form) if declaration.instance_id == instance.id else []


def edit(session: Session, instance_id: int, key: str, value: str, *, reason: str, person_id: int) -> None:
    """Change one datum of the closed list. Raises what `interventions.begin` and `editable.change` raise."""
    instance = interventions.begin(session, instance_id, reason)
    datum = next((each for each in offered(session, instance) if each.key == key), None)
    form = _form(session, instance)
    if datum is None or form is None:
        raise NotFound("没有找到可以更改的这项数据。")
    before, after = editable.change(session, declarations.get(session, instance.declaration_id), form, key, value)
    facts = {"datum": datum.label, "from": editable.shown(key, before), "to": editable.shown(key, after)}
    interventions.note(session, instance, "datum_changed", person_id, {**facts, "reason": reason.strip()})


def _form(session: Session, instance: ProcessInstance) -> Form | None:
    resources = bundles.of_version(session, instance.notice_version_id)
    return resources.form(editable.FORM) if editable.FORM in resources.schemas else None
