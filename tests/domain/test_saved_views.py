"""常用筛选: whose they are, with whom they are shared, and what is refused."""

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import organisations, people, permissions, saved_views
from app.domain.permissions import Grants
from app.errors import NotFound, Refused

LIST = "instances"


def officer(session: Session, account: str, role: str, body: int | None) -> Grants:
    person = people.register(session, account, account)
    held = people.grant(session, person.id, role, body)
    return permissions.grants_of(session, person.id, clock.now(session)).acting_as(held.id)


def names(session: Session, who: Grants) -> list[str]:
    return [each.name for each in saved_views.of(session, who, LIST)]


def test_a_view_is_its_owners_until_shared_with_a_role_of_his_body_or_by_who_sees_all(sqlite_database: Database):
    with sqlite_database.transaction() as session:
        here = organisations.create(session, "a", "甲局", "convening_organisation").id
        there = organisations.create(session, "b", "乙局", "convening_organisation").id
        own, colleague = (officer(session, each, "committee_office", here) for each in ("jia", "yi"))
        other, manager = officer(session, "bing", "committee_office", there), officer(session, "ding", "manager", None)
        kept = saved_views.save(session, own, LIST, " 逾期 ", "?overdue=3&page=2&q=&notice=n2")
        assert kept.query == "notice=n2&overdue=3"
        assert [names(session, who) for who in (own, colleague, other, manager)] == [["逾期"], [], [], []]
        saved_views.change(session, own, kept.id, "我局逾期", "committee_office")
        saved_views.save(session, manager, LIST, "异常", "incident=1", "committee_office")
        assert names(session, own) == ["我局逾期", "异常"]
        assert names(session, colleague) == ["异常", "我局逾期"]
        assert names(session, other) == ["异常"]
        assert names(session, own.acting_as(None)) == ["我局逾期"]
        assert saved_views.of(session, own, "inbox") == {}
        with pytest.raises(NotFound):
            saved_views.change(session, colleague, kept.id, "抢先", "")
        with pytest.raises(Refused, match="同一岗位"):
            saved_views.save(session, own, LIST, "给管理人员", "incident=1", "manager")
        saved_views.delete(session, own, kept.id)
        assert names(session, colleague) == ["异常"]


def test_saving_under_an_own_name_keeps_it_anew_and_what_is_wrong_is_said(sqlite_database: Database):
    with sqlite_database.transaction() as session:
        who = officer(session, "ding", "manager", None)
        first = saved_views.save(session, who, LIST, "异常", "incident=1")
        again = saved_views.save(session, who, LIST, "异常", "incident=1&columns=about")
        assert (again.id, again.query) == (first.id, "columns=about&incident=1")
        other = saved_views.save(session, who, LIST, "逾期", "overdue=1")
        for name, query, words in (
            ("", "q=x", "名称"),
            ("空", "page=3&q=", "先选择筛选条件"),
            ("长" * 41, "q=x", "40字"),
        ):
            with pytest.raises(Refused, match=words):
                saved_views.save(session, who, LIST, name, query)
        with pytest.raises(Refused, match="已有名为“异常”"):
            saved_views.change(session, who, other.id, "异常", "")
        for number in range(saved_views.MOST - 2):
            saved_views.save(session, who, LIST, f"第{number}个", "q=x")
        with pytest.raises(Refused, match="最多"):
            saved_views.save(session, who, LIST, "再一个", "q=x")
