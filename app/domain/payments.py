"""The review fee: what is due, booking it, paying later, and committees that collect none (R-141…R-143)."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app import clock
from app.domain import declarations, document_numbers, terms
from app.domain.eligibility.fees import check_amount, fee
from app.domain.offices import Actor, require_text
from app.domain.rules import Rules
from app.errors import Problem, Refused
from app.models.declaration import Declaration
from app.models.office import Payment
from app.rows import adopt, first

_TABLE = Payment.metadata.tables["payment"]
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_ITS = select(Payment).where(Payment.declaration_id == bindparam("declaration"))
METHODS = {"on_site": "现场缴纳", "transfer": "银行转账", "online": "网上缴纳"}


def has_window(session: Session, declaration: Declaration) -> bool:
    """Whether the declaration's committee prints a payment window; without one it collects nothing (C4)."""
    return terms.window(session, declaration, "pay") is not None


def amount_due(declaration: Declaration, rules: Rules) -> int:
    """Whole yuan, as the notice's parameter `fee` says; 0 where it asks for none."""
    return fee(declarations.record_of(declaration), rules)


def of_declaration(session: Session, declaration_id: int) -> Payment | None:
    return first(session, _ITS, {"declaration": declaration_id}, Payment)


def is_paid(session: Session, declaration_id: int) -> bool:
    payment = of_declaration(session, declaration_id)
    return payment is not None and payment.status == "paid"


def skip(session: Session, declaration: Declaration, rules: Rules) -> Payment:
    """Note that nothing is collected: there is no fee, or no time to pay it in."""
    payment = _open(session, declaration)
    why = "本评委会未安排缴费时间" if amount_due(declaration, rules) else "本次申报不收取评审费"
    payment.status, payment.note = "skipped", f"{why}，不设缴费环节。"
    session.flush()
    return payment


def record(
    session: Session, declaration: Declaration, actor: Actor, values: Mapping[str, Any], rules: Rules
) -> Payment:
    """Book a payment: `amount` (yuan), `paid_on`, `receipt_no`, `method`, `receipt`; Refused unless it is the fee.

    Once a declaration: the unique key decides, also for two cashiers at once.
    """
    amount = values.get("amount")
    if amount is None or int(amount) != amount:
        raise Refused(Problem("wrong_amount", "请以整元填写缴费金额。", "amount"))
    problems = check_amount(declarations.record_of(declaration), int(amount), rules)
    if problems:
        raise Refused(*problems)
    office = terms.convening_organisation(session, declaration)
    about = (declaration.notice_version_id, declaration.committee_id)
    paid = {
        "declaration_id": declaration.id,
        "status": "paid",
        "amount": int(amount),
        "receipt_no": require_text(values, "receipt_no", "请填写票据号码。"),
        "method": values.get("method"),
        "receipt": list(values.get("receipt") or []),
        "paid_on": _paid_on(session, values),
        "recorded_by": actor.person_id,
        "at": clock.now(session),
        "number": document_numbers.issue(session, office, "receipt", *about),
    }
    row = session.connection().execute(_booking(session.get_bind().dialect.name, tuple(paid)), paid).first()
    if row is None:
        earlier = of_declaration(session, declaration.id)
        assert earlier is not None
        raise Refused(Problem("paid", f"已登记缴费，票据号码{earlier.receipt_no}，不能重复登记。", "receipt_no"))
    payment: Payment = adopt(session, row, Payment)[0]
    return payment


def extend(session: Session, declaration: Declaration, actor: Actor, values: Mapping[str, Any]) -> date:
    """Let this one pay until the day `extended_until`, with `reason`; returns that last day."""
    until = _day(values.get("extended_until"))
    if until is None or until < clock.local(clock.now(session)).date():
        raise Refused(Problem("extended_until", "请填写今天以后的延期截止日期。", "extended_until"))
    payment = _open(session, declaration)
    payment.extended_to, payment.note = until, require_text(values, "reason", "请填写延期缴费的理由。")
    payment.recorded_by, payment.at = actor.person_id, clock.now(session)
    session.flush()
    return until


@lru_cache(maxsize=2)
def _booking(dialect: str, written: tuple[str, ...]) -> Any:
    """Write a declaration's payment, or what there is of it; no row where it is paid already."""
    made = _INSERT[dialect](_TABLE)
    return made.on_conflict_do_update(
        index_elements=[_TABLE.c.declaration_id],
        set_={key: made.excluded[key] for key in written},
        where=_TABLE.c.status != "paid",
    ).returning(_TABLE)


def _open(session: Session, declaration: Declaration) -> Payment:
    found = of_declaration(session, declaration.id)
    if found is None:
        found = Payment(declaration_id=declaration.id, status="due", at=clock.now(session))
        session.add(found)
    return found


def _paid_on(session: Session, values: Mapping[str, Any]) -> date:
    today = clock.local(clock.now(session)).date()
    day = _day(values.get("paid_on")) or today
    if day > today:
        raise Refused(Problem("paid_on", "缴费日期不能晚于今天，请核对。", "paid_on"))
    return day


def _day(value: Any) -> date | None:
    if value in (None, ""):
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
