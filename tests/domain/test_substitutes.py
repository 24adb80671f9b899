"""代办: who may be named for when, what is refused, and that it ends with its term."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import organisations, people, permissions, substitutes
from app.errors import NotFound, Refused
from app.models.people import RoleGrant


@pytest.fixture
def session(database: Database, freeze: Callable[[Session, str], Any]) -> Iterator[Session]:
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00")
        yield session


@pytest.fixture
def clerk(session: Session) -> RoleGrant:
    school = organisations.create(session, "school", "育才中学", "institution")
    for account, name in (("clerk", "温如玉"), ("deputy", "岳清风"), ("third", "何远")):
        people.register(session, account, name)
    found = people.by_account(session, "clerk")
    assert found is not None
    return people.grant(session, found.id, "unit_clerk", school.id)


def id_of(session: Session, account: str) -> int:
    found = people.by_account(session, account)
    assert found is not None
    return found.id


def days(session: Session, first: int, last: int) -> tuple:  # type: ignore[type-arg]
    now = clock.now(session)
    return now + timedelta(days=first), now + timedelta(days=last)


def test_term_ends_it_by_itself(session: Session, clerk: RoleGrant) -> None:
    deputy = id_of(session, "deputy")
    substitutes.name(session, clerk, deputy, days(session, 0, 3), "休假")
    for after, held in ((1, True), (3, False)):
        grants = permissions.grants_of(session, deputy, clock.now(session) + timedelta(days=after))
        assert grants.holds("unit_clerk") is held


def test_second_substitute_in_the_same_time_is_refused(session: Session, clerk: RoleGrant) -> None:
    substitutes.name(session, clerk, id_of(session, "deputy"), days(session, 0, 3), "休假")
    with pytest.raises(Refused, match="已委托岳清风代办，同一期间不能再委托他人"):
        substitutes.name(session, clerk, id_of(session, "third"), days(session, 2, 5), "休假")
    substitutes.name(session, clerk, id_of(session, "third"), days(session, 3, 5), "休假")


def test_chains_are_refused_both_ways(session: Session, clerk: RoleGrant) -> None:
    deputy, third = id_of(session, "deputy"), id_of(session, "third")
    own = people.grant(session, deputy, "unit_clerk", clerk.organisation_id)
    substitutes.name(session, clerk, deputy, days(session, 0, 3), "休假")
    with pytest.raises(Refused, match="正代他人办理该岗位的事项，不能再转托"):
        substitutes.name(session, own, third, days(session, 1, 2), "出差")
    elsewhere = people.grant(session, third, "unit_head", clerk.organisation_id)
    with pytest.raises(Refused, match="温如玉在此期间已委托他人代办"):
        substitutes.name(session, elsewhere, clerk.person_id, days(session, 1, 2), "出差")


def test_the_absent_ends_it_himself_and_nobody_else_does(session: Session, clerk: RoleGrant) -> None:
    deputy = id_of(session, "deputy")
    row = substitutes.name(session, clerk, deputy, days(session, 0, 3), "休假")
    with pytest.raises(NotFound):
        substitutes.end(session, row.id, deputy)
    substitutes.end(session, row.id, clerk.person_id)
    assert not permissions.grants_of(session, deputy, clock.now(session)).holds("unit_clerk")
    assert substitutes.of_person(session, clerk.person_id) == []


def test_name_of_the_absent_is_known_for_a_list(session: Session, clerk: RoleGrant) -> None:
    deputy = id_of(session, "deputy")
    substitutes.name(session, clerk, deputy, days(session, 0, 3), "休假")
    grants = permissions.grants_of(session, deputy, clock.now(session))
    post = ("unit_clerk", clerk.organisation_id)
    assert substitutes.absent_names(session, grants, [post, ("unit_head", 1)]) == {post: "温如玉"}
