"""People in the posts of a body, for steps that several of them decide together."""

from app import clock
from app.domain import people
from app.functions.case import Case
from app.functions.registry import diagram_function


@diagram_function
def holders(case: Case, role: str, organisation: int) -> list[int]:
    """岗位人员：机构中担任该岗位的全部人员，用作会签名单，如 holders("unit_clerk", body("unit"))；申报人本人除外。

    Whoever stands in for an absent one signs in his place and is not in the list himself.
    """
    found = people.holders(case.session, role, organisation, clock.now(case.session))
    applicant = case.declaration.person_id if case.instance.declaration_id is not None else None
    return [each.person_id for each in found if each.on_behalf_of is None and each.person_id != applicant]
