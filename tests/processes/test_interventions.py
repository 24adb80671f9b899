"""挂起, 恢复, 终止 and 改派: what stands still, what waits, what goes on, and what two managers at once are told."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain import batches, messages, people
from app.errors import Conflict, NotAllowed, NotFound, Refused, Suspended
from app.models.declaration import Declaration
from app.models.notification import Notification
from app.models.people import RoleGrant
from app.models.process import Deadline, Event, Task
from app.models.recommendation import UnitBatch
from app.processes import interventions, moves, reassigning, suspensions, tasks, terminations, timeline
from app.processes.tick import tick
from tests.support import cases, clockwork
from tests.support.clockwork import APPLICANT, CLERK, Freeze, Works

MANAGER, OTHER = "manager", "clerk.enterprise"
Act = Callable[..., Any]


@pytest.fixture
def works(sqlite_database: Database, freeze: Freeze) -> Works:
    return clockwork.build(sqlite_database, freeze)


def person(session: Session, account: str) -> int:
    found = people.by_account(session, account)
    assert found is not None
    return found.id


def act(works: Works, action: Act, instance_id: int, reason: str = "核实举报", **more: Any) -> Any:
    with works.database.transaction() as session:
        return action(session, instance_id, reason=reason, person_id=person(session, MANAGER), **more)


def told(works: Works, account: str) -> list[str]:
    with works.database.reading() as session:
        wanted = select(Notification.template).where(Notification.person_id == person(session, account))
        return list(session.scalars(wanted.order_by(Notification.id)))


def test_suspended_instance_stands_still_and_keeps_what_people_wrote(works: Works) -> None:
    made = works.start("work")
    works.at("2023-10-10 09:00:00")
    act(works, suspensions.suspend, made)
    assert works.timers() == {"warned": None, "late": None}
    assert (told(works, CLERK), told(works, APPLICANT)) == (["suspended"], ["suspended"])
    works.at("2023-11-20 09:00:00")
    assert tick(works.database) == 0
    with pytest.raises(Suspended, match="自2023年10月10日09:00起暂停办理，原因：核实举报"):
        works.complete("do")
    task = works.all(Task)[0]
    with works.database.transaction() as session, pytest.raises(Suspended):
        moves.move(session, made, task.id, "overdue", reason="移动", person_id=1)
    with pytest.raises(Conflict, match="暂停办理"):
        act(works, suspensions.suspend, made)
    assert (works.open(), works.instance(made).status) == (["do"], "suspended")


def test_resumed_clocks_have_the_days_they_had_left(works: Works) -> None:
    made = works.start("work")
    works.at("2023-10-11 10:00:00")
    act(works, suspensions.suspend, made)
    works.at("2023-10-18 10:00:00")
    act(works, suspensions.resume, made, "已核清")
    # of five working days two had passed when it stopped on the third; the third to the fifth follow from the 18th on
    assert works.timers() == {"warned": "2023-10-19 00:00:00", "late": "2023-10-24 00:00:00"}
    assert told(works, CLERK) == ["suspended", "resumed"]
    works.complete("do")
    assert works.instance(made).status == "ended"
    with works.database.reading() as session:
        lines = [(each.title, each.note) for each in timeline.of_instance(session, works.instance(made))]
    assert [each for each in lines if each[1]] == [("挂起", "核实举报"), ("恢复办理", "已核清")]
    with pytest.raises(Conflict, match="已经办结"):
        act(works, suspensions.resume, made)


def test_what_fell_due_while_it_stood_still_comes_in_its_order(works: Works) -> None:
    """A window does not move: its end, passed meanwhile, comes before the message that was sent after it."""
    made, asking = works.start("closing"), works.start("asks")
    works.complete("first")
    act(works, suspensions.suspend, made)
    act(works, suspensions.suspend, asking)
    works.at("2023-11-06 09:00:00")
    with works.database.transaction() as session:
        early = messages.post(session, "answer", receiver_id=asking)
        early.expires_at = early.sent_at  # over while nobody could take it
    works.at("2023-11-07 09:00:00")
    assert (tick(works.database), works.messages()) == (0, [("answer", "pending")])
    act(works, suspensions.resume, asking)
    act(works, suspensions.resume, made)
    tick(works.database)
    assert (works.open(), works.messages()) == (["after", "last"], [("answer", "delivered")])


def test_timer_due_before_a_message_was_sent_comes_first(works: Works) -> None:
    made = works.start("work")
    with works.database.transaction() as session:
        session.scalars(select(Deadline).where(Deadline.element_id == "late")).one().rule = ""
    act(works, suspensions.suspend, made)
    works.at("2023-10-18 09:00:00")
    with works.database.transaction() as session:
        messages.post(session, "stop", receiver_id=made)
    act(works, suspensions.resume, made)
    tick(works.database)
    assert "overdue" in works.open()


def test_terminated_instance_leaves_nothing_that_waits(works: Works) -> None:
    own, other = works.start("work"), works.start("asks")
    with works.database.transaction() as session:
        messages.post(session, "stop", receiver_id=own)
    with pytest.raises(Refused, match="须办出结果"):
        act(works, terminations.terminate, other)
    ended = act(works, terminations.terminate, own, "弄虚作假已查实")
    assert [each.id for each in ended] == [own, other]
    assert (works.open(), works.waking()) == ([], [])
    assert all(closed for _, closed in works.deadlines().values())
    works.at("2023-12-01 09:00:00")
    tick(works.database)
    assert works.messages() == [("stop", "unhandled")]
    one = works.instance(own)
    assert (one.status, one.ended_by is not None, one.waits) == ("ended", True, {})
    with works.database.reading() as session:
        declaration = session.get_one(Declaration, works.declaration_id)
        assert (declaration.ended_as, declaration.year_slot) == ("TERMINATED", None)
    assert "terminated" in told(works, APPLICANT)
    for action in (terminations.terminate, suspensions.suspend):
        with pytest.raises(Conflict, match="已经办结"):
            act(works, action, own)


def test_terminated_name_leaves_its_batch_and_a_terminated_batch_hands_its_names_on(
    sqlite_database: Database, freeze: Freeze
) -> None:
    with sqlite_database.transaction() as session:
        freeze(session, clockwork.MONDAY)
        season = cases.season(session)
        jia, yi = cases.submitted(season, "jia"), cases.submitted(season, "yi")
        batch = cases.recommended(season, jia, yi)
        by = {"reason": "单位申请", "person_id": season.people["bing"]}
        assert jia.instance_id is not None
        terminations.terminate(session, jia.instance_id, **by)
        session.info.clear()  # as the next request reads
        assert [line.declaration.id for line in batches.lines(session, batch.id)] == [yi.id]
        assert batch.instance_id is not None
        terminations.terminate(session, batch.instance_id, **by)
        session.info.clear()
        fresh = session.get_one(UnitBatch, yi.batch_id)
        assert (fresh.id != batch.id, fresh.phase, batch.phase) == (True, "collecting", "closed")
        assert [line.declaration.id for line in batches.lines(session, fresh.id)] == [yi.id]
        assert (yi.status, jia.status) == ("UNIT_CHECKED", "TERMINATED")
        alone = cases.instance(season, "review_session", subject={"session_id": 1})
        with pytest.raises(Refused, match="须办出结果"):
            terminations.terminate(session, alone.id, **by)


def test_reassigned_task_goes_with_its_draft_to_whoever_holds_the_post(works: Works) -> None:
    works.start("work")
    with works.database.transaction() as session:
        task = session.scalars(select(Task)).one()
        other, clerk = person(session, APPLICANT), person(session, CLERK)
        tasks.claim(session, task.id, clockwork.actor(session, CLERK))
        tasks.put_draft(task, {"note": "写了一半"})
        token, elsewhere = task.draft_token, person(session, OTHER)
        body = session.scalars(select(RoleGrant.organisation_id).where(RoleGrant.person_id == elsewhere)).first()
        by = {"reason": "岗位调整。", "person_id": person(session, MANAGER)}
        for wrong, words in (({"to_person_id": other}, "不能办理此事项"), ({"to_person_id": clerk}, "无须改派")):
            with pytest.raises(Refused, match=words):
                reassigning.reassign(session, task.id, **wrong, **by)
        with pytest.raises(NotFound):
            reassigning.reassign(session, 999, to_person_id=clerk, **by)
        reassigning.reassign(session, task.id, to_person_id=elsewhere, to_organisation_id=body, **by)
        assert (task.person_id, task.organisation_id, task.draft) == (elsewhere, body, {"note": "写了一半"})
        assert task.draft_token != token
    with works.database.transaction() as session, pytest.raises(NotAllowed):
        tasks.complete(session, task.id, clockwork.actor(session, CLERK), {})
    assert (told(works, CLERK), told(works, OTHER)) == (["reassigned_away"], ["reassigned"])
    works.complete("do", OTHER)
    with works.database.transaction() as session, pytest.raises(Conflict):
        reassigning.reassign(session, task.id, to_person_id=clerk, **by)
    said = next(each for each in works.all(Event) if each.kind == "reassigned").said
    assert (said["task"], said["from"] != said["to"], said["reason"]) == ("do", True, "岗位调整。")


def test_personal_task_is_not_reassigned(works: Works) -> None:
    works.start("personal")
    with works.database.transaction() as session, pytest.raises(Refused, match="由本人办理"):
        reassigning.reassign(session, works.all(Task)[0].id, to_person_id=1, reason="换人", person_id=1)


def test_second_manager_reads_what_the_first_did(works: Works) -> None:
    made = works.start("work")
    seen = works.instance(made).history_number
    act(works, suspensions.suspend, made)
    with works.database.transaction() as session:
        interventions.require_seen(session, made, seen + 1)
        with pytest.raises(Refused, match=r"2023年10月9日09:00挂起（核实举报）。您填写的内容已保留") as refused:
            interventions.require_seen(session, made, seen)
    assert refused.value.problems[0].code == "stale"
    with pytest.raises(Refused, match="请填写原因"):
        act(works, terminations.terminate, made, "  ")
