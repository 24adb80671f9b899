"""Who acts in a scenario: named by account or by role@organisation, otherwise whoever holds the task."""

import itertools
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import ric

from app import clock
from app.domain import organisations, people, permissions
from app.errors import ConfigurationError
from app.models.people import Organisation, Person
from app.models.process import Task
from app.processes.tasks import Actor

INVENTED = "crowd.{}"
NEW = "new"  # instead of an account: somebody nobody has spoken of yet
_SURNAMES = "苏叶程陆韩唐许曹彭曾蔡潘袁董余杜夏"
_GIVEN = ("书宁", "子昂", "雨桐", "俊杰", "文博", "思远", "佳怡", "明哲", "晓雯", "志强", "嘉禾", "欣然")


def person(session: Session, name: str) -> Person:
    """The person of an account, or the first holder of `role@organisation key`. Raises ConfigurationError."""
    if "@" in name:
        role, _, key = name.partition("@")
        holders = people.holders(session, role, body(session, key).id, clock.now(session))
        if not holders:
            raise ConfigurationError(f"没有人担任 {name}。")
        return people.get(session, holders[0].person_id)
    found = people.by_account(session, name)
    if found is None:
        raise ConfigurationError(f"没有账号“{name}”。")
    return found


def body(session: Session, key: str) -> Organisation:
    found = session.scalars(select(Organisation).where(Organisation.key == key)).first()
    if found is None:
        raise ConfigurationError(f"没有机构“{key}”。")
    return organisations.resolve(session, found.id)


def invented(session: Session, number: int, *, named: bool = False) -> Person:
    """One more fictional applicant, `crowd.<number>`, with a valid and invented number; `named` as people are."""
    body = f"50010319850101{number:03d}"
    name = _name(number) if named else f"演练{number}"
    person = people.register(session, INVENTED.format(number), name, body + ric.calc_check_digit(body + "0"))
    people.set_mobile(session, person.id, f"1390001{number:04d}")
    return person


def newcomer(session: Session) -> Person:
    """The next invented applicant, named like a person."""
    return invented(session, unused(session, 1)[0], named=True)


def _name(number: int) -> str:
    given, surname = divmod(number - 1, len(_SURNAMES))
    return _SURNAMES[surname] + _GIVEN[(given + surname) % len(_GIVEN)]


def unused(session: Session, count: int) -> list[int]:
    """The first `count` numbers that no invented applicant has yet."""
    taken = set(session.scalars(select(Person.account).where(Person.account.startswith(INVENTED.format("")))))
    free = (number for number in itertools.count(1) if INVENTED.format(number) not in taken)
    return list(itertools.islice(free, count))


def identity(person: Person) -> dict[str, Any]:
    """What every declaration says of its applicant."""
    own: dict[str, Any] = {"name": person.name, "id_type": "resident_id", "id_number": person.identity_number}
    own |= {"mobile": person.mobile, "sex": person.sex}
    return own | ({"birth_month": person.birth.strftime("%Y-%m")} if person.birth else {})


def actor(session: Session, task: Task, named: str | None) -> Actor:
    """The named person, or the task's own, or the first who holds its role."""
    if named is not None:
        who = person(session, named).id
    elif task.person_id is not None:
        who = task.person_id
    else:
        holders = people.holders(session, task.role, task.organisation_id, clock.now(session))
        if not holders:
            raise ConfigurationError(f"待办“{task.name}”没有办理人（{task.role}）。")
        who = holders[0].person_id
    return Actor(who, permissions.grants_of(session, who, clock.now(session)))


def holder(session: Session, task: Task) -> str:
    """Who is asked, as scenarios write it: `role@organisation key`, or the applicant's account."""
    if task.organisation_id is None:
        return people.get(session, task.person_id).account if task.person_id else task.role
    return f"{task.role}@{session.get_one(Organisation, task.organisation_id).key}"


def registry_account(session: Session, person_id: int) -> str:
    return people.get(session, person_id).account
