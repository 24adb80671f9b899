"""Business records that a task may edit: the task's property `record` names one of them.

A kind of record says how it is read, how checked values are written to it, and which limits the form's check gets
(FormContext fields: locked, only_fields, only_rows).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.domain import (
    acceptance,
    batches,
    campaign_records,
    declarations,
    dictionaries,
    expert_events,
    levels,
    openings,
    organisations,
    overrides,
    publicised,
    publicity_rounds,
    quotas,
    rechecks,
    routes,
    targeted_rechecks,
    verification,
)
from app.domain.batches import Line
from app.domain.certificates import issuing
from app.domain.complaints import handling
from app.domain.draws import prefilled
from app.domain.openings import Opening
from app.domain.results import confirmations
from app.domain.results import sheets as result_sheets
from app.domain.reviews import sessions, sheets
from app.errors import ConfigurationError
from app.models.declaration import Declaration
from app.models.process import ProcessInstance, Task
from app.models.recommendation import Objection, UnitBatch

Values = dict[str, Any]
NOT_RECORDED = frozenset({"decision", "reply_note"})
EVERYTHING = frozenset({"correction_items", "declarations", "subjects", "contacts", "rule", "explanation"})
CONTACTS = ("unit_contact_name", "unit_contact_phone", "superior_contact_name", "superior_contact_phone", "contacts")
UNDERTAKING = "undertaking"  # who writes the record signs for its truth: no other form changes it


@dataclass(frozen=True)
class RecordKind:
    """`opening` tells which parts of form 8 stand in the task's form beside its own fields; most have none."""

    load: Callable[[Session, Task, ProcessInstance, Collection[str]], Values]
    save: Callable[[Session, Task, ProcessInstance, Mapping[str, Any]], None]
    limits: Callable[[Session, Task, ProcessInstance], Values]
    opening: Callable[[Session, Task], Opening] | None = None


def load(session: Session, task: Task, instance: ProcessInstance, wanted: Collection[str] = EVERYTHING) -> Values:
    """What the task's form is prefilled with; nothing for a task that edits no record.

    What costs a look into further tables is read only if one of the keys it gives is `wanted`.
    """
    return _kind(task).load(session, task, instance, wanted) if task.record else {}


def save(session: Session, task: Task, instance: ProcessInstance, values: Mapping[str, Any]) -> None:
    """Write checked values to the record. Raises Refused where the record does not take them."""
    _kind(task).save(session, task, instance, values)


def limits(session: Session, task: Task, instance: ProcessInstance) -> Values:
    """Fields of FormContext: what must stay as it is."""
    return _kind(task).limits(session, task, instance)


def opening(session: Session, task: Task) -> Opening | None:
    """Which parts of form 8 the task's form opens; None for a form that is the same for everybody."""
    found = _kind(task).opening if task.record else None
    return found(session, task) if found else None


def shown(session: Session, instance: ProcessInstance) -> list[int]:
    """Ids of uploads that belong to what the instance is about and to no declaration.

    An objection's evidence; the documents of a session's confirmations.
    """
    if session_id := instance.subject.get("session_id"):
        return confirmations.uploads(session, session_id)
    objection_id = instance.subject.get("objection_id")
    return list(session.get_one(Objection, objection_id).evidence) if objection_id else []


def _kind(task: Task) -> RecordKind:
    if task.record not in REGISTRY:
        raise ConfigurationError(f"没有名为“{task.record}”的业务记录（任务“{task.name}”）。")
    return REGISTRY[task.record]


def _load_declaration(session: Session, task: Task, _instance: ProcessInstance, wanted: Collection[str]) -> Values:
    """The record, and the prefilled rows of the forms that speak of it: evidence asked for, items to correct."""
    declaration = declarations.get(session, task.declaration_id)
    notice = acceptance.notice_of(session, declaration.id) if "correction_items" in wanted else None
    return {
        **declarations.record_of(declaration),
        "items": verification.open_items(declaration),
        "correction_items": _correction_rows(notice.items, notice.replies) if notice else [],
    }


def _save_declaration(session: Session, task: Task, _instance: ProcessInstance, values: Mapping[str, Any]) -> None:
    """Only a form with the undertaking rewrites the record; what a check says is kept by the diagram's function."""
    if UNDERTAKING not in values:
        return
    kept = {key: value for key, value in values.items() if key not in NOT_RECORDED}
    declarations.save_record(session, declarations.get(session, task.declaration_id), kept)


