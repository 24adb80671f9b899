"""Accounts: passwords, logins the server can revoke, and the brake on guessing.

Logins and locks live on the real time (`clock.real`): whoever moves the demo's clock stays logged in.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import people
from app.domain.devices import Origin
from app.errors import NotAllowed, Problem, Refused
from app.models.people import LoginSession, Person, RoleGrant

LIFETIME = timedelta(hours=8)  # since the last use
RENEW_AFTER = timedelta(minutes=5)  # a use within this time of the last writes nothing
SHORTEST = 10  # characters of a password
FREE_FAILURES = 5
LOCK = timedelta(minutes=15)
WRONG = "账号或密码有误，请核对后重新登录。"

_hasher = PasswordHasher()


@dataclass(frozen=True)
class Check:
    """What checking a password found; it read only. `person_id` is empty for an unknown account."""

    person_id: int | None
    right: bool
    outdated: str | None = None  # a fresh hash where the stored one was made with older settings


@dataclass(frozen=True)
class Attempt:
    """A login that succeeded (`token`, for the browser alone) or the reason why not.

    Returned rather than raised: a wrong password is written down, and an exception would undo that.
    """

    token: str | None
    problem: Problem | None = None


def hashed(password: str) -> str:
    """The argon2 hash to store."""
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    """What the password of an unknown account is compared with: that must take as long as of a known one."""
    return hashed(secrets.token_hex())


def set_password(session: Session, person_id: int, password: str) -> None:
    """Store the password's argon2 hash; every login of the person ends."""
    store_password(session, person_id, hashed(require_password(password)))


def require_password(password: str) -> str:
    """The password, long enough; Refused otherwise."""
    if len(password) < SHORTEST:
        raise Refused(Problem("password", f"密码不能少于{SHORTEST}位。", "password"))
    return password


def store_password(session: Session, person_id: int, password_hash: str, but: str | None = None) -> None:
    """A hash made beforehand, outside the writer's turn; every login ends, but for the one of the token `but`."""
    person = people.get(session, person_id)
    person.password_hash, person.password_given_at = password_hash, None
    session.flush()
    revoke_all(session, person_id, "password", but)


def check_password(session: Session, account: str, password: str) -> Check:
    """Slow on purpose (argon2): call it while reading, outside the writer's turn, then `record_login`."""
    person = people.by_account(session, account)
    stored = person.password_hash if person is not None and person.password_hash else _nobody()
    try:
        _hasher.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return Check(person.id if person else None, right=False)
    if person is None or person.password_hash is None:
        return Check(None, right=False)
    return Check(person.id, True, hashed(password) if _hasher.check_needs_rehash(stored) else None)


def record_login(session: Session, check: Check, origin: Origin | None = None) -> Attempt:
    """Open a login, or count the failure: after five in a row the account rests for a quarter of an hour."""
    if check.person_id is None:
        return Attempt(None, Problem("login", WRONG))
    person = session.get_one(Person, check.person_id, with_for_update=True, populate_existing=True)
    now = clock.real(session)
    if person.locked_until is not None and person.locked_until > now:
        until = clock.local(person.locked_until).strftime("%H:%M")
        return Attempt(
            None, Problem("locked", f"密码多次有误，该账号暂停登录至{until}。请届时再试，或联系系统管理员。")
        )
    if person.disabled_at is not None:
        return Attempt(None, Problem("disabled", "该账号已停用。请联系系统管理员。"))
    if not check.right:
        person.failures += 1
        if person.failures >= FREE_FAILURES:
            person.failures, person.locked_until = 0, now + LOCK
        session.flush()
        return Attempt(None, Problem("login", WRONG))
    person.failures, person.locked_until = 0, None
    person.password_hash = check.outdated or person.password_hash
    return Attempt(open_login(session, person.id, origin))


def login(session: Session, account: str, password: str) -> Attempt:
    """Check and record in one transaction; a web door does the two apart."""
    return record_login(session, check_password(session, account, password))


def open_login(session: Session, person_id: int, origin: Origin | None = None) -> str:
    """A new login without a password (a trusted door has checked); returns the token for the browser."""
    now = clock.real(session)
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token=digest(token),
            person_id=person_id,
            created_at=now,
            expires_at=now + LIFETIME,
            acting_grant_id=_first_grant(session, person_id),
            address=origin.address if origin else None,
            device=origin.device if origin else None,
        )
    )
    session.flush()
    return token


def find_login(session: Session, token: str) -> LoginSession | None:
    """The living login of this token, else None."""
    now = clock.real(session)
    alive = LoginSession.revoked_at.is_(None) & (LoginSession.expires_at > now) & Person.disabled_at.is_(None)
    query = select(LoginSession).join(Person, Person.id == LoginSession.person_id)
    return session.scalar(query.where(LoginSession.token == digest(token), alive))


def due_for_renewal(session: Session, login_session: LoginSession) -> bool:
    """True when the last use lies far enough back to be worth a write."""
    return login_session.expires_at - clock.real(session) < LIFETIME - RENEW_AFTER


def renew(session: Session, login_id: int) -> None:
    """The login was used: its eight hours begin anew; an ended login stays ended."""
    alive = (LoginSession.id == login_id) & LoginSession.revoked_at.is_(None)
    session.execute(update(LoginSession).where(alive).values(expires_at=clock.real(session) + LIFETIME))


def revoke(session: Session, token: str) -> None:
    """End the login of this token: its person leaves."""
    living = (LoginSession.token == digest(token)) & LoginSession.revoked_at.is_(None)
    session.execute(update(LoginSession).where(living).values(revoked_at=clock.real(session), ended="left"))


def revoke_all(session: Session, person_id: int, why: str = "administrator", but: str | None = None) -> None:
    """End every login of the person, but for the one of the token `but`; `why` is a key of `logins.ENDED`."""
    living = (LoginSession.person_id == person_id) & LoginSession.revoked_at.is_(None)
    if but is not None:
        living &= LoginSession.token != digest(but)
    session.execute(update(LoginSession).where(living).values(revoked_at=clock.real(session), ended=why))


def disable(session: Session, person_id: int) -> None:
    """Close the account: no login, living logins end, its roles count no longer; records stay."""
    people.get(session, person_id).disabled_at = clock.now(session)
    session.flush()
    revoke_all(session, person_id, "disabled")


def switch_identity(session: Session, token: str, grant_id: int | None) -> None:
    """切换身份: act as the body of one's own grant, or (None) as oneself."""
    login_session = find_login(session, token)
    if login_session is None:
        raise NotAllowed("登录已过期，请重新登录后再切换身份。")
    if grant_id is not None:
        own = (RoleGrant.id == grant_id) & (RoleGrant.person_id == login_session.person_id)
        if session.scalar(select(RoleGrant.id).where(own, people.in_force(RoleGrant, clock.now(session)))) is None:
            raise NotAllowed("您没有这一身份，不能切换。")
    login_session.acting_grant_id = grant_id
    session.flush()


def _first_grant(session: Session, person_id: int) -> int | None:
    """Whoever holds an office comes to work for it; everyone else comes as himself."""
    query = select(RoleGrant.id).where(RoleGrant.person_id == person_id, people.in_force(RoleGrant, clock.now(session)))
    return session.scalar(query.order_by(RoleGrant.id).limit(1))


def digest(token: str) -> str:
    """What the table holds of a login's token."""
    return hashlib.sha256(token.encode()).hexdigest()
