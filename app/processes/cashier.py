"""The cashier's list: taken once, looked at row by row, confirmed, then each row completes its own task (R-141)."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import cashier_file
from app.domain.cashier_file import Entry
from app.domain.permissions import Grants
from app.errors import AppError, Conflict, NotAllowed, NotFound, Problem, Refused
from app.models.cashier import CashierList, CashierRow
from app.models.process import Task
from app.processes import cashier_check, incidents, tasks
from app.processes.cashier_check import Verdict
from app.processes.tasks import Actor

AT_ONCE = 100  # rows booked before the page tells how far it is
BOOKED_ALREADY = "该件已不在待缴费环节，请查看最新情况。"


@dataclass(frozen=True)
class Progress:
    """How far a confirmed list is; `refused` were matches when confirmed and failed when booked."""

    ready: int = 0
    booked: int = 0
    refused: int = 0
    mismatch: int = 0

    @property
    def total(self) -> int:
        return self.ready + self.booked + self.refused


def office_of(who: Grants) -> int:
    """The body one collects for; NotAllowed for whoever collects for none."""
    for grant in who.held:
        if grant.role == "finance" and grant.organisation_id is not None:
            return grant.organisation_id
    raise NotAllowed(f"此事项由收费人员办理，您当前身份为{who.title}。如需办理，请切换身份或联系收费人员。")


def take(session: Session, who: Grants, name: str, content: bytes) -> CashierList:
    """Keep a file's rows; Refused for what cannot be read. The same rows lead to the list they made before."""
    return keep(session, who, name, cashier_file.entries(name, content))


def keep(session: Session, who: Grants, name: str, entries: Sequence[Entry]) -> CashierList:
    """The rows as a list of the office, or the list that the same rows made before."""
    office, digest = office_of(who), hashlib.sha256(repr(entries).encode()).hexdigest()
    wanted = select(CashierList).where(CashierList.organisation_id == office, CashierList.digest == digest)
    found = session.scalar(wanted)
    if found is not None:
        return found
    taken = CashierList(
        organisation_id=office, digest=digest, name=name[-255:], taken_by=who.person_id, taken_at=clock.now(session)
    )
    session.add(taken)
    session.flush()
    session.add_all(CashierRow(list_id=taken.id, **asdict(entry)) for entry in entries)
    session.flush()
    return taken


def tick_off(session: Session, who: Grants, entries: Sequence[Entry]) -> CashierList:
    """The rows that were ticked on the screen, as a list of their own; Refused for none."""
    if not entries:
        raise Refused(Problem("nobody", "请先勾选已缴费的人员。"))
    return keep(session, who, "勾选登记", entries)


def get(session: Session, who: Grants, list_id: int) -> CashierList:
    """A list of the office one collects for; NotFound for any other."""
    found = session.get(CashierList, list_id)
    if found is None or found.organisation_id != office_of(who):
        raise NotFound("没有找到该缴费清单。")
    return found


def lists(session: Session, who: Grants, limit: int = 20) -> list[CashierList]:
    """The office's latest lists, newest first; none for whoever collects for no office."""
    bodies = [grant.organisation_id for grant in who.held if grant.role == "finance"]
    wanted = select(CashierList).where(CashierList.organisation_id.in_(bodies))
    return list(session.scalars(wanted.order_by(CashierList.id.desc()).limit(limit)))


def verdicts(session: Session, who: Grants, taken: CashierList) -> list[Verdict]:
    """Row by row what confirming would do, or what became of it."""
    rows = list(session.scalars(select(CashierRow).where(CashierRow.list_id == taken.id).order_by(CashierRow.line)))
    if taken.confirmed_at is not None:
        return [Verdict(row, row.reason if row.status != "booked" else None, row.task_id) for row in rows]
    return cashier_check.judge(session, who, rows)


def confirm(session: Session, who: Grants, taken: CashierList, expected: int) -> None:
    """Fix what will be booked; Refused where the number of matching rows is no longer what the person saw."""
    if taken.confirmed_at is not None:
        return
    judged = verdicts(session, who, taken)
    matching = sum(verdict.reason is None for verdict in judged)
    if matching != expected:
        message = f"现有{matching}行可以登记，您确认的为{expected}行，请核对后再确认。"
        raise Refused(Problem("count", message))
    for verdict in judged:
        verdict.row.status = "ready" if verdict.reason is None else "mismatch"
        verdict.row.reason, verdict.row.task_id = verdict.reason, verdict.task_id
    taken.confirmed_at, taken.confirmed_by = clock.now(session), who.person_id


def book(database: Database, who: Grants, list_id: int, limit: int = AT_ONCE) -> Progress:
    """Complete the pay tasks of the next `limit` rows, each in a transaction of its own; gives how far the list is.

    What is refused is kept with its reason. Interrupted anywhere, the next call goes on; no row is booked twice.
    """
    with database.reading() as session:
        wanted = select(CashierRow.id, Task.id, Task.instance_id).join(Task, Task.id == CashierRow.task_id)
        ready = wanted.where(CashierRow.list_id == list_id, CashierRow.status == "ready")
        waiting = session.execute(ready.order_by(CashierRow.line).limit(limit)).all()
    for row_id, task_id, instance_id in waiting:
        about = {"task_id": task_id, "instance_id": instance_id}
        _book(database, Actor(who.person_id, who, f"cashier:{row_id}"), row_id, about)
    with database.reading() as session:
        return progress(session, list_id)


def progress(session: Session, list_id: int) -> Progress:
    counts = session.execute(
        select(CashierRow.status, func.count()).where(CashierRow.list_id == list_id).group_by(CashierRow.status)
    )
    known = {status: count for status, count in counts if status != "read"}
    return Progress(**known)


def _book(database: Database, actor: Actor, row_id: int, about: dict[str, Any]) -> None:
    def work(session: Session) -> None:
        row = session.get_one(CashierRow, row_id)
        if row.status == "ready":
            tasks.complete(session, about["task_id"], actor, _values(row))
            tasks.solved(session, about["task_id"])
            row.status = "booked"

    try:
        incidents.run(database, work, **about)
    except AppError as error:
        _refuse(database, row_id, BOOKED_ALREADY if isinstance(error, Conflict) else error.message)


def _refuse(database: Database, row_id: int, reason: str) -> None:
    with database.transaction() as session:
        session.execute(
            update(CashierRow)
            .where(CashierRow.id == row_id, CashierRow.status == "ready")
            .values(status="refused", reason=reason)
        )


def _values(row: CashierRow) -> dict[str, object]:
    """What the form 登记缴费 takes."""
    return {
        "amount": cashier_file.yuan(row.amount),
        "paid_on": row.paid_on.isoformat() if row.paid_on else None,
        "receipt_no": row.receipt_no,
        "method": row.method,
        "decision": "register",
    }
