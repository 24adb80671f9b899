"""Logins that are open: who is in, since when and from where, and ending them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import account_changes
from app.domain.accounts import LIFETIME, digest
from app.errors import NotFound
from app.models.people import LoginSession, Person

PAGE = 50
# why a login ended, as whoever comes back by it reads it
ENDED = {
    "left": "您已退出登录，请重新登录。",
    "own": "此登录已由您本人在其他设备上结束，请重新登录。",
    "administrator": "此登录已由系统管理员结束，请重新登录。如有疑问，请联系系统管理员。",
    "password": "密码已修改，请用新密码重新登录。",
    "disabled": "该账号已停用。请联系系统管理员。",
}
EXPIRED = "超过8小时没有操作，登录已过期，请重新登录。"


@dataclass(frozen=True)
class Open:
    """One open login; `seen` to some minutes, for a use shortly after the last writes nothing."""

    id: int
    person_id: int
    name: str
    account: str
    since: datetime
    seen: datetime
    address: str
    device: str
    here: bool


def listing(session: Session, token: str, words: str = "", page: int = 1) -> tuple[list[Open], int]:
    """One page of all open logins, those used last first, and how many there are."""
    wanted = _open(session)
    if words:
        wanted &= Person.name.icontains(words, autoescape=True) | Person.account.icontains(words, autoescape=True)
    joined = select(func.count(LoginSession.id)).join(Person, Person.id == LoginSession.person_id)
    return _lines(session, wanted, token, page), session.scalar(joined.where(wanted)) or 0


def of_person(session: Session, person_id: int, token: str) -> list[Open]:
    """The person's own, as far as one page holds them; `token` is the one he looks with."""
    return _lines(session, _open(session) & (LoginSession.person_id == person_id), token, 1)


def end_own(session: Session, person_id: int, token: str, login_id: int | None) -> int:
    """End one of one's own logins, or (None) all but the one of `token`; returns how many. NotFound."""
    own = (LoginSession.person_id == person_id) & (LoginSession.token != digest(token))
    ended = _end(session, own if login_id is None else own & (LoginSession.id == login_id), "own")
    if login_id is not None and not ended:
        raise NotFound("没有找到该登录，可能已经结束。")
    return len(ended)


def end_one(session: Session, login_id: int, *, by: int, reason: str) -> int:
    """By an administrator; returns whose it was. NotFound, Refused."""
    said = account_changes.required(reason)
    ended = _end(session, LoginSession.id == login_id, "administrator")
    if not ended:
        raise NotFound("没有找到该登录，可能已经结束。")
    account_changes.note(session, ended[0], "logins_ended", by, said, about="1个登录")
    return ended[0]


def end_of_person(session: Session, person_id: int, *, by: int, reason: str, token: str) -> int:
    """All of a person, by an administrator, but for the one that he looks with; returns how many. Refused."""
    said = account_changes.required(reason)
    others = LoginSession.token != digest(token)
    ended = _end(session, (LoginSession.person_id == person_id) & others, "administrator")
    account_changes.note(session, person_id, "logins_ended", by, said, about=f"{len(ended)}个登录")
    return len(ended)


def end_all(session: Session, *, by: int, reason: str, token: str) -> int:
    """Everybody's, but for the one that the administrator looks with; noted on his own account. Refused."""
    said = account_changes.required(reason)
    ended = _end(session, LoginSession.token != digest(token), "administrator")
    account_changes.note(session, by, "logins_ended", by, said, about=f"全部人员的{len(ended)}个登录")
    return len(ended)


def why_ended(session: Session, token: str) -> str | None:
    """What to tell whoever comes with the token of an ended login; None for a token that nobody knows."""
    wanted = select(LoginSession.ended, Person.disabled_at).join(Person, Person.id == LoginSession.person_id)
    found = session.execute(wanted.where(LoginSession.token == digest(token))).first()
    if found is None:
        return None
    reason, disabled_at = found
    if disabled_at is not None:
        return ENDED["disabled"]
    return ENDED.get(reason or "", EXPIRED)


def _end(session: Session, which: ColumnElement[bool], why: str) -> Sequence[int]:
    """End the open logins among `which`; the ids of their people."""
    now = clock.real(session)
    alive = LoginSession.revoked_at.is_(None) & (LoginSession.expires_at > now)
    ending = update(LoginSession).where(which, alive).values(revoked_at=now, ended=why)
    ending = ending.returning(LoginSession.person_id).execution_options(synchronize_session=False)
    return session.scalars(ending).all()


def _open(session: Session) -> ColumnElement[bool]:
    now = clock.real(session)
    return LoginSession.revoked_at.is_(None) & (LoginSession.expires_at > now) & Person.disabled_at.is_(None)


def _lines(session: Session, wanted: ColumnElement[bool], token: str, page: int) -> list[Open]:
    rows = session.execute(
        select(LoginSession, Person.name, Person.account)
        .join(Person, Person.id == LoginSession.person_id)
        .where(wanted)
        .order_by(LoginSession.expires_at.desc(), LoginSession.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    here = digest(token)
    return [
        Open(
            id=row.id,
            person_id=row.person_id,
            name=name,
            account=account,
            since=row.created_at,
            seen=row.expires_at - LIFETIME,
            address=row.address or "",
            device=row.device or "",
            here=row.token == here,
        )
        for row, name, account in rows
    ]
