"""People: registering, roles and their terms, substitutes, the rule against checking one's own file, sanctions."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import organisations, people, substitutes
from app.domain.people import Holder
from app.domain.restructuring import merging
from app.errors import NotFound, Refused
from app.models.people import RoleGrant

NUMBER = "500103198604121014"  # invented


@pytest.fixture
def session(database: Database, freeze) -> Iterator[Session]:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00:00")
        yield session


@pytest.fixture
def school(session: Session) -> int:
    """A unit with its department above and a neighbour that has a clerk of its own."""
    department = organisations.create(session, "department", "教育局", "department")
    neighbour = organisations.create(session, "neighbour", "邻校", "institution", department.id)
    people.grant(session, people.register(session, "noise", "邻人").id, "unit_clerk", neighbour.id)
    return organisations.create(
        session, "school", "育才中学", "institution", department.id, contact_name="温", contact_phone="023-55550114"
    ).id


def moment(wall_time: str) -> datetime:
    return datetime.fromisoformat(wall_time).replace(tzinfo=clock.SHANGHAI)


def no_routes(_person_id: int) -> set[int]:
    return set()


def names(session: Session, role: str, organisation_id: int | None, at: datetime | None = None) -> list[str]:
    return [each.name for each in people.holders(session, role, organisation_id, at or clock.now(session))]


def test_register_takes_sex_and_birth_from_the_number(session: Session):
    person = people.register(session, " Zhang.Lin ", " 张林 ", NUMBER)
    assert (person.account, person.name, person.sex, person.birth) == ("zhang.lin", "张林", "male", date(1986, 4, 12))
    found = people.by_identity(session, NUMBER.lower())
    assert found is not None
    assert found.id == person.id
    assert people.by_account(session, "ZHANG.lin ") is person


def test_register_stores_no_number_in_clear(session: Session):
    person = people.register(session, "zhang", "张林", NUMBER)
    people.set_mobile(session, person.id, "13900001001")
    row = session.execute(text("SELECT identity_number, mobile FROM person")).one()
    assert all(NUMBER.encode() not in bytes(each) and b"13900001001" not in bytes(each) for each in row)
    session.expire_all()
    assert (person.identity_number, person.mobile) == (NUMBER, "13900001001")


def test_register_names_every_fault_at_once(session: Session):
    people.register(session, "zhang", "张林", NUMBER)
    with pytest.raises(Refused) as refused:
        people.register(session, "zhang", "", NUMBER)
    assert [problem.code for problem in refused.value.problems] == ["missing", "taken", "taken"]
    with pytest.raises(Refused) as refused:
        people.register(session, "li", "李悦", "500103198604121013")
    assert [problem.field for problem in refused.value.problems] == ["id_number"]


def test_register_takes_a_passport_as_it_is(session: Session):
    person = people.register(session, "smith", "史密斯", "E12345678", "passport")
    assert (person.identity_number, person.birth) == ("E12345678", None)


def test_holders_are_of_the_very_body_and_within_their_term(session: Session, school: int):
    clerk, head, old = (people.register(session, name, name) for name in ("clerk", "head", "old"))
    people.grant(session, clerk.id, "unit_clerk", school)
    people.grant(session, head.id, "unit_head", school)
    people.grant(session, old.id, "unit_clerk", school, (moment("2022-01-01"), moment("2023-10-09 09:00:00")))
    assert names(session, "unit_clerk", school) == ["clerk"]
    just_before = clock.now(session) - timedelta(microseconds=1)
    assert names(session, "unit_clerk", school, just_before) == ["old"]


def test_holders_of_a_product_role_stand_in_no_body(session: Session, school: int):
    people.grant(session, people.register(session, "manager", "管理").id, "manager")
    assert names(session, "manager", None) == ["管理"]
    assert names(session, "manager", school) == []


@pytest.mark.parametrize(
    ("role", "in_body"), [("king", True), ("applicant", True), ("unit_clerk", False), ("manager", True)]
)
def test_grant_refuses_what_cannot_be_held(session: Session, school: int, role: str, in_body: bool):
    person = people.register(session, "p", "某")
    with pytest.raises(Refused):
        people.grant(session, person.id, role, school if in_body else None)


def test_revoked_grant_holds_no_longer(session: Session, school: int):
    clerk = people.register(session, "clerk", "温如玉")
    grant = people.grant(session, clerk.id, "unit_clerk", school)
    people.revoke(session, grant.id)
    assert names(session, "unit_clerk", school) == []
    with pytest.raises(NotFound):
        people.revoke(session, 999)


def test_substitute_acts_beside_the_absent_holder_for_the_term(session: Session, school: int):
    clerk, deputy = people.register(session, "clerk", "温如玉"), people.register(session, "deputy", "代办")
    grant = people.grant(session, clerk.id, "unit_clerk", school)
    term = (clock.now(session), clock.now(session) + timedelta(days=3))
    substitutes.name(session, grant, deputy.id, term, "休假")
    assert people.holders(session, "unit_clerk", school, clock.now(session)) == [
        Holder(clerk.id, "温如玉"),
        Holder(deputy.id, "代办", on_behalf_of=clerk.id),
    ]
    assert names(session, "unit_clerk", school, term[1]) == ["温如玉"]
    assert names(session, "unit_head", school) == []
    people.revoke(session, grant.id)
    assert names(session, "unit_clerk", school) == []


def test_substitute_needs_a_reason_and_another_person(session: Session, school: int):
    clerk = people.register(session, "clerk", "温如玉")
    grant = people.grant(session, clerk.id, "unit_clerk", school)
    term = (clock.now(session), None)
    for substitute, reason in ((clerk.id, "休假"), (people.register(session, "d", "代办").id, " ")):
        with pytest.raises(Refused):
            substitutes.name(session, grant, substitute, term, reason)


def test_bind_refuses_a_body_on_the_route_of_the_own_live_declaration(session: Session, school: int):
    person = people.register(session, "zhang", "张林")
    routes = {person.id: {school}}
    with pytest.raises(Refused) as refused:
        people.bind(session, person.id, "unit_clerk", school, routes.__getitem__)
    (problem,) = refused.value.problems
    assert problem.message == "“育才中学”须审核推荐您本人正在办理的申请书，您不得申请绑定该机构的职称管理员权限。"
    assert names(session, "unit_clerk", school) == []
    people.bind(session, person.id, "unit_clerk", school, no_routes)
    assert names(session, "unit_clerk", school) == ["张林"]


def test_bind_sees_through_a_merger(session: Session, school: int):
    person = people.register(session, "zhang", "张林")
    old = organisations.create(session, "old", "老校", "institution")
    merging.merge(session, old.id, school, reason="合并", by=None)
    with pytest.raises(Refused):
        people.bind(session, person.id, "unit_clerk", school, lambda _person: {old.id})


def test_own_administrator_is_sentence_eight(session: Session, school: int):
    person = people.register(session, "zhang", "张林")
    assert people.own_administrator(session, person.id, [school]) is None
    people.grant(session, person.id, "unit_head", school)
    assert people.own_administrator(session, person.id, [school]) is None
    grant = people.grant(session, person.id, "unit_clerk", school)
    problem = people.own_administrator(session, person.id, [school])
    assert problem is not None
    assert problem.message == (
        "您是育才中学的职称管理员，而该机构须审核推荐您本人的申请书，暂不能提交。请由该机构另行指定职称管理员后再提交。"
    )
    assert problem.contact == "育才中学023-55550114"
    department = organisations.by_key(session, "department").id
    assert people.own_administrator(session, person.id, [department]) is None
    people.revoke(session, grant.id)
    assert people.own_administrator(session, person.id, [school]) is None


def test_sanctions_bind_from_their_first_to_their_last_day(session: Session):
    person, other = people.register(session, "zhang", "张林"), people.register(session, "li", "李悦")
    people.register_sanction(session, person.id, "影响期", (date(2023, 1, 1), date(2023, 10, 9)), "市职改办")
    people.register_sanction(session, person.id, "处分", (date(2023, 10, 1), None), "所在单位")
    people.register_sanction(session, other.id, "处分", (date(2023, 1, 1), None), "所在单位")
    kinds = [each.kind for each in people.sanctions_on(session, person.id, date(2023, 10, 9))]
    assert kinds == ["处分", "影响期"]
    assert [each.kind for each in people.sanctions_on(session, person.id, date(2023, 10, 10))] == ["处分"]
    assert people.sanctions_on(session, person.id, date(2022, 12, 31)) == []
    with pytest.raises(Refused):
        people.register_sanction(session, person.id, "处分", (date(2023, 2, 1), date(2023, 1, 1)), "所在单位")


def test_holders_leave_out_closed_accounts(session: Session, school: int):
    clerk = people.register(session, "clerk", "温如玉")
    people.grant(session, clerk.id, "unit_clerk", school)
    clerk.disabled_at = clock.now(session)
    session.flush()
    assert names(session, "unit_clerk", school) == []
    assert session.query(RoleGrant).count() == 2
