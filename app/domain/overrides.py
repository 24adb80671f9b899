"""What offices say for the record: opinions, other decisions, and setting aside a rule that holds in principle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import dictionaries, quotas
from app.domain.offices import Actor
from app.models.office import DecisionRecord, Opinion, OverrideRecord
from app.models.process import ProcessInstance
from app.models.recommendation import UnitBatch

AGREE = "agree"
QUOTA_RULE = "R-016"


@dataclass(frozen=True)
class Place:
    """Where something was said: the instance and the diagram's element."""

    instance: ProcessInstance
    element: str


def record_decision(session: Session, place: Place, actor: Actor, values: Mapping[str, Any]) -> DecisionRecord:
    """Keep an office's decision word for word, with who and when."""
    record = DecisionRecord(
        instance_id=place.instance.id,
        declaration_id=place.instance.declaration_id,
        element_id=place.element,
        decision=values.get("decision"),
        values={key: _plain(value) for key, value in values.items()},
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        at=clock.now(session),
    )
    session.add(record)
    return record


def last_record(session: Session, instance_id: int, element: str) -> DecisionRecord | None:
    """What was decided last at an element of the instance."""
    made = select(DecisionRecord).where(DecisionRecord.instance_id == instance_id, DecisionRecord.element_id == element)
    return session.scalars(made.order_by(DecisionRecord.id.desc()).limit(1)).first()


def record_opinion(session: Session, place: Place, actor: Actor, values: Mapping[str, Any]) -> Opinion:
    """Keep one body's opinion on an exceptional declaration (form 4, R-057)."""
    assert place.instance.declaration_id is not None
    opinion = Opinion(
        declaration_id=place.instance.declaration_id,
        element_id=place.element,
        organisation_id=actor.organisation_id,
        person_id=actor.person,
        decision=str(values.get("decision") or ""),
        text=values.get("opinion") or None,
        at=clock.now(session),
    )
    session.add(opinion)
    session.flush()
    return opinion


def quota_rule(session: Session, batch: UnitBatch) -> dict[str, str]:
    """What has to be explained when a batch exceeds its quota: rule, value, limit (sentence 18)."""
    over = quotas.excess(session, batch)
    names = [(dictionaries.label("level", level), declared, quota) for level, declared, quota in over]
    return {
        "rule": QUOTA_RULE,
        "value": "；".join(f"{name}申报数量{declared}人" for name, declared, _ in names),
        "limit": "；".join(f"{name}投放量{quota}人" for name, _, quota in names),
    }


def record_override(
    session: Session, place: Place, actor: Actor, values: Mapping[str, Any], batch: UnitBatch | None
) -> OverrideRecord:
    """Keep what was explained and whether it was agreed to; agreement lets the batch exceed its quota."""
    asked = _explanation(session, place.instance.id)
    said = asked.values if asked else {}
    rule = quota_rule(session, batch) if batch else {key: said.get(key) for key in ("rule", "value", "limit")}
    record = OverrideRecord(
        **{**rule, "rule": rule.get("rule") or QUOTA_RULE},
        declaration_id=place.instance.declaration_id,
        batch_id=batch.id if batch else None,
        explanation=str(said.get("explanation") or values.get("explanation") or ""),
        evidence=list(said.get("evidence") or []),
        asked_by=asked.person_id if asked else None,
        asked_at=asked.at if asked else clock.now(session),
        granted=values.get("decision") == AGREE,
        approver_id=actor.organisation_id,
        decided_by=actor.person,
        decided_at=clock.now(session),
        note=values.get("opinion") or None,
    )
    session.add(record)
    session.flush()
    if record.granted and batch is not None:
        quotas.grant_excess(session, batch)
    return record


def explanation_of(session: Session, instance_id: int) -> str:
    """The explanation given last in this instance, empty before any."""
    asked = _explanation(session, instance_id)
    return str(asked.values["explanation"]) if asked else ""


def _explanation(session: Session, instance_id: int) -> DecisionRecord | None:
    """The latest explanation given in this instance."""
    rows = session.scalars(
        select(DecisionRecord).where(DecisionRecord.instance_id == instance_id).order_by(DecisionRecord.id.desc())
    )
    return next((row for row in rows if row.values.get("explanation")), None)


def _plain(value: Any) -> Any:
    """Days and instants as JSON can hold them."""
    return value.isoformat() if isinstance(value, date | datetime) else value
