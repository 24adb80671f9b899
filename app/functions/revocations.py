"""Revoking titles, for diagrams."""

from app.domain import revocations
from app.functions.case import Case
from app.functions.registry import diagram_function


@diagram_function
def hr_authority(case: Case) -> int:
    """人力资源社会保障行政部门：确认本件职称的职改部门，否则为核准备案本评委会的机构。"""
    return revocations.authority(case.session, case.declaration).id


@diagram_function
def hr_authority_role(case: Case) -> str:
    """人力资源社会保障行政部门的岗位：hr_authority() 所指机构由哪一岗位办理。"""
    return revocations.authority_role(case.session, case.declaration)


@diagram_function
def revoke_title(case: Case) -> None:
    """撤销职称：本件结果改为“职称已撤销”；评审材料尚在归档的，归档终止。"""
    revocations.revoke(case.session, case.declaration, case.instance.id)


@diagram_function
def cancel_year(case: Case) -> int:
    """取消当年职称申报资格：本人当年的其他在办申报办结，至年底不得再申报；返回办结的件数。"""
    source = str(case.values.get("document_number") or "投诉举报查证属实")
    return revocations.cancel_year(case.session, case.declaration, source, case.instance.id)
