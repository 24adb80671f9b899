"""Who may see and do what: acting in the very body, seeing the subtree, never for oneself."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import ColumnElement, event, select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import demo_people, organisations, people, permissions, reveals, substitutes
from app.domain.permissions import Grants
from app.errors import NotAllowed, Refused
from app.models.declaration import Declaration
from app.models.people import Person, RevealLog, RoleGrant
from app.models.process import ProcessInstance, Task

_numbers = count(1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A database with the demo's people, two declarations and a noise case of another unit."""
    with database.transaction() as session:
        demo_people.load_demo_people(session)
        yield session


def who(session: Session, account: str, personal: bool = False) -> Grants:
    """The grants as the web hands them over: in office, or as oneself."""
    person = people.by_account(session, account)
    assert person is not None
    grants = permissions.grants_of(session, person.id, clock.now(session))
    return grants.acting_as(None if personal or not grants.held else grants.held[0].id)


def declare(session: Session, account: str) -> Declaration:
    person = people.by_account(session, account)
    assert person is not None
    number, now = next(_numbers), clock.now(session)
    instance = ProcessInstance(
        process_key="declaration", notice_version_id=1, definition_digest="0" * 64, state=b"", started_at=now
    )
    session.add(instance)
    session.flush()
    declaration = Declaration(
        person_id=person.id,
        notice_key="n2_2023_bigdata",
        notice_version_id=1,
        year=2023,
        committee_id=number,
        instance_id=instance.id,
        created_at=now,
    )
    session.add(declaration)
    session.flush()
    return declaration


def ask(session: Session, declaration: Declaration, role: str, key: str | None, **more: object) -> Task:
    """A task of the declaration for the role in the body of that key."""
    task = Task(
        instance_id=declaration.instance_id,
        engine_task_id=f"task-{next(_numbers)}",
        element_id=role,
        process_key="declaration",
        name=role,
        role=role,
        organisation_id=organisations.by_key(session, key).id if key else None,
        declaration_id=declaration.id,
        created_at=clock.now(session),
        **more,
    )
    session.add(task)
    session.flush()
    return task


def may(session: Session, account: str, task: Task, personal: bool = False) -> bool:
    grants = who(session, account, personal)
    return permissions.may_act(session, grants.person_id, task, grants)


def seen(session: Session, table: type, predicate: ColumnElement[bool]) -> list[int]:
    return sorted(session.scalars(select(table.id).where(predicate)))


def declarations_of(session: Session, account: str, personal: bool = False) -> list[int]:
    return seen(session, Declaration, permissions.visible_declarations(who(session, account, personal)))


def test_role_in_the_very_body_acts_and_no_other(session: Session):
    task = ask(session, declare(session, "zhang.lin"), "unit_clerk", "cq_data_institute")
    allowed = [a for a in sorted(demo_people.account_names()) if may(session, a, task)]
    assert allowed == ["clerk.institute"]


def test_superior_of_the_same_role_sees_but_does_not_act(session: Session):
    declaration = declare(session, "wang.hao")
    task = ask(session, declaration, "dept_admin", "dadukou_department")
    superior = people.by_account(session, "inspector")
    assert superior is not None
    people.grant(session, superior.id, "dept_admin", organisations.by_key(session, "dadukou_tro").id)
    grants = permissions.grants_of(session, superior.id, clock.now(session))
    assert permissions.may_act(session, superior.id, task, grants) is False
    assert seen(session, Task, permissions.visible_tasks(grants)) == [task.id]
    assert seen(session, Declaration, permissions.visible_declarations(grants)) == [declaration.id]
    assert declarations_of(session, "dept.jiangan") == []


def test_applicant_acts_as_himself_and_not_in_office(session: Session):
    declaration = declare(session, "clerk.institute")
    task = ask(session, declaration, "applicant", None, person_id=declaration.person_id)
    assert may(session, "clerk.institute", task, personal=True) is True
    assert may(session, "clerk.institute", task) is False
    assert may(session, "zhang.lin", task, personal=True) is False
    assert declarations_of(session, "clerk.institute", personal=True) == [declaration.id]
    assert declarations_of(session, "clerk.institute") == []


def test_nobody_acts_for_an_office_on_his_own_declaration(session: Session):
    own = ask(session, declare(session, "clerk.institute"), "unit_clerk", "cq_data_institute")
    other = ask(session, declare(session, "zhang.lin"), "unit_clerk", "cq_data_institute")
    assert may(session, "clerk.institute", own) is False
    assert may(session, "clerk.institute", other) is True


