from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import entrustments, organisations, people, permissions
from app.domain.permissions import Grants
from app.errors import NotAllowed, NotFound, Refused
from app.models.declaration import Declaration
from tests.support.cases import N2, Season, draft, season

Freeze = Callable[[Session, str], object]
CONTACT = {"contact_name": "联络员", "contact_phone": "023-67890000", "registered": True}
LETTER = {
    "number": "函〔2023〕1号",
    "series": "engineering",
    "specialty": "大数据智能化",
    "level": "intermediate",
    "contact_name": "虚构联系人",
    "contact_phone": "023-1",
    "address": "某路1号",
    "issued_on": "2023-10-08",
    "sealed_letter": [],
}


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    """A season with two entrusting units; 李二 works for the first."""
    with database.transaction() as session:
        freeze(session, "2023-10-16 09:00:00")
        made = season(session)
        for key in ("group", "other_group"):
            body = organisations.create(session, key, f"虚构{key}", "entrusting_unit", None, **CONTACT)
            made.bodies[key] = body.id
        people.grant(session, made.people["yi"], "entrusting_unit", made.bodies["group"])
        yield made


def stationed(at_work: Season, person: str = "jia", group: str = "group", **more: Any) -> Declaration:
    found = draft(at_work, person, category="non_local_unit", entrusting_unit_id=at_work.bodies[group], **more)
    found.series, found.level = "engineering", "intermediate"
    at_work.session.flush()
    return found


def who(at_work: Season, person: str = "yi") -> Grants:
    return permissions.grants_of(at_work.session, at_work.people[person], clock.now(at_work.session))


def record(at_work: Season, *listed: Declaration, **more: Any) -> Any:
    people_ = [{"_id": str(each.id), "listed": "yes", "note": None} for each in listed]
    values = {**LETTER, "people": people_, **more}
    return entrustments.record(at_work.session, who(at_work), N2, values, at_work.people["yi"])


def test_a_letter_covers_several_declarations(at_work: Season) -> None:
    first, second = stationed(at_work), stationed(at_work, "bing")

    letter = record(at_work, first, second)

    assert letter.entrusting_id == at_work.bodies["group"]
    assert [entrustments.letter_of(at_work.session, each.id) for each in (first, second)] == [letter, letter]
    [(found, notice, names)] = entrustments.letters(at_work.session, who(at_work))
    assert (found, notice.key, names) == (letter, N2, ["张一", "王三"])


def test_candidates_are_those_through_ones_own_body(at_work: Season) -> None:
    own = stationed(at_work)
    stationed(at_work, "bing", group="other_group")

    found = entrustments.candidates(at_work.session, who(at_work), N2)

    assert [(each.declaration.id, each.name, each.letter) for each in found] == [(own.id, "张一", "")]
    assert [notice.key for notice in entrustments.notices_of(at_work.session, who(at_work))] == [N2]
    assert entrustments.candidates(at_work.session, who(at_work, "bing"), N2) == []


def test_the_list_must_be_of_one_unit_series_and_level(at_work: Season) -> None:
    one = stationed(at_work)
    people.grant(at_work.session, at_work.people["yi"], "entrusting_unit", at_work.bodies["other_group"])
    other = stationed(at_work, "bing", group="other_group")

    for listed, more, words in (
        ((), {}, "请至少列入1名"),
        ((one, other), {}, "委托单位不同"),
        ((one,), {"level": "senior"}, "张一申报.*与委托评审函的系列、级别不符"),
        ((one,), {"series": "economics"}, "与委托评审函的系列、级别不符"),
    ):
        with pytest.raises(Refused, match=words):
            record(at_work, *listed, **more)
    assert entrustments.letters(at_work.session, who(at_work)) == []


def test_nobody_stands_on_two_letters_and_no_number_is_used_twice(at_work: Season) -> None:
    one, two = stationed(at_work), stationed(at_work, "bing")
    record(at_work, one)

    with pytest.raises(Refused, match="张一已列入委托评审函函〔2023〕1号"):
        record(at_work, one, number="函〔2023〕2号")
    with pytest.raises(Refused, match="已有文号为“函〔2023〕1号”的委托评审函"):
        record(at_work, two)


def test_who_is_on_no_list_is_refused_once_there_is_a_letter(at_work: Season) -> None:
    listed, unlisted = stationed(at_work), stationed(at_work, "bing")
    entrustments.require_on_letter(at_work.session, unlisted)  # nothing recorded: the uploaded letter stands for it

    record(at_work, listed)

    entrustments.require_on_letter(at_work.session, listed)
    with pytest.raises(Refused, match=r"申报人不在虚构group委托评审函（函〔2023〕1号）所附的名单中"):
        entrustments.require_on_letter(at_work.session, unlisted)
    elsewhere = stationed(at_work, "clerk", group="other_group")
    entrustments.require_on_letter(at_work.session, elsewhere)


def test_a_letter_is_seen_by_the_bodies_it_passes_through(at_work: Season) -> None:
    letter = record(at_work, stationed(at_work))

    assert entrustments.require_letter(at_work.session, who(at_work), letter.id) == letter
    with pytest.raises(NotAllowed):
        entrustments.require_letter(at_work.session, who(at_work, "bing"), letter.id)
    with pytest.raises(NotFound):
        entrustments.require_letter(at_work.session, who(at_work), letter.id + 1)
