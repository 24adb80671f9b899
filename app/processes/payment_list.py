"""评审缴费: who has still to pay which fee, and who has paid, for those who collect it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain import badges, calendar, declarations, dictionaries, payments, people, permissions, terms
from app.domain.badges import Badge
from app.domain.permissions import Grants
from app.errors import NotFound
from app.functions.rules import NoticeRules
from app.models.declaration import Declaration
from app.models.notice import Committee
from app.models.notification import Notification
from app.models.office import Payment
from app.models.people import Person
from app.models.process import Deadline, Task

STATES = {"due": "待缴费", "paid": "已缴费", "extended": "待缴费（已延期）", "skipped": "不设缴费环节"}
COLLECTORS = ("finance", "committee_office")
OWING = ("due", "extended")
ARREARS = "arrears"  # 欠费: whoever is owing
FORM = "payment"
REMINDER = "payment_reminder"
PAGE = 50


@dataclass(frozen=True)
class Line:
    """One declaration that owes or has paid; `task_id` the open task 登记缴费."""

    declaration_id: int
    acceptance_no: str
    applicant: str
    title: str
    committee: str
    state: str
    fee: int
    amount: int | None
    paid_on: date | None
    receipt_no: str
    method: str
    extended_to: date | None
    task_id: int | None
    badge: Badge | None
    reminded: date | None  # when 催缴 was sent


def lines(session: Session, grants: Grants, state: str = "", words: str = "") -> list[Line]:
    """What the person may see of the collecting offices' tasks, as accepted; one statement and the rules."""
    wanted = (
        select(Task, Declaration, Person.name, Committee.name, Payment, Deadline, Notification.created_at)
        .join(Declaration, Declaration.id == Task.declaration_id)
        .join(Person, Person.id == Declaration.person_id)
        .join(Committee, Committee.id == Declaration.committee_id)
        .outerjoin(Payment, Payment.declaration_id == Declaration.id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .outerjoin(Notification, (Notification.declaration_id == Declaration.id) & (Notification.template == REMINDER))
        .where(Task.form_key == FORM, Task.status != "cancelled", permissions.visible_tasks(grants))
        .order_by(Task.status == "open", Task.id, Notification.id)  # of several the last one counts
    )
    if words:
        wanted = wanted.where(Person.name.icontains(words, autoescape=True))
    now, days = clock.now(session), calendar.calendar_of(session)
    found, accepted = {}, {}
    for task, declaration, name, committee, payment, deadline, reminded in session.execute(wanted):
        is_open = task.status == "open"
        accepted[declaration.id] = declaration.accepted_at or now
        found[declaration.id] = Line(
            declaration_id=declaration.id,
            acceptance_no=declaration.acceptance_no or "",
            applicant=name,
            title=dictionaries.label("title", declaration.title),
            committee=committee,
            state=_state(payment),
            fee=_fee(session, declaration),
            task_id=task.id if is_open else None,
            badge=badges.badge(deadline, now, days) if is_open else None,
            reminded=clock.local(reminded).date() if reminded else None,
            **_paid(payment),
        )
    wanted_states = OWING if state == ARREARS else (state,)
    kept = [line for line in found.values() if not state or line.state in wanted_states]
    return sorted(kept, key=lambda line: (accepted[line.declaration_id], line.declaration_id))


def _state(payment: Payment | None) -> str:
    if payment is None or payment.status == "due":
        return "extended" if payment and payment.extended_to else "due"
    return payment.status


def _paid(payment: Payment | None) -> dict[str, Any]:
    return {
        "amount": payment.amount if payment else None,
        "paid_on": payment.paid_on if payment else None,
        "receipt_no": (payment.receipt_no if payment else None) or "",
        "method": payments.METHODS.get((payment.method if payment else None) or "", ""),
        "extended_to": payment.extended_to if payment else None,
    }


def _fee(session: Session, declaration: Declaration) -> int:
    rules = NoticeRules(session, declaration.notice_version_id, declaration.committee_id)
    return payments.amount_due(declaration, rules)


@dataclass(frozen=True)
class Receipt:
    """What a receipt prints; `title` the title declared."""

    payment: Payment
    declaration: Declaration
    applicant: str
    title: str
    committee: str
    office: str
    cashier: str


def receipt(session: Session, grants: Grants, declaration_id: int) -> Receipt:
    """The receipt of a booked fee, for its applicant and the offices that see the case; NotFound while unpaid."""
    permissions.require_see_declaration(session, grants, declaration_id)
    payment = payments.of_declaration(session, declaration_id)
    if payment is None or payment.status != "paid":
        raise NotFound("该申请书尚未登记缴费，没有收据。")
    declaration = declarations.get(session, declaration_id)
    return Receipt(
        payment=payment,
        declaration=declaration,
        applicant=people.get(session, declaration.person_id).name,
        title=dictionaries.label("title", declaration.title),
        committee=terms.committee(session, declaration).name,
        office=terms.convening_organisation(session, declaration).name,
        cashier=people.get(session, payment.recorded_by).name if payment.recorded_by else "",
    )
