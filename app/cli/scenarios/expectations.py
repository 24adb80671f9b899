"""What a scenario expects, compared with what is; every comparison counts as one check."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.cli.scenarios import after_expectations, draw_expectations, experts, handing, people, review_expectations
from app.cli.scenarios.case import Step, moment
from app.cli.scenarios.player import Player
from app.domain import batches, explanations, publicity, safe_start
from app.domain.deadline_rows import OF_NOTICE
from app.models.cashier import CashierRow
from app.models.declaration import Declaration
from app.models.notification import Notification
from app.models.process import Deadline, Incident, ProcessInstance, Task
from app.models.recommendation import UnitBatch

Finding = tuple[str, Any, Any]  # what, expected, found
UNTIL = {"accepted": "accepted_at", "submitted": "submitted_at"}
UNTIL_STATUS = {"paid": ("PAID", "READY"), "ready": ("READY",)}


def compare(player: Player, step: Step) -> Iterator[Finding]:
    """Every comparison of an `expect` step."""
    said: Mapping[str, Any] = step.argument
    with player.database.reading() as session:
        for key, expected in said.items():
            yield from _KINDS[key](player, session, step, expected)


def compare_end(player: Player) -> Iterator[Finding]:
    """The case's closing expectations: `end` and `at`, for one declaration or by label."""
    said = player.case.expect
    with player.database.reading() as session:
        yield "流程异常", [], _faults(session)
        by_label = said if said and all(isinstance(value, Mapping) for value in said.values()) else None
        for label, expected in (by_label or ({next(iter(player.declarations), ""): said} if said else {})).items():
            declaration = player.declaration(session, label)
            if "end" in expected:
                yield f"{label} 终态", expected["end"], declaration.ended_as
            if "status" in expected:
                yield f"{label} 状态", expected["status"], declaration.status
            if "at" in expected:
                yield f"{label} 终了时间", moment(expected["at"]), _second(declaration.ended_at)
        if player.case.until is not None:
            for label in player.declarations:
                yield (
                    f"{label} 进行到",
                    player.case.until,
                    _reached(player.declaration(session, label), player.case.until),
                )


def _faults(session: Session) -> list[str]:
    """Faults of diagrams and tables, which no case may leave behind; a task that nobody holds is not one."""
    rows = session.scalars(select(Incident).where(Incident.status == "open", Incident.kind != "nobody"))
    return [f"{row.element_id}：{row.reason}" for row in rows]


def _waiting(player: Player, session: Session, step: Step, expected: Mapping[str, str]) -> Iterator[Finding]:
    tasks = session.scalars(select(Task).where(Task.status == "open").order_by(Task.id)).all()
    if "of" in step.details:
        tasks = [task for task in tasks if task.declaration_id == player.declarations[step.label]]
    found = {task.element_id: people.holder(session, task) for task in tasks}
    wanted = {element: player.account(name) for element, name in expected.items()}
    yield "待办及办理人", wanted, found


def _status(player: Player, session: Session, step: Step, expected: Any) -> Iterator[Finding]:
    if isinstance(expected, Mapping):
        for label, status in expected.items():
            yield f"{label} 状态", status, player.declaration(session, label).status
    else:
        label = step.details.get("of") or next(iter(player.declarations))
        yield f"{label} 状态", expected, player.declaration(session, label).status


