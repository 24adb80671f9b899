"""Files of registers from the moment they are handed in: kept, looked at, applied whole; then the first passwords."""

import json
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.domain import account_changes, account_keeping
from app.domain.intake import bodies, founding, hiring, persons, sheets
from app.domain.intake.sheets import Column, Plan, Row
from app.errors import Conflict, NotFound, Problem, Refused
from app.models.access import AccountChange
from app.models.intake import IntakeFile
from app.models.people import LoginSession, Organisation, Person, RoleGrant
from app.rows import kept_changed

KINDS = {"organisations": "机构", "accounts": "账号与任职"}
COLUMNS: dict[str, tuple[Column, ...]] = {"organisations": bodies.COLUMNS, "accounts": persons.COLUMNS}
CHANGED_MEANWHILE = "核对以后登记的内容又有变动，请按最新的核对结果再确认。"
# fast on purpose: what is hashed is random and long, is changed at the first login and hashed anew there
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(frozen=True)
class First:
    """An account that was made, with the password that is shown this once."""

    body: str
    name: str
    account: str
    password: str


def take(session: Session, kind: str, name: str, content: bytes, by: int) -> IntakeFile:
    """Keep the file's rows; Refused for what cannot be read, lacks a heading or says nothing."""
    found = sheets.rows(name, content, COLUMNS[kind])
    text = json.dumps(found, ensure_ascii=False)
    file = IntakeFile(
        kind=kind, name=name[-255:], content=text, total=len(found), taken_by=by, taken_at=clock.now(session)
    )
    session.add(file)
    session.flush()
    return file


def get(session: Session, kind: str, file_id: int, *, lock: bool = False) -> IntakeFile:
    found = session.get(IntakeFile, file_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or found.kind != kind:
        raise NotFound("没有找到该导入文件。")
    return found


def latest(session: Session, kind: str) -> list[tuple[IntakeFile, str]]:
    """The last files handed in, each with who did it."""
    wanted = select(IntakeFile, Person.name).join(Person, Person.id == IntakeFile.taken_by)
    rows = session.execute(wanted.where(IntakeFile.kind == kind).order_by(IntakeFile.id.desc()).limit(20))
    return [(file, name) for file, name in rows]


def plan(session: Session, file: IntakeFile, by: int | None = None) -> Plan:
    """What the file would do as the register stands now. Conflict where it has been applied."""
    return _intake(session, file, by).plan()


def apply(session: Session, kind: str, file_id: int, *, reason: str, by: int, seen: str | None = None) -> Plan:
    """Do all that the file says. Refused with every fault; Conflict where the plan is not the one `seen`."""
    if kind == "organisations":
        kept_changed(session)  # nobody else changes the hierarchy between the plan and the deed
    file, said = get(session, kind, file_id, lock=True), account_changes.required(reason)
    intake = _intake(session, file, by)
    found = intake.plan()
    if found.faults:
        raise Refused(*(Problem("row", f"第{each.line}行{each.column}：{each.text}") for each in found.faults))
    if seen is not None and seen != found.digest:
        raise Conflict(CHANGED_MEANWHILE)
    words = f"导入“{file.name}”：{said}"
    if isinstance(intake, bodies.Intake):
        founding.apply(session, intake, reason=words, by=by)
    else:
        file.made = hiring.apply(session, intake, reason=words, by=by)
    file.applied_at, file.reason, file.counts, file.content = clock.now(session), said, found.counts, None
    session.flush()
    return found


def waiting(session: Session, file: IntakeFile) -> list[Person]:
    """Of the accounts that the file made those whose people have not chosen a password of their own yet."""
    untouched = Person.password_hash.is_(None) | Person.password_given_at.is_not(None)
    wanted = select(Person).where(Person.id.in_(file.made), untouched, Person.disabled_at.is_(None))
    return list(session.scalars(wanted.order_by(Person.name, Person.id)))


def hand_out(session: Session, file_id: int, by: int) -> list[First]:
    """A new password for each account that waits for one, told this once; an older one counts no more. Refused."""
    file = get(session, "accounts", file_id, lock=True)
    found, now = waiting(session, file), clock.now(session)
    if not found:
        raise Refused(Problem("nobody", "本次新增的账号都已由本人设置密码。"))
    at = _bodies(session, [person.id for person in found])
    reason, handed = f"导入“{file.name}”的初始密码", []
    entered = LoginSession.person_id.in_([person.id for person in found]) & LoginSession.revoked_at.is_(None)
    session.execute(update(LoginSession).where(entered).values(revoked_at=clock.real(session), ended="password"))
    for person in found:
        password = account_keeping.new_password()
        person.password_hash, person.password_given_at = _quick.hash(password), now
        handed.append(First(at.get(person.id, ""), person.name, person.account, password))
        said = {"kind": "password_given", "details": {}, "reason": reason, "at": now}
        session.add(AccountChange(person_id=person.id, by_id=by, **said))
    session.flush()
    return handed


def _bodies(session: Session, person_ids: list[int]) -> dict[int, str]:
    """Person → where he holds a post."""
    wanted = select(RoleGrant.person_id, Organisation.name).join(
        Organisation, Organisation.id == RoleGrant.organisation_id
    )
    return dict(session.execute(wanted.where(RoleGrant.person_id.in_(person_ids))).all())


def _intake(session: Session, file: IntakeFile, by: int | None) -> bodies.Intake | persons.Intake:
    if file.content is None:
        raise Conflict("该文件已经导入。")
    read: list[Row] = json.loads(file.content)
    return bodies.Intake(session, read) if file.kind == "organisations" else persons.Intake(session, read, by)
