"""What became of a body: every change to it is an event of the common chain, with its author and reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import history
from app.models.people import Person
from app.models.process import Event

KINDS = {
    "organisation_created": "新增",
    "organisation_changed": "修改",
    "organisation_renamed": "更名",
    "organisation_moved": "调整隶属",
    "organisation_merged": "并入其他机构",
    "organisation_absorbed": "并入本机构",
}
FIELDS = {
    "name": "名称",
    "kind": "类别",
    "credit_code": "统一社会信用代码",
    "district": "所属区县",
    "parent": "上级机构",
    "into": "并入",
    "from": "原机构",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "registered": "注册",
    "key": "代号",
}


@dataclass(frozen=True)
class Line:
    """One change; `changes` are (what, before, after) in words."""

    at: datetime
    what: str
    changes: tuple[tuple[str, str, str], ...]
    reason: str
    by: str


Changes = Mapping[str, tuple[Any, Any]]  # field → before and after, in words


def write(session: Session, kind: str, organisation_id: int, changes: Changes, *, reason: str, by: int | None) -> None:
    """Add the change to the history."""
    history.append(session, kind, organisation_id=organisation_id, person_id=by, payload=_payload(changes, reason))


def write_all(session: Session, events: Iterable[tuple[str, int, Changes]], *, reason: str, by: int | None) -> None:
    """Add many changes (kind, body, changes) of one reason to the history."""
    said = (
        {"kind": kind, "organisation_id": body, "person_id": by, "payload": _payload(changes, reason)}
        for kind, body, changes in events
    )
    history.append_all(session, list(said))


def _payload(changes: Changes, reason: str) -> dict[str, Any]:
    said = {field: [before or "", after or ""] for field, (before, after) in changes.items()}
    return {"changes": said, "reason": reason.strip()}


def of_body(session: Session, organisation_id: int, limit: int = 50) -> list[Line]:
    """The changes to the body, the latest first."""
    rows = session.execute(
        select(Event, Person.name)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(Event.instance_id.is_(None), Event.organisation_id == organisation_id, Event.kind.in_(KINDS))
        .order_by(Event.number.desc())
        .limit(limit)
    )
    return [_line(event, name or "") for event, name in rows]


def _line(event: Event, by: str) -> Line:
    changes = event.said.get("changes", {})
    worded = tuple((FIELDS.get(field, field), before, after) for field, (before, after) in changes.items())
    return Line(event.at, KINDS[event.kind], worded, event.said.get("reason", ""), by)