def test_claimed_task_is_the_claimer_s_alone(session: Session):
    clerk, second = people.by_account(session, "clerk.institute"), people.register(session, "second", "同事")
    assert clerk is not None
    people.grant(session, second.id, "unit_clerk", organisations.by_key(session, "cq_data_institute").id)
    task = ask(session, declare(session, "zhang.lin"), "unit_clerk", "cq_data_institute", person_id=second.id)
    assert may(session, "second", task) is True
    assert may(session, "clerk.institute", task) is False


def test_substitute_acts_even_on_what_the_absent_person_had_claimed(session: Session):
    clerk, deputy = people.by_account(session, "clerk.institute"), people.register(session, "deputy", "代办")
    assert clerk is not None
    at = clock.now(session)
    grant = people.grant(session, clerk.id, "unit_head", organisations.by_key(session, "cq_data_institute").id)
    substitutes.name(session, grant, deputy.id, (at, at + timedelta(days=1)), "出差")
    task = ask(session, declare(session, "zhang.lin"), "unit_head", "cq_data_institute", person_id=clerk.id)
    (held,) = permissions.grants_of(session, deputy.id, at).held
    assert (held.role, held.on_behalf_of) == ("unit_head", clerk.id)
    assert permissions.may_act(session, deputy.id, task) is True
    assert permissions.grants_of(session, deputy.id, at + timedelta(days=1)) == Grants(deputy.id)


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_ended_task_is_nobody_s_to_do(session: Session, status: str):
    task = ask(session, declare(session, "zhang.lin"), "unit_clerk", "cq_data_institute", status=status)
    assert may(session, "clerk.institute", task) is False
    assert seen(session, Task, permissions.visible_tasks(who(session, "clerk.institute"))) == [task.id]


def test_who_handled_a_case_goes_on_seeing_it(session: Session):
    noise, case = declare(session, "li.yue"), declare(session, "zhang.lin")
    ask(session, noise, "unit_clerk", "cq_state_enterprise")
    expert = who(session, "member")
    assert declarations_of(session, "member") == []
    ask(session, case, "finance", "dadukou_tro", status="completed", ended_by=expert.person_id)
    assert declarations_of(session, "member") == [case.id]


def test_managers_see_all_and_act_on_nothing(session: Session):
    cases = [declare(session, account) for account in ("zhang.lin", "li.yue")]
    task = ask(session, cases[0], "unit_clerk", "cq_data_institute")
    assert declarations_of(session, "manager") == sorted(case.id for case in cases)
    assert may(session, "manager", task) is False
    assert declarations_of(session, "designer") == []


def test_colleagues_of_one_unit_see_each_other_s_cases(session: Session):
    case = declare(session, "zhang.lin")
    task = ask(session, case, "unit_head", "cq_data_institute")
    assert declarations_of(session, "clerk.institute") == [case.id]
    assert may(session, "clerk.institute", task) is False
    assert declarations_of(session, "clerk.enterprise") == []


def test_require_act_names_who_handles_it(session: Session):
    task = ask(session, declare(session, "zhang.lin"), "unit_clerk", "cq_data_institute")
    for account, identity in (("li.yue", "个人"), ("dept.city", "市示范产业主管部门 单位主管部门")):
        grants = who(session, account)
        with pytest.raises(NotAllowed) as refused:
            permissions.require_act(session, grants.person_id, task, grants)
        assert refused.value.message == (
            f"此事项由山城数智研究院单位职称管理员办理，您当前身份为{identity}。"
            "如需办理，请切换身份或联系山城数智研究院。咨询：山城数智研究院023-55550105。"
        )
    clerk = who(session, "clerk.institute")
    assert permissions.require_act(session, clerk.person_id, task, clerk) is None


def test_may_act_is_one_statement_with_the_grants_at_hand(session: Session):
    task = ask(session, declare(session, "zhang.lin"), "unit_clerk", "cq_data_institute")
    grants = who(session, "clerk.institute")
    statements: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: statements.append(statement))
    assert permissions.may_act(session, grants.person_id, task, grants) is True
    assert len(statements) == 1


def test_acting_as_takes_every_role_of_that_body(session: Session):
    chair = people.by_account(session, "chair")
    assert chair is not None
    bureau, agency = (organisations.by_key(session, key).id for key in ("cq_bigdata_bureau", "dadukou_agency"))
    people.grant(session, chair.id, "committee_office", bureau)
    people.grant(session, chair.id, "agency", agency)
    grants = permissions.grants_of(session, chair.id, clock.now(session))
    assert grants.acting_as(grants.held[0].id).roles == {"chair", "committee_office"}
    assert grants.acting_as(None) == Grants(chair.id)
    assert grants.acting_as(10**9) == Grants(chair.id)
    assert (grants.holds("agency", agency), grants.holds("agency", bureau), grants.holds("agency")) == (
        True,
        False,
        True,
    )


