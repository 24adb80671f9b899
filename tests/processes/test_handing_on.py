"""转办 and 委派: whose the task is after each step, who may do what with it meanwhile, and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import declarations, messages, organisations, people, permissions, substitutes, task_requests
from app.domain.inbox import lists
from app.domain.inbox.filters import Filters
from app.errors import AppError, NotAllowed, Refused, Suspended
from app.models.notification import Notification
from app.models.people import RoleGrant, Substitute
from app.models.process import Event, Task
from app.models.request import TaskRequest
from app.processes import (
    claims,
    delegations,
    leaving,
    moves,
    reassigning,
    signing,
    standing_down,
    suspensions,
    tasks,
    terminations,
    transfers,
    withdrawals,
)
from app.processes.tick import tick
from tests.support import clockwork
from tests.support.clockwork import CLERK, Freeze, Works, actor

COLLEAGUE, THIRD = "colleague.institute", "third.institute"


@pytest.fixture
def works(sqlite_database: Database, freeze: Freeze) -> Works:
    made = clockwork.build(sqlite_database, freeze)
    with sqlite_database.transaction() as session:
        body = organisations.by_key(session, clockwork.UNIT).id
        for account, name in ((COLLEAGUE, "周同事"), (THIRD, "吴同事")):
            people.grant(session, people.register(session, account, name).id, "unit_clerk", body)
    made.start("work")
    return made


def task(session: Session) -> Task:
    return session.scalars(select(Task).where(Task.status == "open")).one()


def who(session: Session, account: str) -> int:
    return actor(session, account).person_id


def holder(works: Works) -> str | None:
    with works.database.reading() as session:
        held = task(session).person_id
        return people.get(session, held).account if held is not None else None


def delegate(works: Works, by: str = CLERK, to: str = COLLEAGUE, reason: str = "请核对业绩") -> None:
    with works.database.transaction() as session:
        delegations.delegate(session, task(session).id, actor(session, by), who(session, to), reason=reason)


def transfer(works: Works, by: str = CLERK, to: str = COLLEAGUE) -> None:
    with works.database.transaction() as session:
        transfers.transfer(session, task(session).id, actor(session, by), who(session, to), reason="出差")


def todo(works: Works, account: str) -> int:
    with works.database.reading() as session:
        return lists.todo(session, actor(session, account).grants, Filters()).total


def events(works: Works) -> list[str]:
    return [row.kind for row in works.all(Event) if row.kind not in ("started", "waiting", "passed")]


def test_transferred_task_is_the_others_alone_and_does_not_come_back(works: Works) -> None:
    transfer(works)
    assert (holder(works), todo(works, CLERK), todo(works, COLLEAGUE)) == (COLLEAGUE, 0, 1)
    with pytest.raises(NotAllowed):
        works.complete("do")
    with pytest.raises(Refused, match="已将此事项转出，不能再转回"):
        transfer(works, by=COLLEAGUE, to=CLERK)
    transfer(works, by=COLLEAGUE, to=THIRD)
    with works.database.reading() as session:
        assert [(each.by, each.verb, each.to) for each in task_requests.chain(session, task(session).id)] == [
            ("白若溪", "转办", "周同事"),
            ("周同事", "转办", "吴同事"),
        ]
        told = session.scalars(select(Notification).where(Notification.template == "transferred")).all()
        assert [row.person_id for row in told] == [who(session, COLLEAGUE), who(session, THIRD)]
    works.complete("do", THIRD)
    assert events(works)[:3] == ["transferred", "transferred", "completed"]


def answer(works: Works, by: str = COLLEAGUE, opinion: str = "业绩属实") -> None:
    with works.database.transaction() as session:
        signing.answer(session, task(session).id, actor(session, by), agreed=None, opinion=opinion)


def test_delegated_task_comes_back_to_its_holder_who_alone_decides(works: Works) -> None:
    delegate(works)
    assert (holder(works), todo(works, CLERK), todo(works, COLLEAGUE)) == (COLLEAGUE, 0, 1)
    for by, said in ((COLLEAGUE, "不能代其办理"), (CLERK, "正在等待答复")):
        with pytest.raises(NotAllowed, match=said):
            works.complete("do", by)
        with pytest.raises(NotAllowed, match=said):
            transfer(works, by=by, to=THIRD)
        with pytest.raises(NotAllowed, match=said):
            delegate(works, by=by, to=THIRD)
    with works.database.transaction() as session:
        mine = actor(session, COLLEAGUE)
        assert claims.release_all(session, [task(session).id], mine) == []
        with pytest.raises(NotAllowed):
            tasks.unclaim(session, task(session).id, mine)
        with pytest.raises(NotAllowed):
            signing.answer(session, task(session).id, actor(session, CLERK), agreed=None, opinion="我自己答")
        with pytest.raises(Refused, match="请填写意见"):
            signing.answer(session, task(session).id, mine, agreed=None, opinion=" ")
    answer(works)
    assert (holder(works), todo(works, COLLEAGUE)) == (CLERK, 0)
    with works.database.reading() as session:
        assert permissions.may_see_task(session, actor(session, COLLEAGUE).grants, task(session))
        [link] = task_requests.chain(session, task(session).id)
        assert (link.by, link.to, link.state, link.row.opinion) == ("白若溪", "周同事", "已答复", "业绩属实")
    works.complete("do")
    assert events(works)[:3] == ["delegated", "delegation_answered", "completed"]


def test_whoever_asked_takes_it_back_before_it_is_answered(works: Works) -> None:
    delegate(works)
    with works.database.transaction() as session:
        asked = task(session).request_id
        assert asked is not None
        with pytest.raises(NotAllowed):
            withdrawals.withdraw(session, asked, actor(session, THIRD))
        withdrawals.withdraw(session, asked, actor(session, CLERK))
    assert holder(works) == CLERK
    with pytest.raises(AppError, match="已经答复"), works.database.transaction() as session:
        withdrawals.withdraw(session, asked, actor(session, CLERK))
    with works.database.reading() as session:
        assert [row.title for row in session.scalars(select(Notification).order_by(Notification.id))] == [
            "请您提出意见",
            "不再需要答复",
        ]
    works.complete("do")


@pytest.mark.parametrize("way", ["time", "message", "move"])
def test_nobody_is_left_with_a_request_about_a_task_that_is_gone(works: Works, way: str) -> None:
    delegate(works)
    if way == "time":
        works.at("2023-10-17 00:00")
        tick(works.database)
        assert works.open() == ["overdue", "told"]
    elif way == "message":
        with works.database.transaction() as session:
            messages.post(session, "stop", receiver_id=task(session).instance_id)
        tick(works.database)
    else:
        with works.database.transaction() as session:
            here = task(session)
            moves.move(session, here.instance_id, here.id, "overdue", reason="更正", person_id=1)
    [row] = works.all(TaskRequest)
    assert (row.status, row.ended_at is not None) == ("closed", True)
    assert todo(works, COLLEAGUE) == (0 if way == "message" else 2 if way == "time" else 1)  # as one of the post
    assert "request_closed" in events(works)


def test_nobody_is_asked_who_may_not_know_or_about_what_is_a_persons_own(works: Works) -> None:
    with pytest.raises(Refused) as refused:
        delegate(works, to=clockwork.APPLICANT, reason=" ")
    assert [each.message for each in refused.value.problems] == ["请填写原因。", "张林是本件申报人，不能参与办理。"]
    with pytest.raises(Refused, match="不在可以选择的人员之中"):
        transfer(works, to="liu.yang")
    with works.database.transaction() as session:
        task(session).role = "applicant"
        task(session).person_id = who(session, clockwork.APPLICANT)
    with pytest.raises(NotAllowed, match="本人办理"):
        delegate(works, by=clockwork.APPLICANT)


def test_a_manager_who_suspends_reassigns_or_terminates_leaves_no_request_behind(works: Works) -> None:
    delegate(works)
    with works.database.transaction() as session:
        about = {"reason": "复核", "person_id": who(session, THIRD)}
        instance_id = task(session).instance_id
        suspensions.suspend(session, instance_id, **about)
    with pytest.raises(Suspended, match="暂停办理"):
        answer(works)
    with works.database.transaction() as session:
        suspensions.resume(session, instance_id, **about)
        reassigning.reassign(session, task(session).id, to_person_id=who(session, THIRD), **about)
    assert (holder(works), todo(works, COLLEAGUE)) == (THIRD, 0)
    delegate(works, by=THIRD)
    with works.database.transaction() as session:
        declarations.get(session, works.declaration_id).instance_id = instance_id
        terminations.terminate(session, instance_id, **about)
    assert [row.status for row in works.all(TaskRequest)] == ["closed", "closed"]


def stand_in(works: Works, absent: str, substitute: str) -> None:
    """For a week from now."""
    with works.database.transaction() as session:
        post = select(RoleGrant).where(RoleGrant.person_id == who(session, absent), RoleGrant.role == "unit_clerk")
        term = (clock.now(session), clock.now(session) + timedelta(days=7))
        substitutes.name(session, session.scalars(post).one(), who(session, substitute), term, "休假")


def test_nobody_asks_himself_through_an_absent_colleague(works: Works) -> None:
    stand_in(works, COLLEAGUE, CLERK)
    for ask in (delegate, transfer):
        with pytest.raises(Refused, match="您正代周同事办理，请其办理的事项仍会由您代办"):
            ask(works)
    delegate(works, to=THIRD)
    stand_in(works, THIRD, CLERK)
    with works.database.transaction() as session, pytest.raises(NotAllowed, match="是您请吴同事答复的"):
        signing.answer(session, task(session).id, actor(session, CLERK), agreed=None, opinion="可以")
    with works.database.transaction() as session:
        signing.answer(session, task(session).id, actor(session, THIRD), agreed=None, opinion="可以")
    assert holder(works) == CLERK


@pytest.mark.parametrize("lost", ["closed", "left", "ended"])
def test_what_a_substitute_has_claimed_is_free_again_when_he_is_one_no_more(works: Works, lost: str) -> None:
    deputy = "head.institute"
    stand_in(works, CLERK, deputy)
    with works.database.transaction() as session:
        tasks.claim(session, task(session).id, actor(session, deputy))
        admin, stands = who(session, "admin"), session.scalars(select(Substitute)).one()
        grants = leaving.grants(session, stands.substitute_id)
        assert leaving.preview(session, stands.substitute_id, grants).standing == ["贺兰山代白若溪（单位职称管理员）"]
    assert todo(works, CLERK) == 0
    with works.database.transaction() as session:
        if lost == "closed":
            leaving.disable(session, stands.substitute_id, by=admin, reason="退休")
        elif lost == "left":
            leaving.end(session, grants[0].id, by=admin, reason="调离")
        else:
            assert standing_down.end(session, stands.id, stands.person_id) == 1
    assert (holder(works), todo(works, CLERK), todo(works, deputy)) == (None, 1, 0)
    told = [row.body for row in works.all(Notification) if row.template == "substitute_lost"]
    assert len(told) == (lost != "ended")
    assert all("其已认领的1件放回待认领" in each for each in told)
