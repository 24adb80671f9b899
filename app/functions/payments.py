"""The review fee, for diagrams."""

from app.domain import payments
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import actor


@diagram_function
def has_payment_window(case: Case) -> bool:
    """有缴费时间：本件所报评委会安排了缴费时间的为真。"""
    return payments.has_window(case.session, case.declaration)


@diagram_function
def skip_payment(case: Case) -> None:
    """不设缴费：登记本件不收取评审费，或本评委会未安排缴费。"""
    payments.skip(case.session, case.declaration, case.rules)


@diagram_function
def fee(case: Case) -> int:
    """评审费：按申报级别取通知参数中的评审费，单位元，不收取的为0。"""
    return payments.amount_due(case.declaration, case.rules)


@diagram_function
def record_payment(case: Case) -> None:
    """登记缴费：金额须与收费标准一致，不一致的不予登记并说明。"""
    payments.record(case.session, case.declaration, actor(case), case.values, case.rules)


@diagram_function
def extend_payment(case: Case) -> str:
    """延期缴费：登记延期的截止日期和理由，返回该日期。"""
    return payments.extend(case.session, case.declaration, actor(case), case.values).isoformat()