def _declaration_limits(session: Session, task: Task, _instance: ProcessInstance) -> Values:
    declaration = declarations.get(session, task.declaration_id)
    record = declarations.record_of(declaration)
    return {"locked": {key: record.get(key) for key in declarations.locked_fields(declaration)}}


def _load_correction(session: Session, task: Task, instance: ProcessInstance, wanted: Collection[str]) -> Values:
    """The listed items with their replies, and of the record only what they open."""
    declaration = declarations.get(session, task.declaration_id)
    opened = openings.values(declarations.record_of(declaration), acceptance.opening(session, declaration))
    own = _load_declaration(session, task, instance, wanted)
    return {**opened, "correction_items": own["correction_items"]}


def _save_correction(session: Session, task: Task, _instance: ProcessInstance, values: Mapping[str, Any]) -> None:
    declaration = declarations.get(session, task.declaration_id)
    record = declarations.record_of(declaration)
    corrected = openings.merged(record, values, acceptance.opening(session, declaration))
    if corrected != record:
        declarations.save_record(session, declaration, corrected)


def _correction_limits(session: Session, task: Task, _instance: ProcessInstance) -> Values:
    """Only what the items open; a row more was not publicised."""
    declaration = declarations.get(session, task.declaration_id)
    opened = acceptance.opening(session, declaration)
    shown_once = levels.publicised_content(session, declaration.id) is not None
    return {
        "only_fields": frozenset({"correction_items", "reply_note", *opened.fields, *opened.growing}),
        "only_rows": opened.rows,
        "addition": publicised.SENTENCE if shown_once else None,
    }


def _opened(session: Session, task: Task) -> Opening:
    return acceptance.opening(session, declarations.get(session, task.declaration_id))


def _load_batch(session: Session, _task: Task, instance: ProcessInstance, wanted: Collection[str]) -> Values:
    """Rows of the ranking, of what is publicised and of what goes up; both contacts as far as they are known."""
    batch = batches.get(session, instance.subject.get("batch_id"))
    found: Values = {}
    if "declarations" in wanted or "subjects" in wanted:
        found |= _listed(session, batch)
    if any(key in wanted for key in CONTACTS):
        found |= _contacts(session, batch) | _shown_before(session, batch)
    if any(key in wanted for key in ("rule", "value", "limit")):
        found |= overrides.quota_rule(session, batch)
    if "explanation" in wanted:
        found["explanation"] = overrides.explanation_of(session, instance.id)
    return found


def _listed(session: Session, batch: UnitBatch) -> Values:
    names = _names_left(session, batch)
    ranking = batch.phase == "collecting"
    listed = names if ranking else [line for line in names if line.entry.recommended and not line.entry.held]
    return {
        "declarations": [_line(session, line) for line in listed],
        "subjects": [_line(session, line) for line in names if line.entry.recommended],
    }


def _names_left(session: Session, batch: UnitBatch) -> list[Line]:
    return [line for line in batches.lines(session, batch.id) if line.entry.gone_up_at is None]


def _line(session: Session, line: Line) -> Values:
    declaration = line.declaration
    return {
        "_id": str(declaration.id),
        "applicant": line.applicant,
        "title": dictionaries.label("title", declaration.title),
        "recommend": None if line.entry.recommended is None else ("yes" if line.entry.recommended else "no"),
        "rank": line.entry.position,
        "reason": line.entry.reason,
        "next_body": _next_body(session, declaration),
    }


def _next_body(session: Session, declaration: Declaration) -> str:
    """The body that the file reaches after the one that recommends it."""
    recommender = declaration.route.get("recommender")
    onward = [level for level in routes.LEVEL_NAMES if level not in ("unit", recommender)]
    body = next((levels.body(declaration, level) for level in onward if levels.has_body(declaration, level)), None)
    return organisations.resolve(session, body).name if body else "评委会组建单位"


def _contacts(session: Session, batch: UnitBatch) -> Values:
    own = organisations.get(session, batch.organisation_id)
    found = {"unit_contact_name": own.contact_name, "unit_contact_phone": own.contact_phone}
    if _names_left(session, batch):
        superior = batches.superior_body(session, batch)
        found |= {"superior_contact_name": superior.contact_name, "superior_contact_phone": superior.contact_phone}
    return found


