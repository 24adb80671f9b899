"""Rechecks, for diagrams."""

from app import clock
from app.domain import rechecks
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import recheck


@diagram_function
def recheck_late(case: Case) -> bool:
    """复查逾期：申请提出时已超过通知规定的复查申请期限的为真。"""
    return rechecks.is_late(recheck(case))


@diagram_function
def recheck_late_words(case: Case) -> str:
    """复查逾期的告知：写明应在何日前提出，用于通知的文字。"""
    return rechecks.late_words(recheck(case))


@diagram_function
def recheck_filed(case: Case) -> str:
    """复查申请时间：用作 deadline("recheck_reply", since=recheck_filed())。"""
    return clock.local(recheck(case).filed_at).isoformat()


@diagram_function
def recheck_body(case: Case) -> int:
    """复查办理机构：人社部门另行委托评委会的，为该评委会的组建单位，否则为本评委会组建单位。"""
    return rechecks.body(case.session, recheck(case)).id


@diagram_function
def end_recheck(case: Case, outcome: str, reply: str | None = None) -> None:
    """复查办结：保存书面答复和结果 late（逾期）、refused（不予受理）、kept（维持）或 upheld（重新评审）。"""
    rechecks.end(case.session, recheck(case), outcome, reply or case.values.get("reply"))


@diagram_function
def reopen_declaration(case: Case) -> int:
    """重新评审：按原申报内容生成相关联的新申报，等待下次评审会议，返回新申报的编号。"""
    return rechecks.reopen(case.session, recheck(case)).id


@diagram_function
def recheck_reply_text(case: Case) -> str:
    """复查答复：书面答复的内容，用于通知的文字。"""
    return str(case.values.get("reply") or recheck(case).reply or "")