def _deadlines(player: Player, session: Session, step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    rows = session.scalars(select(Deadline).where(OF_NOTICE).order_by(Deadline.id)).all()
    if "of" in step.details:
        rows = [row for row in rows if row.declaration_id == player.declarations[step.label]]
    latest = {row.rule: row for row in rows}
    for rule, said in expected.items():
        row = latest.get(rule)
        yield f"期限 {rule}", _normal(said), None if row is None else _shown(row, said)


def _reasons(_player: Player, session: Session, _step: Step, expected: Mapping[str, str]) -> Iterator[Finding]:
    """`reasons: {rule: words}`: which days "why this date" lists as not counted for the latest deadline of the rule."""
    for rule, wanted in expected.items():
        row = session.scalars(select(Deadline).where(Deadline.rule == rule).order_by(Deadline.id.desc())).first()
        found = explanations.explain(session, row, session.get_one(ProcessInstance, row.instance_id)) if row else None
        yield f"期限依据 {rule}", wanted, found.skipped if found else None


def _ended(player: Player, session: Session, _step: Step, expected: Mapping[str, str]) -> Iterator[Finding]:
    for label, code in expected.items():
        yield f"{label} 终态", code, player.declaration(session, label).ended_as


def _told(player: Player, session: Session, _step: Step, expected: Mapping[str, list[str]]) -> Iterator[Finding]:
    """`told: {template: [accounts or role@body]}`: exactly these people got a notification of the template."""
    for template, names in expected.items():
        wanted = sorted({people.person(session, player.account(name)).account for name in names})
        rows = session.scalars(select(Notification.person_id).where(Notification.template == template)).all()
        yield f"已通知 {template}", wanted, sorted({people.registry_account(session, row) for row in rows})


def _count(_player: Player, session: Session, _step: Step, expected: Mapping[str, int]) -> Iterator[Finding]:
    """`count: {element: n}`: how many open tasks of an element there are."""
    for element, wanted in expected.items():
        rows = session.scalars(select(Task.id).where(Task.status == "open", Task.element_id == element)).all()
        yield f"待办 {element} 的件数", wanted, len(rows)


def _statuses(_player: Player, session: Session, _step: Step, expected: Mapping[str, int]) -> Iterator[Finding]:
    """`statuses: {code: n}`: how many declarations stand in a state."""
    for code, wanted in expected.items():
        rows = session.scalars(select(Declaration.id).where(Declaration.status == code)).all()
        yield f"状态 {code} 的件数", wanted, len(rows)


def _record(player: Player, session: Session, step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`record: {column or field: value}`: a column of the declaration, else a field of its form."""
    declaration = player.declaration(session, step.details.get("of") or next(iter(player.declarations)))
    for key, wanted in expected.items():
        found = getattr(declaration, key) if hasattr(Declaration, key) else declaration.data.get(key)
        yield f"申报 {key}", _normal(wanted), _second(found) if isinstance(found, datetime) else found


def _incidents(_player: Player, session: Session, _step: Step, expected: int) -> Iterator[Finding]:
    yield "流程异常", expected, len(session.scalars(select(Incident.id).where(Incident.status == "open")).all())


def _batches(_player: Player, session: Session, _step: Step, expected: int) -> Iterator[Finding]:
    yield "推荐批次", expected, len(session.scalars(select(UnitBatch.id)).all())


def _publicity(player: Player, session: Session, step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`publicity: {latest_start, first_day, last_day}`: what the unit is shown before it confirms its publicity now."""
    declaration = player.declaration(session, step.details.get("of") or next(iter(player.declarations)))
    batch = batches.get(session, declaration.batch_id)
    counted = publicity.preview(session, batch)
    found = {
        "latest_start": latest.day if (latest := safe_start.of_batch(session, batch)) else None,
        "first_day": counted.first_day,
        "last_day": counted.last_day,
    }
    for key, wanted in expected.items():
        yield f"公示 {key}", _normal(wanted), found[key]


def _payments(_player: Player, session: Session, _step: Step, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """`payments: {booked, mismatch, reasons}`: how the rows of the cashier's lists ended, and why some did not fit."""
    rows = session.scalars(select(CashierRow).order_by(CashierRow.id)).all()
    for key, wanted in expected.items():
        if key == "reasons":
            yield "不符的理由", list(wanted), [row.reason for row in rows if row.reason]
        else:
            yield f"清单 {key}", wanted, sum(row.status == key for row in rows)


_KINDS: dict[str, Callable[..., Iterator[Finding]]] = {
    "publicity": _publicity,
    "waiting": _waiting,
    "status": _status,
    "deadlines": _deadlines,
    "reasons": _reasons,
    "ended": _ended,
    "told": _told,
    "count": _count,
    "statuses": _statuses,
    "record": _record,
    "incidents": _incidents,
    "batches": _batches,
    "payments": _payments,
    **experts.KINDS,
    **review_expectations.KINDS,
    **draw_expectations.KINDS,
    **after_expectations.KINDS,
    **handing.KINDS,
}


def _shown(row: Deadline, said: Any) -> Any:
    """A deadline as the file writes it: held, a last day, or an instant."""
    if row.due_at is None:
        return "held"
    if isinstance(said, str) and said == "held":
        return clock.local(row.due_at).isoformat()
    if isinstance(said, datetime) or (isinstance(said, str) and ":" in said):
        return _second(row.due_at)
    return clock.local(row.due_at - timedelta(microseconds=1)).date()


def _normal(said: Any) -> Any:
    if isinstance(said, datetime) or (isinstance(said, str) and ":" in said and said[:1].isdigit()):
        return moment(said)
    return date.fromisoformat(said) if isinstance(said, str) and len(said) == 10 and said[4] == "-" else said


def _second(at: datetime | None) -> datetime | None:
    """To the second: a timer stands a microsecond past its instant (D12)."""
    return None if at is None else clock.local(at).replace(microsecond=0)


def _reached(declaration: Declaration, until: str) -> str:
    if until in UNTIL:
        return until if getattr(declaration, UNTIL[until]) is not None else declaration.status
    return until if declaration.status in UNTIL_STATUS.get(until, ()) else declaration.status