def _shown_before(session: Session, batch: UnitBatch) -> Values:
    """Where and how the round before was shown, for the one that replaces it; nothing for the first."""
    before = publicity_rounds.last(session, batch.id)
    if before is None:
        return {}
    found: Values = {"place": before.place, "reporting_method": before.reporting_method}
    if before.platform:
        found |= {"has_platform": True, "platform": before.platform, "platform_proof": before.proof or None}
    for channel in before.channels:
        kind = channel["kind"]
        found |= {f"{kind}_contact_name": channel["name"], f"{kind}_contact_phone": channel["phone"]}
    return found


def _correction_rows(items: list[Values], replies: list[Values]) -> list[Values]:
    given = {reply["_id"]: reply for reply in replies}
    return [{**item, "reply": None, "evidence": [], **given.get(item["_id"], {})} for item in items]


def _load_quota(session: Session, _task: Task, instance: ProcessInstance, _wanted: Collection[str] = ()) -> Values:
    """Form 7 of the batch's unit for the notice's year, or what last year's lets be known already."""
    batch = batches.get(session, instance.subject.get("batch_id"))
    return quotas.prefilled(session, batch.organisation_id, quotas.year_of(session, batch))


def _load_objection(session: Session, _task: Task, instance: ProcessInstance, _wanted: Collection[str] = ()) -> Values:
    """What was reported; who reported it stays sealed."""
    objection = session.get_one(Objection, instance.subject["objection_id"])
    return {"reported": objection.text, "reported_evidence": objection.evidence or None}


def _load_targeted_recheck(
    session: Session, task: Task, _instance: ProcessInstance, _wanted: Collection[str] = ()
) -> Values:
    return {"lead": targeted_rechecks.lead(session, task.declaration_id)}


def _load_session(session: Session, _task: Task, instance: ProcessInstance, wanted: Collection[str] = ()) -> Values:
    return sheets.load(session, sessions.get(session, instance.subject.get("session_id")), wanted)


def _load_certificate(
    session: Session, task: Task, _instance: ProcessInstance, _wanted: Collection[str] = ()
) -> Values:
    return issuing.registration_of(session, declarations.get(session, task.declaration_id))


def _load_draw(session: Session, task: Task, instance: ProcessInstance, _wanted: Collection[str] = ()) -> Values:
    return prefilled.load(session, task.form_key or "", instance)


def _nothing(_session: Session, _task: Task, _instance: ProcessInstance, _wanted: Collection[str] = ()) -> Values:
    return {}


def _kept_by_function(_session: Session, _task: Task, _instance: ProcessInstance, _values: Mapping[str, Any]) -> None:
    """The diagram's own function keeps what this form says (apply_merit, start_publicity, record_decision …)."""


REGISTRY: dict[str, RecordKind] = {
    "declaration": RecordKind(_load_declaration, _save_declaration, _declaration_limits),
    "correction": RecordKind(_load_correction, _save_correction, _correction_limits, _opened),
    "batch": RecordKind(_load_batch, _kept_by_function, _nothing),
    "quota": RecordKind(_load_quota, _kept_by_function, _nothing),
    "objection": RecordKind(_load_objection, _kept_by_function, _nothing),
    "complaint": RecordKind(handling.load, _kept_by_function, _nothing),
    "certificate": RecordKind(_load_certificate, _kept_by_function, _nothing),
    "campaign": RecordKind(campaign_records.of_campaign, _kept_by_function, _nothing),
    "candidate": RecordKind(campaign_records.of_candidate, _kept_by_function, _nothing),
    "pool_entry": RecordKind(expert_events.of_entry, _kept_by_function, _nothing),
    "draw": RecordKind(_load_draw, _kept_by_function, _nothing),
    "draw_share": RecordKind(_load_draw, _kept_by_function, _nothing),
    "invitation": RecordKind(_load_draw, _kept_by_function, _nothing),
    "targeted_recheck": RecordKind(_load_targeted_recheck, _kept_by_function, _nothing),
    "review_recheck": RecordKind(rechecks.load, _kept_by_function, _nothing),
    "recheck": RecordKind(_load_targeted_recheck, _kept_by_function, _nothing),  # in diagrams of earlier versions
    "session": RecordKind(_load_session, _kept_by_function, _nothing),
    "result": RecordKind(result_sheets.load, _kept_by_function, _nothing),
    "archiving": RecordKind(result_sheets.load_archiving, _kept_by_function, _nothing),
}
