"""The demo's bodies and accounts: complete, valid, and written once."""

from datetime import date

from sqlalchemy import func, select

from app import clock
from app.db import Database
from app.domain import accounts, demo_people, identity, organisations, people
from app.models.people import Organisation, Person, RoleGrant


def test_loading_twice_changes_nothing(database: Database):
    counts = []
    for _ in range(2):
        with database.transaction() as session:
            demo_people.load_demo_people(session)
            tables = (Organisation, Person, RoleGrant)
            counts.append([session.scalar(select(func.count()).select_from(table)) for table in tables])
    assert counts[0] == counts[1]
    assert counts[0][:2] == [20, len(demo_people.account_names())]


def test_every_body_may_stand_on_a_route(sqlite_database: Database):
    with sqlite_database.transaction() as session:
        demo_people.load_demo_people(session)
        bodies = session.scalars(select(Organisation)).all()
        for body in bodies:
            assert body.registered
            assert organisations.contact_of(body).phone.startswith("023-555501")
        unused = set(organisations.KINDS) - {body.kind for body in bodies}
        assert unused == {"hr_authority", "industry_authority"}


def test_every_role_has_someone_at_the_demo_s_earliest_date(sqlite_database: Database, freeze):
    with sqlite_database.transaction() as session:
        demo_people.load_demo_people(session)
        freeze(session, "2021-07-19 09:00:00")
        held = {
            grant.role
            for grant in session.scalars(select(RoleGrant).where(people.in_force(RoleGrant, clock.now(session))))
        }
        assert set(people.ROLES) - held == {"applicant", "registrar_xj", "prefecture_xj"}


def test_applicants_carry_valid_numbers(sqlite_database: Database):
    with sqlite_database.transaction() as session:
        demo_people.load_demo_people(session)
        applicants = session.scalars(select(Person).where(Person.identity_blind.is_not(None))).all()
        assert len(applicants) == 14
        for person in applicants:
            assert identity.check_resident_id(person.identity_number or "", date(2023, 10, 9)) == person.identity_number
            assert identity.check_mobile(person.mobile or "").startswith("1390000")
        assert {person.sex for person in applicants} == {"male", "female"}


def test_every_account_opens_with_the_shown_password(sqlite_database: Database):
    with sqlite_database.transaction() as session:
        demo_people.load_demo_people(session)
        for account in ("zhang.lin", "admin"):
            assert accounts.check_password(session, account, demo_people.PASSWORD).right is True
