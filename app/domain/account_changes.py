"""The record of an account: who granted, ended or changed what, when and why; nothing is ever taken out of it."""

from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app import clock
from app.errors import Problem, Refused
from app.models.access import AccountChange
from app.models.dictionary import DictionaryChange
from app.models.people import Person

C = TypeVar("C", AccountChange, DictionaryChange)
IMPORTED = "imported"
KINDS = {
    IMPORTED: "按文件导入",
    "granted": "授予任职",
    "ended": "结束任职",
    "scoped": "调整任职范围",
    "disabled": "停用账号",
    "enabled": "启用账号",
    "password_given": "重置密码",
    "unlocked": "解除锁定",
    "logins_ended": "结束登录",
    "looked": "查看其权限",
}
PAGE = 20
LONGEST = 500  # characters of a reason


@dataclass(frozen=True)
class Line:
    """One entry with the name of who did it."""

    change: AccountChange
    by: str

    @property
    def kind(self) -> str:
        return KINDS.get(self.change.kind, self.change.kind)


def required(reason: str) -> str:
    """The reason as it is kept; Refused for none and for one that is too long."""
    said = reason.strip()
    if not said:
        raise Refused(Problem("no_reason", "请填写原因。", "reason"))
    if len(said) > LONGEST:
        raise Refused(Problem("too_long", f"原因不超过{LONGEST}字，现为{len(said)}字。", "reason"))
    return said


def note(
    session: Session, person_id: int, kind: str, by: int, reason: str, grant_id: int | None = None, **details: Any
) -> None:
    """Write an entry; `details` are words and numbers for whoever reads it later."""
    at = clock.now(session)
    session.add(
        AccountChange(
            person_id=person_id, by_id=by, kind=kind, grant_id=grant_id, details=details, reason=reason, at=at
        )
    )
    session.flush()


def of_person(session: Session, person_id: int, page: int = 1) -> tuple[list[Line], int]:
    """One page of the record, the latest first, and how many entries there are."""
    rows, total = with_authors(session, AccountChange, AccountChange.person_id == person_id, page)
    return [Line(change, by) for change, by in rows], total


def with_authors(
    session: Session, record: type[C], own: ColumnElement[bool], page: int
) -> tuple[list[tuple[C, str]], int]:
    """One page of a record, each entry with the name of who made it, the latest first; and how many there are."""
    total = session.scalar(select(func.count(record.id)).where(own)) or 0
    rows = session.execute(
        select(record, Person.name)
        .join(Person, Person.id == record.by_id)
        .where(own)
        .order_by(record.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [(entry, by) for entry, by in rows], total