def test_require_role_names_the_post(session: Session):
    assert permissions.require_role(who(session, "committee"), "committee_office", "finance") is None
    with pytest.raises(NotAllowed) as refused:
        permissions.require_role(who(session, "zhang.lin"), "system_admin")
    assert refused.value.message == "此事项由系统管理员办理，您当前身份为个人。如需办理，请切换身份或联系系统管理员。"


def test_reveal_is_for_whose_task_needs_it_and_is_logged(session: Session):
    case = declare(session, "zhang.lin")
    ask(session, case, "unit_clerk", "cq_data_institute")
    clerk = who(session, "clerk.institute")
    number = reveals.reveal(session, clerk, case.person_id, "identity_number", "核对原件")
    assert number == "500103198604121014"
    for account in ("clerk.enterprise", "manager", "admin"):
        with pytest.raises(NotAllowed):
            reveals.reveal(session, who(session, account), case.person_id, "identity_number", "看看")
    for field, reason in (("password_hash", "核对"), ("mobile", " ")):
        with pytest.raises(Refused):
            reveals.reveal(session, clerk, case.person_id, field, reason)
    (log,) = session.scalars(select(RevealLog))
    assert (log.person_id, log.subject_id, log.field, log.reason) == (
        clerk.person_id,
        case.person_id,
        "identity_number",
        "核对原件",
    )


def test_require_see_declaration_keeps_strangers_out(session: Session):
    case = declare(session, "zhang.lin")
    assert permissions.require_see_declaration(session, who(session, "zhang.lin"), case.id) is None
    with pytest.raises(NotAllowed):
        permissions.require_see_declaration(session, who(session, "li.yue"), case.id)


def test_acting_is_allowed_exactly_where_the_list_of_tasks_says_so(session: Session) -> None:
    """The short way by the row and the predicate agree, over every person, identity, role, body and holder."""
    persons = list(session.scalars(select(Person).order_by(Person.id)))[:12]
    declaration = declare(session, persons[0].account or "")
    bodies = session.scalars(select(RoleGrant.organisation_id).distinct().order_by(RoleGrant.organisation_id)).all()
    keys = [organisations.get(session, each).key for each in bodies if each is not None][:4]
    tasks = [
        ask(session, declaration, role, key, person_id=holder, status=status)
        for role in ("applicant", "unit_clerk", "dept_admin")
        for key in (None, *keys)
        for holder in (None, persons[0].id, persons[1].id)
        for status in ("open", "completed")
    ]
    allowed = 0
    for person in persons:
        every = permissions.grants_of(session, person.id, clock.now(session))
        for grants in (every, every.acting_as(None), *(every.acting_as(grant.id) for grant in every.held)):
            listed = set(session.scalars(select(Task.id).where(permissions.actionable_tasks(grants))))
            for task in tasks:
                assert _may(session, person.id, task, grants) == (task.id in listed), (person.account, task.role)
            allowed += len(listed)
    assert allowed > 0


def _may(session: Session, person_id: int, task: Task, grants: Grants) -> bool:
    try:
        permissions.require_act(session, person_id, task, grants)
    except NotAllowed:
        return False
    return True


def test_a_post_limited_to_specialties_leaves_the_others_alone(session: Session):
    """Neither 待办 nor the sight of another specialty's declaration; one that has none yet is everybody's."""
    cases = {code: declare(session, "zhang.lin") for code in ("software", "big_data", "")}
    for code, declaration in cases.items():
        declaration.specialty = code or None
    asked = {code: ask(session, each, "unit_clerk", "cq_data_institute") for code, each in cases.items()}
    held = session.scalars(select(RoleGrant).join(Person).where(Person.account == "clerk.institute")).one()
    held.specialties = ["software"]
    session.flush()
    clerk = who(session, "clerk.institute")
    mine = set(session.scalars(select(Task.id).where(permissions.actionable_tasks(clerk))))
    assert mine == {asked["software"].id, asked[""].id}
    acts = {code for code, each in asked.items() if permissions._plainly_his(session, clerk, each)}
    sees = {code for code, each in cases.items() if permissions.may_see_declaration(session, clerk, each.id)}
    assert acts == sees == {"software", ""}
