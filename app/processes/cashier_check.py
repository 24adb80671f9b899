"""Whether the rows of a cashier's list fit what is owed: each row's match, or the reason why it is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import clock
from app.domain import payments, permissions, terms
from app.domain.badges import last_day
from app.domain.cashier_file import yuan
from app.domain.parameter_values import Window
from app.domain.permissions import Grants
from app.functions.rules import NoticeRules
from app.models.cashier import CashierRow
from app.models.declaration import Declaration
from app.models.office import Payment
from app.models.people import Person
from app.models.process import Task

FORM = "payment"


@dataclass(frozen=True)
class Verdict:
    """`reason` None: the row fits, and booking it completes `task_id`."""

    row: CashierRow
    reason: str | None
    task_id: int | None = None


class Owed(NamedTuple):
    """One declaration of the office's: its task 登记缴费, whose it is and what has been paid."""

    task: Task
    declaration: Declaration
    person: Person
    payment: Payment | None


def judge(session: Session, who: Grants, rows: Sequence[CashierRow]) -> list[Verdict]:
    """Every row against what the office collects; a number of another office's is as unknown as a wrong one."""
    owed = _owed(session, who, {row.number for row in rows})
    seen: dict[int, int] = {}
    found = []
    for row in rows:
        one = owed.get(row.number)
        reason = _faulty(session, row) or (_misfit(session, row, one) if one else f"没有编号为“{row.number}”的缴费事项")
        if one is not None and reason is None:
            earlier = seen.setdefault(one.declaration.id, row.line)
            reason = f"与第{earlier}行重复" if earlier != row.line else None
        found.append(Verdict(row, reason, one.task.id if one is not None and reason is None else None))
    return found


def _owed(session: Session, who: Grants, numbers: set[str]) -> dict[str, Owed]:
    """By 受理编号 and by 申报编号; of several tasks of a case the open one, else the latest."""
    wanted = (
        select(Task, Declaration, Person, Payment)
        .join(Declaration, Declaration.id == Task.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .outerjoin(Payment, Payment.declaration_id == Declaration.id)
        .where(or_(Declaration.acceptance_no.in_(numbers), Declaration.number.in_(numbers)))
        .where(Task.form_key == FORM, Task.status != "cancelled", permissions.visible_tasks(who))
        .order_by(Task.status == "open", Task.id)
    )
    found: dict[str, Owed] = {}
    for owed in (Owed(*row) for row in session.execute(wanted)):
        found |= {number: owed for number in (owed.declaration.acceptance_no, owed.declaration.number) if number}
    return found


def _faulty(session: Session, row: CashierRow) -> str | None:
    """What is wrong with the row whomever it is about."""
    if yuan(row.amount) is None:
        return f"金额“{row.amount}”不是整元"
    if row.paid_on is None:
        return "缺缴费日期，或日期无法识别"
    if row.paid_on > clock.local(clock.now(session)).date():
        return f"缴费日期{row.paid_on}晚于今天"
    return None if row.receipt_no else "缺票据号码"


def _misfit(session: Session, row: CashierRow, owed: Owed) -> str | None:
    if owed.payment is not None and owed.payment.status == "paid":
        return f"已登记缴费，票据号码{owed.payment.receipt_no}"
    if owed.task.status != "open":
        return "不在待缴费环节"
    if row.name != owed.person.name:
        return f"姓名不符：该编号的申报人为{owed.person.name}"
    if row.identity is not None and row.identity != owed.person.identity_blind:
        return "身份证号不符"
    due = payments.amount_due(owed.declaration, _rules(session, owed.declaration))
    if yuan(row.amount) != due:
        return f"金额不符：应缴{due}元，清单为{row.amount}元"
    return _outside(row, _days(session, owed))


def _outside(row: CashierRow, days: Iterable[date | None]) -> str | None:
    first, last = days
    assert row.paid_on is not None
    if (first is not None and row.paid_on < first) or (last is not None and row.paid_on > last):
        return f"缴费日期{row.paid_on}不在缴费时间{first or ''}至{last or ''}内"
    return None


def _days(session: Session, owed: Owed) -> tuple[date | None, date | None]:
    """First and last day on which this one may pay: the window's, the last one later where the office extended it."""
    window: Window | None = terms.window(session, owed.declaration, "pay")
    first = clock.local(window.opens).date() if window and window.opens else None
    extended = owed.payment.extended_to if owed.payment else None
    return first, extended or (last_day(window.closes) if window and window.closes else None)


def _rules(session: Session, declaration: Declaration) -> NoticeRules:
    return NoticeRules(session, declaration.notice_version_id, declaration.committee_id)
