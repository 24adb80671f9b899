"""Passwords and logins: what opens a door, what closes it, and the brake on guessing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import accounts, organisations, people
from app.errors import NotAllowed, Refused
from app.models.people import LoginSession, Person
from app.models.process import ClockOffset

PASSWORD = "correct horse"
WRONG_PASSWORD = "wrong password"
WRONG = "账号或密码有误，请核对后重新登录。"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


@pytest.fixture(autouse=True)
def zhang(session: Session) -> Person:
    """The person of every test, beside another with the same password."""
    for account in ("noise", "zhang"):
        person = people.register(session, account, account)
        accounts.set_password(session, person.id, PASSWORD)
    return person


def enter(session: Session, account: str = "zhang", password: str = PASSWORD) -> str:
    token = accounts.login(session, account, password).token
    assert token is not None
    return token


def refusal(session: Session, account: str = "zhang", password: str = WRONG_PASSWORD) -> str:
    attempt = accounts.login(session, account, password)
    assert attempt.token is None
    assert attempt.problem is not None
    return attempt.problem.message


def test_login_opens_a_row_that_holds_no_token(session: Session, zhang: Person):
    token = enter(session, " ZHANG ")
    row = session.scalars(select(LoginSession)).one()
    found = accounts.find_login(session, token)
    assert found is not None
    assert (found.id, found.person_id) == (row.id, zhang.id)
    assert token not in row.token
    assert accounts.find_login(session, row.token) is None


def test_login_does_not_say_whether_account_or_password_is_wrong(session: Session):
    assert refusal(session) == WRONG
    assert refusal(session, "nobody") == WRONG


def test_account_without_a_password_has_no_door(session: Session):
    people.register(session, "li", "李悦")
    assert refusal(session, "li", "") == WRONG


def test_five_wrong_passwords_close_the_account_for_a_quarter_of_an_hour(session: Session, zhang: Person):
    for _ in range(accounts.FREE_FAILURES - 1):
        assert refusal(session) == WRONG
    enter(session)
    for _ in range(accounts.FREE_FAILURES):
        assert refusal(session) == WRONG
    assert refusal(session, password=PASSWORD).startswith("密码多次有误，该账号暂停登录至")
    enter(session, "noise")
    zhang.locked_until = clock.real(session) - timedelta(seconds=1)
    session.flush()
    enter(session)


def test_revoked_login_is_dead(session: Session):
    kept, ended = enter(session), enter(session)
    accounts.revoke(session, ended)
    assert accounts.find_login(session, ended) is None
    assert accounts.find_login(session, kept) is not None


def test_login_ends_eight_hours_after_its_last_use(session: Session):
    token = enter(session)
    found = accounts.find_login(session, token)
    assert found is not None
    assert accounts.due_for_renewal(session, found) is False
    soon = clock.real(session) + timedelta(minutes=1)
    session.execute(update(LoginSession).values(expires_at=soon))
    session.expire_all()
    assert accounts.due_for_renewal(session, found) is True
    accounts.renew(session, found.id)
    session.expire_all()
    assert found.expires_at - soon > timedelta(hours=7, minutes=58)
    session.execute(update(LoginSession).values(expires_at=clock.real(session) - timedelta(seconds=1)))
    assert accounts.find_login(session, token) is None


def test_moving_the_demo_clock_ends_no_login(session: Session):
    token = enter(session)
    session.merge(ClockOffset(id=1, offset_us=90 * 24 * 3600 * 10**6))
    session.flush()
    session.info.pop("now", None)
    assert clock.now(session) - clock.real(session) > timedelta(days=89)
    assert accounts.find_login(session, token) is not None


def test_new_password_ends_every_login(session: Session, zhang: Person):
    token, other = enter(session), enter(session, "noise")
    accounts.set_password(session, zhang.id, "another password")
    assert accounts.find_login(session, token) is None
    assert accounts.find_login(session, other) is not None
    assert refusal(session, password=PASSWORD) == WRONG
    enter(session, password="another password")


def test_short_password_is_refused(session: Session, zhang: Person):
    with pytest.raises(Refused) as refused:
        accounts.set_password(session, zhang.id, "123456789")
    assert [problem.message for problem in refused.value.problems] == ["密码不能少于10位。"]


def test_closed_account_neither_enters_nor_stays(session: Session, zhang: Person):
    token = enter(session)
    accounts.disable(session, zhang.id)
    assert accounts.find_login(session, token) is None
    assert refusal(session, password=PASSWORD) == "该账号已停用。请联系系统管理员。"


def test_switch_identity_takes_only_one_s_own_living_grant(session: Session, zhang: Person):
    body = organisations.create(session, "school", "育才中学", "institution")
    noise = people.by_account(session, "noise")
    assert noise is not None
    foreign = people.grant(session, noise.id, "unit_clerk", body.id)
    own = people.grant(session, zhang.id, "unit_clerk", body.id)
    token = enter(session)
    found = accounts.find_login(session, token)
    assert found is not None
    assert found.acting_grant_id == own.id
    accounts.switch_identity(session, token, None)
    assert found.acting_grant_id is None
    accounts.switch_identity(session, token, own.id)
    assert found.acting_grant_id == own.id
    people.revoke(session, own.id)
    for grant_id in (foreign.id, own.id):
        with pytest.raises(NotAllowed):
            accounts.switch_identity(session, token, grant_id)
    with pytest.raises(NotAllowed):
        accounts.switch_identity(session, "no such token", None)
