"""Decisions of offices, for diagrams: overdue files, opinions, and any other decision for the record."""

from app.domain import overdue, overrides, targeted_rechecks
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import actor, place


@diagram_function
def record_decision(case: Case) -> None:
    """登记决定：原样记下表单所填的决定、理由、办理人和时间。"""
    overrides.record_decision(case.session, place(case), actor(case), case.values)


@diagram_function
def record_opinion(case: Case) -> None:
    """登记意见：记下本机构对破格申报签署的意见。"""
    overrides.record_opinion(case.session, place(case), actor(case), case.values)


@diagram_function
def start_overdue(case: Case) -> None:
    """转逾期未审处理：开出由评委会组建单位决定的逾期未审事项。"""
    overdue.start(case.session, case.declaration)


@diagram_function
def still_climbing(case: Case) -> bool:
    """仍在逐级审核：已提交、未受理、未办结的为真。"""
    return overdue.still_climbing(case.declaration)


@diagram_function
def extend_route(case: Case) -> str:
    """延期受理：登记延期的截止日期、理由和批准人，本件恢复原办理状态，返回该日期。"""
    return overdue.extend(case.session, case.declaration, actor(case), case.values).isoformat()


@diagram_function
def needs_targeted_recheck(case: Case) -> bool:
    """须重点人员复核：受理前收到过投诉举报、且收到后尚未复核的为真。"""
    return targeted_rechecks.needed(case.session, case.declaration)
