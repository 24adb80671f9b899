"""What an administrator does to an account besides its posts: opening it again, unlocking it, giving a new password."""

import secrets

from sqlalchemy.orm import Session

from app import clock
from app.domain import account_changes, accounts, people
from app.errors import Problem, Refused
from app.models.people import Person

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read for another
GROUPS, GROUP = 4, 4


def new_password() -> str:
    """A password to be told once and changed at the first login."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def give_password(session: Session, person_id: int, password_hash: str, *, by: int, reason: str) -> None:
    """重置密码: every login ends, the lock too; whoever enters by it has to choose his own first. Refused."""
    said, person = account_changes.required(reason), people.get(session, person_id)
    if person_id == by:
        raise Refused(Problem("oneself", "请在“个人中心”修改自己的密码。"))
    _require_open(person)
    accounts.store_password(session, person_id, password_hash)
    person.password_given_at = clock.now(session)
    person.failures, person.locked_until = 0, None
    account_changes.note(session, person_id, "password_given", by, said)


def unlock(session: Session, person_id: int, *, by: int, reason: str) -> None:
    """解除锁定: the account rests no longer after wrong passwords. Refused."""
    said, person = account_changes.required(reason), people.get(session, person_id)
    if not locked(session, person):
        raise Refused(Problem("open", "该账号现在没有锁定。"))
    person.failures, person.locked_until = 0, None
    account_changes.note(session, person_id, "unlocked", by, said)


def enable(session: Session, person_id: int, *, by: int, reason: str) -> None:
    """启用: the posts that have not ended meanwhile count again. Refused."""
    said, person = account_changes.required(reason), people.get(session, person_id)
    if person.disabled_at is None:
        raise Refused(Problem("open", "该账号没有停用。"))
    person.disabled_at = None
    account_changes.note(session, person_id, "enabled", by, said)


def locked(session: Session, person: Person) -> bool:
    return person.locked_until is not None and person.locked_until > clock.real(session)


def _require_open(person: Person) -> None:
    if person.disabled_at is not None:
        raise Refused(Problem("disabled", "该账号已停用，请先启用账号。"))
