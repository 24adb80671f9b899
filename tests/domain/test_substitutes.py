"""代办: who may be named for when, what is refused, and that it ends with its term."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import organisations, people, permissions, substitutes
from app.errors import NotFound, Refused
from app.models.people import RoleGrant, Substitute


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


def test_chains_and_circles_are_refused_whichever_post_and_whoever_is_first(session: Session, clerk: RoleGrant) -> None:
    deputy, third = id_of(session, "deputy"), id_of(session, "third")
    head = people.grant(session, deputy, "unit_head", clerk.organisation_id)
    finance = people.grant(session, third, "finance", clerk.organisation_id)
    substitutes.name(session, clerk, deputy, days(session, 0, 3), "休假")
    for term in (days(session, 1, 2), days(session, 2, 9)):
        with pytest.raises(Refused, match="正代温如玉办理，不能再委托他人代办"):
            substitutes.name(session, head, third, term, "出差")
    with pytest.raises(Refused, match="温如玉在此期间已委托岳清风代办，互相委托会使双方的事项都无人办理"):
        substitutes.name(session, head, clerk.person_id, days(session, 2, 3), "出差")
    with pytest.raises(Refused, match="温如玉在此期间已委托他人代办（岳清风）"):
        substitutes.name(session, finance, clerk.person_id, days(session, 1, 2), "出差")
    substitutes.name(session, head, clerk.person_id, days(session, 3, 5), "出差")  # the day the first one ends
    with pytest.raises(Refused, match="岳清风在此期间已委托温如玉代办，互相委托"):
        substitutes.name(session, clerk, deputy, days(session, 4, 6), "休假")
    substitutes.name(session, finance, deputy, days(session, 6, 7), "出差")
    people.get(session, deputy).disabled_at = clock.now(session)
    session.flush()
    with pytest.raises(Refused, match="岳清风的账号已停用，不能代办"):
        substitutes.name(session, clerk, deputy, days(session, 8, 9), "休假")


def test_two_who_name_each_other_at_the_same_moment_make_no_circle(database: Database, freeze: Any) -> None:
    """Of two transactions one comes second: it waits, reads what the first has done, and is refused."""
    with database.transaction() as session:
        freeze(session, "2023-10-09 09:00")
        body = organisations.create(session, "school", "育才中学", "institution").id
        ids = [people.register(session, each, each).id for each in ("clerk", "deputy")]
        posts = [people.grant(session, each, "unit_clerk", body).id for each in ids]
    both_began, said = threading.Barrier(2), {}

    def name(own: int, other: int) -> None:
        try:
            with database.transaction() as session:
                if database.engine.dialect.name == "postgresql":  # SQLite lets one writer in at a time
                    both_began.wait(30)
                post = session.get_one(RoleGrant, posts[own])
                substitutes.name(session, post, ids[other], days(session, 0, 3), "休假")
        except Refused as refused:
            said[own] = str(refused)

    both = [threading.Thread(target=name, args=pair) for pair in ((0, 1), (1, 0))]
    for each in both:
        each.start()
    for each in both:
        each.join()
    with database.reading() as session:
        assert session.scalar(select(func.count(Substitute.id))) == 1
    assert len(said) == 1
    assert "互相委托" in next(iter(said.values()))


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
