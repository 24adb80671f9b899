"""Declarations: opening one, reading and saving its record, its state, and ending it."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app import clock
from app.domain import dictionaries, messages, required, statuses
from app.errors import ConfigurationError, NotFound, Problem, Refused
from app.models.declaration import Declaration
from app.models.notice import Notice, NoticeVersion
from app.models.process import Message, ProcessInstance
from app.models.recommendation import BatchEntry, UnitBatch
from app.rows import touch

SEALED_KEYS = ("id_number", "mobile")  # kept apart under encryption, never in `data`
_FETCH = {"synchronize_session": "fetch"}  # objects in the session see what a bulk statement wrote
OVERDUE = "OVERDUE_UNDECIDED"
NOBODY_LEFT = "nobody_left"  # message to a batch
HELD_STATES = ("HOLD", "OBJECTION", "RESULT_HELD", OVERDUE)
_TABLE = Declaration.metadata.tables["declaration"]
_SET_STATUS = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True)), _TABLE.c.ended_as.is_(None))
    .where(_TABLE.c.status.not_in(HELD_STATES))
    .values(status=bindparam("code"))
)
HEADINGS = ("series", "specialty", "category")  # columns that repeat what the record says, for lists and indexes


def start_declaration(
    session: Session, person_id: int, committee_id: int, notice_version_id: int, data: Mapping[str, Any]
) -> Declaration:
    """A new draft of this person under that notice version; the instance is started by the caller.

    A draft may be begun before the window opens (D20) and any number of times: only submitting uses up the year.
    """
    wanted = select(Notice).join(NoticeVersion, NoticeVersion.notice_id == Notice.id)
    notice = session.scalar(wanted.where(NoticeVersion.id == notice_version_id))
    if notice is None:
        raise NotFound("没有找到该申报通知。")
    declaration = Declaration(
        person_id=person_id,
        notice_key=notice.key,
        notice_version_id=notice_version_id,
        year=notice.year,
        committee_id=committee_id,
        created_at=clock.now(session),
        revision=0,
        verification={},
    )
    write_record(declaration, data)
    session.add(declaration)
    session.flush()
    return declaration


def get(session: Session, declaration_id: int | None) -> Declaration:
    return required.row(session, Declaration, declaration_id, "没有找到该申请书。")


def by_number(session: Session, number: str) -> Declaration | None:
    """The declaration with this number, given at submission or at acceptance."""
    wanted = or_(Declaration.number == number, Declaration.acceptance_no == number)
    return session.scalar(select(Declaration).where(wanted)) if number else None


def record_of(declaration: Declaration) -> dict[str, Any]:
    """The whole record as the form knows it, identity number and mobile in clear."""
    return {**declaration.data, **orjson.loads(declaration.sealed or "{}")}


def save_record(session: Session, declaration: Declaration, values: Mapping[str, Any]) -> None:
    """Make `values` the record; a field that the form no longer asks for is gone from it.

    Refused where a field that the data sharing has verified would change (R-144: locked).
    """
    before = record_of(declaration)
    locked = sorted(key for key in locked_fields(declaration) if key in values and values[key] != before.get(key))
    if locked:
        message = "此项已由数据共享自动比对通过，不能修改。如有误，请联系所在单位核实。"
        raise Refused(*(Problem("locked", message, key, "R-144") for key in locked))
    write_record(declaration, values)
    declaration.revision += 1


def write_record(declaration: Declaration, record: Mapping[str, Any]) -> None:
    """Write the record and the columns that repeat part of it."""
    declaration.data = {key: value for key, value in record.items() if key not in SEALED_KEYS}
    sealed = {key: record[key] for key in SEALED_KEYS if record.get(key)}
    declaration.sealed = orjson.dumps(sealed).decode() if sealed else None
    for key in HEADINGS:
        setattr(declaration, key, record.get(key))
    declaration.title = record.get("target_title")
    declaration.level = dictionaries.level_of(declaration.title) if declaration.title else None
    declaration.channel = record.get("channel") or "normal"


def locked_fields(declaration: Declaration) -> set[str]:
    """Keys that were verified automatically and may no longer be changed."""
    verified = (item for item in declaration.verification.values() if item["result"] == "verified")
    return {key for item in verified for key in item["fields"]}


def set_status(session: Session, declaration: Declaration, code: str) -> None:
    """A state in progress; while something holds the declaration, the state is kept for the time after the hold.

    OVERDUE_UNDECIDED is itself a hold: 延期受理 and acceptance release it, and the state before comes back.
    """
    statuses.require_progress(code)
    if code == OVERDUE:
        hold(session, declaration, "overdue", shown=OVERDUE)
    elif declaration.holds and code not in ("HOLD", "RESULT_HELD"):
        declaration.holds = [{**hold, "status": code} for hold in declaration.holds]
    else:
        declaration.status = code


def set_status_of(session: Session, declaration_ids: Iterable[int], code: str) -> None:
    """The same state for many at once; the ended keep their end, the held show it after their hold."""
    statuses.require_progress(code)
    wanted = list(declaration_ids)
    if any(isinstance(each, Declaration) for each in session.dirty):
        session.flush()  # the statement looks at the rows
    done = session.connection().execute(_SET_STATUS, {"ids": wanted, "code": code}).rowcount
    for declaration in _loaded(session, wanted):
        if done == len(wanted):
            set_committed_value(declaration, "status", code)
        else:
            session.expire(declaration, ["status", "ended_as"])
    if done < len(wanted):
        held = Declaration.ended_as.is_(None) & Declaration.status.in_(HELD_STATES)
        for declaration in session.scalars(select(Declaration).where(Declaration.id.in_(wanted), held)).all():
            set_status(session, declaration, code)


def _loaded(session: Session, ids: Iterable[int]) -> list[Declaration]:
    found = (session.identity_map.get((Declaration, (each,), None)) for each in ids)
    return [each for each in found if each is not None]


def hold(session: Session, declaration: Declaration, reason: str, shown: str = "HOLD") -> None:
    """Hold for `reason` and show the state `shown` meanwhile; a second hold for the same reason changes nothing."""
    if any(each["reason"] == reason for each in declaration.holds):
        return
    before = declaration.holds[-1]["status"] if declaration.holds else declaration.status
    since = clock.now(session).isoformat()
    declaration.holds = [*declaration.holds, {"reason": reason, "since": since, "shown": shown, "status": before}]
    declaration.status = shown


def release(session: Session, declaration: Declaration, reason: str) -> None:
    """Lift the hold for `reason`; when none is left, the state before (or set meanwhile) comes back."""
    left = [each for each in declaration.holds if each["reason"] != reason]
    if len(left) == len(declaration.holds) or declaration.ended_as is not None:
        return
    declaration.status = left[-1]["shown"] if left else declaration.holds[-1]["status"]
    declaration.holds = left


def end(session: Session, declaration: Declaration, code: str) -> None:
    """End the declaration; before acceptance this gives the year back (R-011) and takes the name out of its batch."""
    statuses.require_end(code)
    if declaration.ended_as is not None:
        raise ConfigurationError(f"申请书已经办结（{statuses.label(declaration.ended_as)}），不能再次办结。")
    now = clock.now(session)
    declaration.status = declaration.ended_as = code
    declaration.ended_at, declaration.holds = now, []
    if declaration.accepted_at is None:
        declaration.year_slot = None
    staying = (BatchEntry.declaration_id == declaration.id) & BatchEntry.left_at.is_(None)
    going = staying & BatchEntry.gone_up_at.is_(None)
    session.execute(update(BatchEntry).where(going).values(left_at=now), execution_options=_FETCH)
    session.flush()
    if declaration.batch_id is not None and declaration.accepted_at is None:
        _close_if_empty(session, declaration)


def _close_if_empty(session: Session, declaration: Declaration) -> None:
    """A batch that has lost its last name which could still go up is told once, wherever it stands.

    Its row is held first: of two last names that go at once the second sees that the first has gone, and who wants to
    join looks for another batch.
    """
    running = ProcessInstance.id == UnitBatch.instance_id, ProcessInstance.status != "ended"
    wanted = select(UnitBatch).join(ProcessInstance, and_(*running)).where(UnitBatch.id == declaration.batch_id)
    batch = session.scalar(wanted.with_for_update(of=UnitBatch))
    if batch is None or batch.instance_id is None:
        return
    touch(session, batch)
    staying = select(BatchEntry.id).where(BatchEntry.batch_id == batch.id, BatchEntry.left_at.is_(None))
    waiting = staying.where(BatchEntry.gone_up_at.is_(None), BatchEntry.recommended.is_not(False))
    told = select(Message.id).where(Message.receiver_id == batch.instance_id, Message.name == NOBODY_LEFT)
    if session.scalar(select(waiting.exists() | told.exists())):
        return
    batch.phase = "submitted" if session.scalar(staying.limit(1)) else "closed"
    messages.post(session, NOBODY_LEFT, receiver_id=batch.instance_id, sender_id=declaration.instance_id)


def outcome_of(declaration: Declaration) -> str:
    """The result in words; empty while the declaration lives."""
    return statuses.label(declaration.ended_as) if declaration.ended_as else ""


def tell(
    session: Session,
    declaration: Declaration,
    name: str,
    payload: Mapping[str, Any] | None = None,
    sender_id: int | None = None,
) -> None:
    """A message to the declaration's own instance."""
    if declaration.instance_id is None:
        raise ConfigurationError(f"申请书 {declaration.id} 尚无办理中的流程，不能通知它“{name}”。")
    content = {"declaration_id": declaration.id, **(payload or {})}
    messages.post(session, name, receiver_id=declaration.instance_id, payload=content, sender_id=sender_id)


def is_entrusted(declaration: Declaration) -> bool:
    """委托评审: reviewed on a letter of an entrusting unit, to which the result is replied (R-205)."""
    return bool((declaration.route.get("requirements") or {}).get("needs_entrustment_letter"))


def live_route_bodies(session: Session, person_id: int) -> set[int]:
    """Ids of the bodies on the routes of the person's live declarations, drafts included where a route is known."""
    routes = select(Declaration.route).where(Declaration.person_id == person_id, Declaration.ended_as.is_(None))
    return {body for route in session.scalars(routes) for body in (route.get("bodies") or {}).values() if body}
