"""The declaration, for diagrams: checking, submitting, its route, its state and its end."""

from app import clock
from app.domain import declarations, entrustments, levels, organisations, recommenders, submission, terms, verification
from app.domain.eligibility import check as eligibility
from app.domain.eligibility.world import World
from app.domain.reviews import agenda
from app.functions.case import Case
from app.functions.notifications import notify
from app.functions.registry import diagram_function


@diagram_function
def check_submission(case: Case) -> None:
    """检查申报条件：申报时间、身份、学历资历、社保、渠道等，不符合的一次列全。

    The task stays open and the applicant reads every reason at once. Evidence uploaded for items that the data sharing
    did not confirm is kept first.
    """
    if case.values.get("items"):
        verification.attach_evidence(case.session, case.declaration, case.values["items"])
    submission.check(case.session, case.declaration, case.rules)


@diagram_function
def auto_verify(case: Case) -> bool:
    """数据共享自动比对：比对五项数据，全部通过或均已上传佐证时为真。

    Never refuses: what is not confirmed is examined by hand. Confirmed items are locked in the form.
    """
    if case.values.get("items"):
        verification.attach_evidence(case.session, case.declaration, case.values["items"])
    verification.compare(case.session, case.declaration)
    return verification.complete(case.declaration)


@diagram_function
def submit_declaration(case: Case) -> str:
    """登记提交：编号、记提交时间、占用本年度名额、固定申报渠道，返回申报编号。

    The route is fixed here: later changes of the route table do not touch this declaration. A second normal declaration
    of the same year is refused.
    """
    number = submission.submit(case.session, case.declaration, case.rules).number or ""
    recommender = case.declaration.route.get("recommender", "unit")
    office = organisations.resolve(case.session, levels.body(case.declaration, recommender))
    notify(case, "applicant", "submitted", number=number, office=office.name)
    return number


@diagram_function
def needs_exceptional(case: Case) -> bool:
    """需要破格：学历、资历不足并选择了破格申报时为真。"""
    used = submission.epidemic_benefit_used(case.session, case.declaration)
    world = World(clock.now(case.session), epidemic_benefit_used=used)
    return eligibility.needs_exceptional(declarations.record_of(case.declaration), case.rules, world)


@diagram_function
def on_route(case: Case, level: str) -> bool:
    """在申报渠道上：该层级是否须审核本件，如 on_route("department")。

    The level that accepts does not check as well: where the district office accepts, on_route("district") is false and
    on_route("district_accept") is true.
    """
    return levels.on_route(case.declaration, level)


@diagram_function
def body(case: Case, level: str) -> int:
    """办理机构：该层级由哪个机构办理，如 body("unit")，用于任务的办理机构。"""
    return levels.body(case.declaration, level)


@diagram_function
def has_unit(case: Case) -> bool:
    """有所在单位：自由职业者等没有所在单位的为假。"""
    return levels.has_body(case.declaration, "unit")


@diagram_function
def is_entrusted(case: Case) -> bool:
    """委托评审：驻渝单位凭委托评审函申报的为真。"""
    return declarations.is_entrusted(case.declaration)


@diagram_function
def require_on_letter(case: Case) -> None:
    """核对委托名单：委托单位已登记委托评审函的，申报人须在所附名单中，否则不能办理；未登记的以上传的委托评审函为准。"""
    entrustments.require_on_letter(case.session, case.declaration)


@diagram_function
def check_recommenders(case: Case) -> None:
    """核对推荐人：破格申报的2名推荐人应为不同的人，且不是申报人本人。"""
    recommenders.check(case.values.get("recommenders") or [], str(case.declaration.data.get("name") or ""))


@diagram_function
def convening_organisation(case: Case) -> int:
    """评委会组建单位：本件所报评委会的组建单位。"""
    return terms.convening_organisation(case.session, case.declaration).id


@diagram_function
def municipal_tro(case: Case) -> int:
    """市职改办：市职改办这一机构。"""
    return organisations.find(case.session, kinds=["municipal_tro"], limit=1)[0].id


@diagram_function
def set_status(case: Case, code: str) -> None:
    """更新办理状态：写入申报人看到的办理状态代码，如 set_status("AT_DEPT")。

    While something holds the declaration the state is kept and shown once the hold is released.
    """
    declarations.set_status(case.session, case.declaration, code)


@diagram_function
def end_declaration(case: Case, code: str) -> None:
    """办结：写入结果代码，如 end_declaration("REFUSED")；受理前办结的不占用本年度名额，未表决的移出评审会议议程。

    Belongs on the path behind a boundary event or before the last end event. The applicant is told.
    """
    declarations.end(case.session, case.declaration, code)
    if case.declaration.accepted_at is not None:
        agenda.drop(case.session, case.declaration)
    office = terms.convening_organisation(case.session, case.declaration)
    notify(
        case,
        "applicant",
        "ended",
        outcome=declarations.outcome_of(case.declaration),
        contact=f"{office.name}{office.contact_phone or ''}",
    )


@diagram_function
def tell_declaration(case: Case, name: str) -> None:
    """通知申报流程：向本事项所涉申请书的流程发消息，如 tell_declaration("lapsed")。"""
    declarations.tell(case.session, case.declaration, name, sender_id=case.instance.id)
