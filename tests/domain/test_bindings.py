"""Registering a body: what is asked, who decides, and what the decision does (R-105, R-106)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import bindings, demo_people, organisations, people, permissions
from app.domain.bindings import Registration
from app.domain.permissions import Grants
from app.errors import Conflict, NotAllowed, Refused
from app.models.people import BindingRequest

CODE = "91110000600037341L"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        demo_people.load_demo_people(session)
        yield session


@pytest.fixture
def filled(session: Session) -> Registration:
    tro = organisations.by_key(session, "dadukou_tro").id
    return Registration("unit_clerk", "重庆新芽示范公司", "non_public", CODE, 1, "李悦", "023-55550130", tro)


def grants(session: Session, account: str) -> Grants:
    person = people.by_account(session, account)
    assert person is not None
    return permissions.grants_of(session, person.id, clock.now(session))


def no_routes(_person_id: int) -> list[int]:
    return []


def ask(session: Session, filled: Registration, account: str = "li.yue") -> BindingRequest:
    return bindings.request_binding(session, grants(session, account).person_id, filled, no_routes)


def test_approval_creates_the_body_and_binds_the_asker(session: Session, filled: Registration):
    request = ask(session, filled)
    body = bindings.approve(session, grants(session, "tro.dadukou"), request.id, no_routes)
    assert (body.name, body.registered, body.parent_id) == ("重庆新芽示范公司", True, filled.parent_id)
    assert organisations.contact_of(body).phone == "023-55550130"
    assert [each.name for each in people.holders(session, "unit_clerk", body.id, clock.now(session))] == ["李悦"]
    assert (request.status, request.organisation_id) == ("approved", body.id)


def test_registered_body_is_bound_and_not_made_again(session: Session, filled: Registration):
    firm = organisations.by_key(session, "dadukou_firm")
    request = ask(session, replace(filled, credit_code=firm.credit_code or "", name="别的名字", parent_id=None))
    assert (request.name, request.parent_id) == (firm.name, firm.parent_id)
    body = bindings.approve(session, grants(session, "tro.dadukou"), request.id, no_routes)
    assert body.id == firm.id


def test_only_the_superior_or_the_administrator_decides(session: Session, filled: Registration):
    request = ask(session, filled)
    for account in ("tro.jiangan", "committee", "finance.dadukou", "manager", "li.yue"):
        with pytest.raises(NotAllowed):
            bindings.approve(session, grants(session, account), request.id, no_routes)
    found = session.scalars(select(BindingRequest.id).where(bindings.decidable(grants(session, "admin")))).all()
    assert found == [request.id]


def test_nobody_decides_his_own(session: Session, filled: Registration):
    request = ask(session, filled, "tro.dadukou")
    with pytest.raises(NotAllowed):
        bindings.approve(session, grants(session, "tro.dadukou"), request.id, no_routes)


def test_refusal_needs_a_reason_and_lets_ask_again(session: Session, filled: Registration):
    request, tro = ask(session, filled), grants(session, "tro.dadukou")
    with pytest.raises(Refused):
        bindings.refuse(session, tro, request.id, " ")
    bindings.refuse(session, tro, request.id, "证书不清晰，请重新上传")
    assert (request.status, request.note, request.decided_by) == ("refused", "证书不清晰，请重新上传", tro.person_id)
    with pytest.raises(Conflict):
        bindings.approve(session, tro, request.id, no_routes)
    assert ask(session, filled).status == "pending"


def test_same_request_twice_is_refused_while_it_waits(session: Session, filled: Registration):
    ask(session, filled)
    with pytest.raises(Refused):
        ask(session, filled)
    assert ask(session, filled, "zhang.lin").status == "pending"


def test_every_fault_is_named_at_once(session: Session, filled: Registration):
    wrong = replace(filled, role="chair", name=" ", kind="castle", credit_code="1", contact_name="", contact_phone="5")
    with pytest.raises(Refused) as refused:
        ask(session, wrong)
    fields = [problem.field for problem in refused.value.problems]
    assert fields == ["credit_code", "contact_phone", "role", "kind", "name", "contact_name"]


def test_body_on_the_own_live_route_is_refused_at_asking_and_at_approval(session: Session, filled: Registration):
    firm = organisations.by_key(session, "dadukou_firm")
    person = grants(session, "liu.yang").person_id
    wanted = replace(filled, credit_code=firm.credit_code or "")
    with pytest.raises(Refused):
        bindings.request_binding(session, person, wanted, lambda _person: [firm.id])
    request = bindings.request_binding(session, person, wanted, no_routes)
    with pytest.raises(Refused):
        bindings.approve(session, grants(session, "tro.dadukou"), request.id, lambda _person: [firm.id])
