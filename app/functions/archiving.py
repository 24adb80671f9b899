"""Archiving a confirmed declaration, for diagrams: who sends, prints, stamps and files, and what is kept of it."""

from app import clock
from app.domain import organisations
from app.domain.results import archives, bodies, confirmations
from app.functions.case import Case
from app.functions.registry import diagram_function
from app.functions.subjects import actor


@diagram_function
def reporting_body(case: Case) -> int:
    """呈报单位：申报渠道上最后把本件报送评委会的机构。"""
    return organisations.resolve(case.session, bodies.reporting(case.declaration)[1]).id


@diagram_function
def reporting_role(case: Case) -> str:
    """呈报单位的岗位：reporting_body() 所指机构由哪一岗位办理。"""
    return bodies.reporting(case.declaration)[0]


@diagram_function
def recommender_body(case: Case) -> int:
    """申报单位：推荐本件的机构（自由职业者为人事代理机构），评审材料由它归档。"""
    return organisations.resolve(case.session, bodies.recommender(case.declaration)[1]).id


@diagram_function
def recommender_role(case: Case) -> str:
    """申报单位的岗位：recommender_body() 所指机构由哪一岗位办理。"""
    return bodies.recommender(case.declaration)[0]


@diagram_function
def must_forward(case: Case) -> bool:
    """须转发：呈报单位不是申报单位自己的为真。"""
    return reporting_body(case) != recommender_body(case)


@diagram_function
def level_in(case: Case, *levels: str) -> bool:
    """申报级别：本件的级别在所列之中的为真，如 level_in("intermediate", "junior")。"""
    return case.declaration.level in levels


@diagram_function
def confirmation_issued(case: Case) -> str:
    """确认印发时间：职称资格确认通知印发的时间，用作 deadline("archive_forward_due", since=confirmation_issued())。"""
    found = confirmations.of_declaration(case.session, case.declaration.id)
    issued = found.issued_at if found is not None else None
    return clock.local(issued or clock.now(case.session)).isoformat()


@diagram_function
def confirmation_number(case: Case) -> str:
    """确认文号：本件职称资格确认通知的文号，用于通知的文字；尚未印发的为空。"""
    found = confirmations.of_declaration(case.session, case.declaration.id)
    return (found.number if found is not None else None) or ""


@diagram_function
def was_filed(case: Case) -> bool:
    """自主评审备案：本件由自主评审单位自行确认并备案的为真。"""
    found = confirmations.of_declaration(case.session, case.declaration.id)
    return found is not None and found.kind == "filing"


@diagram_function
def note_archiving(case: Case, step: str) -> None:
    """登记归档进度：记下一步已办及其时间。

    `step`: "forwarded" 已转发, "printed" 已打印评审表, "sealed" 已补盖鲜章, "result_page" 已打印评审结果页并盖章.
    """
    archives.note(case.session, case.declaration, step)


@diagram_function
def archive(case: Case) -> None:
    """归档：登记存入个人档案和单位文书档案的份数，少于通知规定份数的不能办理。"""
    archives.archive(case.session, case.declaration, actor(case), case.values, case.rules.parameter("archive_copies"))
