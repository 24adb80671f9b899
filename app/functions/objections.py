"""Objections to one name of a publicity, for diagrams."""

from app.domain import deadlines, objections
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import actor, objection


@diagram_function
def hold_name(case: Case) -> None:
    """暂缓该人选：公示异议核实期间该人选不上报，本批其他人选不受影响。"""
    found = objection(case)
    objections.hold_name(case.session, found)
    deadlines.hold(case.session, found.declaration_id, "objection", by=case.person_id)


@diagram_function
def release_name(case: Case) -> None:
    """恢复该人选：异议查无实据，该人选没有其他未核清异议的可以上报。"""
    found = objection(case)
    objections.release_name(case.session, found, actor(case), case.values.get("finding"))
    if not objections.is_held(case.session, found):
        deadlines.release(case.session, found.declaration_id, "objection", by=case.person_id)


@diagram_function
def strike_name(case: Case) -> None:
    """取消该人选：异议查证属实，该人选退出本批，其申请书办结为“公示异议查实，不予推荐”。"""
    objections.strike_name(case.session, objection(case), actor(case), case.values.get("finding"))


@diagram_function
def tell_batch(case: Case, name: str) -> None:
    """通知单位推荐流程：向该异议所在批次发消息，如 tell_batch("objection_closed")。"""
    objections.tell_batch(case.session, objection(case), name)
