"""The levels of the route, for diagrams: keeping a check, asking to complete, taking the answer, holding."""

from app.domain import deadlines, declarations, levels, organisations, terms
from app.functions.case import Case
from app.functions.notifications import notify
from app.functions.registry import diagram_function
from app.functions.subjects import actor
from app.functions.subjects import level as level_of


@diagram_function
def record_check(case: Case) -> None:
    """登记审核：记下本级的审核要点、意见、决定、签字人和时间。

    After a check task; the level is the diagram's variable `level`. Who examines signs and answers for it.
    """
    levels.record_check(case.session, case.declaration, level_of(case), actor(case), case.values)


@diagram_function
def send_back(case: Case) -> None:
    """通知补充完善：把表单所列内容和期限发给申报人，可多次。

    Takes `return_items` and `return_days` of the form just completed and tells the applicant.
    """
    request = levels.send_back(case.session, case.declaration, level_of(case), actor(case), case.values)
    office = organisations.resolve(
        case.session, actor(case).organisation_id or levels.body(case.declaration, level_of(case))
    )
    notify(
        case,
        "applicant",
        "completion_requested",
        office=office.name,
        due=terms.spoken_due(case.session, case.declaration, f"completion_{level_of(case)}", request.days),
        items="；".join(item["text"] for item in request.items),
        contact=f"{office.name}{office.contact_phone or ''}",
    )


@diagram_function
def check_completion(case: Case) -> None:
    """核对补充完善：公示后不得补报未经公示的材料，有则逐项列出。

    After the applicant's completion task. Before publicity everything may be completed.
    """
    levels.check_completion(case.session, case.declaration, level_of(case), case.values)


@diagram_function
def level_status(case: Case, level: str) -> str | None:
    """本级审核结果：该层级最近一次的决定代码，尚未审核的为空。"""
    return levels.level_status(case.session, case.declaration.id, level)


@diagram_function
def hold_declaration(case: Case, reason: str, shown: str = "HOLD") -> None:
    """暂缓办理：因该原因暂缓本件，可因该原因暂停的期限同时暂停；办理状态显示暂缓，或 shown 所指的状态。"""
    declarations.hold(case.session, case.declaration, reason, shown)
    deadlines.hold(case.session, case.declaration.id, reason, by=case.person_id)


@diagram_function
def release_declaration(case: Case, reason: str) -> None:
    """恢复办理：因该原因的暂缓解除，期限继续计算。"""
    declarations.release(case.session, case.declaration, reason)
    deadlines.release(case.session, case.declaration.id, reason, by=case.person_id)
