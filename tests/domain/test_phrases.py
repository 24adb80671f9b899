"""常用语: whose they are, what their places become, and what is refused."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import organisations, people, permissions, phrases
from app.domain.permissions import Grants
from app.errors import NotFound, Refused

RETURN = {"kind": "return", "target": "学历学位情况", "text": "{申报人}的证书不清晰，请在{期限}内补传。"}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def grants(session: Session, account: str, role: str, body: str) -> Grants:
    office = organisations.create(session, f"{account}-{body}", body, "institution").id
    person = people.register(session, account, account)
    held = people.grant(session, person.id, role, office)
    return permissions.grants_of(session, person.id, clock.now(session)).acting_as(held.id)


def test_own_and_shared_phrases_are_seen_by_whom_they_belong_to(session: Session):
    clerk, other = grants(session, "jia", "unit_clerk", "甲院"), grants(session, "yi", "unit_clerk", "乙院")
    body = clerk.held[0].organisation_id
    phrases.save(session, clerk, None, {"kind": "opinion", "text": "同意推荐"}, None)
    phrases.save(session, clerk, None, RETURN, body)
    phrases.save(session, other, None, {"kind": "opinion", "text": "别处的话"}, None)
    assert [each.text for each in phrases.of(session, clerk)] == ["同意推荐", RETURN["text"]]
    assert [each.text for each in phrases.of(session, clerk, "return")] == [RETURN["text"]]
    colleague = people.register(session, "bing", "bing")
    held = people.grant(session, colleague.id, "unit_head", body)
    acting = permissions.grants_of(session, colleague.id, clock.now(session)).acting_as(held.id)
    assert [each.target for each in phrases.of(session, acting)] == ["学历学位情况"]
    assert phrases.of(session, acting.acting_as(None)) == []


def test_a_phrase_is_changed_and_deleted_by_its_owner_only(session: Session):
    clerk, other = grants(session, "jia", "unit_clerk", "甲院"), grants(session, "yi", "unit_clerk", "乙院")
    own = phrases.save(session, clerk, None, {"kind": "reason", "text": "业绩突出"}, None)
    phrases.save(session, clerk, own.id, {"kind": "reason", "text": "考核优秀"}, None)
    assert [each.text for each in phrases.of(session, clerk)] == ["考核优秀"]
    with pytest.raises(NotFound):
        phrases.delete(session, other, own.id)
    with pytest.raises(NotFound):
        phrases.save(session, other, None, {"kind": "reason", "text": "考核优秀"}, clerk.held[0].organisation_id)
    phrases.delete(session, clerk, own.id)
    assert phrases.of(session, clerk) == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"kind": "return", "text": " "}, "请填写常用语的内容。"),
        ({"kind": "other", "text": "内容"}, "请选择常用语的用途。"),
        (
            {"kind": "return", "text": "请{某人}补传"},
            "“{某人}”不能自动填入，可以使用的有{申报人}、{申报职称}、{期限}。",
        ),
        ({"kind": "return", "text": "长" * 501}, "内容不超过500字，分节或项目不超过120字。"),
    ],
)
def test_what_a_phrase_cannot_be_is_said(session: Session, said: dict[str, str], message: str):
    clerk = grants(session, "jia", "unit_clerk", "甲院")
    with pytest.raises(Refused) as refusal:
        phrases.save(session, clerk, None, said, None)
    assert refusal.value.problems[0].message == message


def test_places_are_filled_and_unknown_ones_stay():
    words = {"申报人": "张林", "期限": "5个工作日"}
    assert phrases.filled(RETURN["text"], words) == "张林的证书不清晰，请在5个工作日内补传。"
    assert phrases.filled("｛申报人｝{别的}", words) == "张林{别的}"
