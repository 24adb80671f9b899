"""退回 and 撤回: where to, what they leave behind, the way back, what they refuse with everything unchanged."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.scenarios import people as roles
from app.cli.scenarios.world import SqliteWorlds
from app.db import Database
from app.domain import declarations, organisations
from app.errors import Conflict, NotAllowed, Refused
from app.models.declaration import Declaration
from app.models.process import Event, ProcessInstance, Task, TaskReturn
from app.processes import returns, taking_back, tasks
from tests.engine import tiny
from tests.processes.test_work import at_once
from tests.support import clockwork, notices, soundness, walk
from tests.support.clockwork import CLERK, Freeze, Works

AT_DEPARTMENT = [{"play": "climb_to_recommended", "with": {"start": "2023-10-10", "close": "2023-10-17"}}]


@pytest.fixture(scope="module")
def worlds() -> Iterator[SqliteWorlds]:
    made = SqliteWorlds()
    yield made
    made.close()


def open_task(session: Session, element: str) -> Task:
    return session.scalars(select(Task).where(Task.element_id == element, Task.status == "open")).one()


def give_back(session: Session, element: str, kind: str, *, straight: bool = True) -> Task:
    task = open_task(session, element)
    to = next(each.task.id for each in returns.targets(session, task) if each.kind == kind)
    actor = roles.actor(session, task, None)
    return returns.give_back(session, task.id, actor, to, reason="请核对业绩", straight_back=straight)


def hand_in(session: Session, **changed: Any) -> None:
    task = open_task(session, "fill_form")
    shown = tasks.sheet(session, task.id).values
    tasks.complete(session, task.id, roles.actor(session, task, None), {**shown, **changed, "decision": "submit"})


@pytest.fixture
def at_department(worlds: SqliteWorlds) -> Iterator[tuple[Database, int]]:
    with worlds.fresh() as database:
        yield database, walk.play(database, AT_DEPARTMENT)


def test_targets_are_the_steps_that_the_case_passed_nearest_first(at_department: tuple[Database, int]) -> None:
    database, _ = at_department
    with database.reading() as session:
        words = [each.words for each in returns.targets(session, open_task(session, "dept_check"))]
    assert words == ["退回上一环节：单位审核", "退回申报人：填写申请书"]


def test_return_closes_what_it_leaves_and_says_who_from_where_and_why(at_department: tuple[Database, int]) -> None:
    database, declaration_id = at_department
    with database.transaction() as session:
        received = give_back(session, "dept_check", "applicant")
        assert (received.element_id, received.status, received.return_id) == ("fill_form", "open", 1)
    with database.reading() as session:
        assert soundness.faults(session) == []
        assert session.get_one(Declaration, declaration_id).status == "DRAFT"
        row = session.scalars(select(TaskReturn)).one()
        assert (row.from_name, row.to_name, row.reason, row.straight) == (
            "主管部门审核推荐",
            "填写申请书",
            "请核对业绩",
            True,
        )
        assert row.way == ["handling", "climb", "dept_check"]
        event = session.scalars(select(Event).where(Event.kind == "returned")).one()
        assert event.payload == {
            "from": "主管部门审核推荐",
            "to": "填写申请书",
            "reason": "请核对业绩",
            "straight": True,
        }
        done = session.get_one(Task, row.task_id)
        assert (done.status, done.decision, done.ended_by) == ("completed", "returned", row.person_id)


def test_mended_record_goes_straight_back_under_the_same_number(at_department: tuple[Database, int]) -> None:
    database, declaration_id = at_department
    with database.reading() as session:
        number = session.get_one(Declaration, declaration_id).number
    with database.transaction() as session:
        give_back(session, "dept_check", "applicant")
    with database.transaction() as session:
        hand_in(session)
    with database.reading() as session:
        task, declaration = open_task(session, "dept_check"), session.get_one(Declaration, declaration_id)
        assert (task.level, task.return_id) == ("department", None)
        assert (declaration.status, declaration.number) == ("AT_DEPT", number)
        assert session.scalars(select(TaskReturn)).one().answered_at is not None
        assert soundness.faults(session) == []


def test_nothing_unpublicised_comes_along_on_the_straight_way(at_department: tuple[Database, int]) -> None:
    database, declaration_id = at_department
    with database.transaction() as session:
        give_back(session, "dept_check", "applicant")
    with database.transaction() as session:
        rows = declarations.record_of(session.get_one(Declaration, declaration_id)).get("achievements") or []
    added = [*rows, {**rows[0], "_id": "new"}]
    with pytest.raises(Refused, match="未经公示，不得补报"), database.transaction() as session:
        hand_in(session, achievements=added)
    with database.reading() as session:
        assert open_task(session, "fill_form").return_id == 1


def test_another_title_has_to_climb_the_route_again(at_department: tuple[Database, int]) -> None:
    database, declaration_id = at_department
    with database.transaction() as session:
        give_back(session, "dept_check", "applicant")
        declaration = session.get_one(Declaration, declaration_id)
        declaration.route = {**declaration.route, "levels": {"unit": "unit_id"}}  # the table answered differently then
    with database.transaction() as session:
        hand_in(session)
    with database.reading() as session:
        assert open_task(session, "unit_check").return_id is None


def test_return_is_for_who_may_act_where_the_diagram_allows_it(at_department: tuple[Database, int]) -> None:
    database, _ = at_department
    with database.transaction() as session:
        task_id, stranger = open_task(session, "dept_check").id, clockwork.actor(session, CLERK)
        with pytest.raises(NotAllowed):
            returns.give_back(session, task_id, stranger, 1, reason="不行", straight_back=True)


def test_acceptance_returns_nothing_by_hand(worlds: SqliteWorlds) -> None:
    with worlds.fresh() as database:
        walk.play(database, [*AT_DEPARTMENT, {"complete": "dept_check", "with": {"decision": "pass"}}])
        with database.reading() as session:
            assert returns.targets(session, open_task(session, "committee_accept")) == []


# a called process that is over, then a fork: what a return may enter and what it may not leave
FORKED = tiny.document(
    tiny.process(
        "forked",
        tiny.start("fs")
        + tiny.user("fill", role="unit_clerk", organisation="{unit}")
        + tiny.call("signing", "signing", pre='level = "unit"')
        + tiny.user("check", role="unit_clerk", organisation="{unit}", returns="chosen previous", take_back="yes")
        + tiny.gateway("fork", "parallel")
        + tiny.user("left", role="unit_clerk", organisation="{unit}", returns="chosen")
        + tiny.user("right", role="unit_clerk", organisation="{unit}", take_back="yes")
        + tiny.gateway("joined", "parallel")
        + tiny.end("fe"),
        "fs>fill>signing>check>fork; fork>left>joined; fork>right>joined; joined>fe",
    )
)
SIGNING = tiny.document(
    tiny.process(
        "signing",
        tiny.start("gs")
        + tiny.user("sign", role="unit_clerk", organisation="{unit}", take_back="yes")
        + tiny.end("ge"),
        "gs>sign>ge",
    )
)


@pytest.fixture
def forked(database: Database, freeze: Freeze) -> Works:
    works = clockwork.build(database, freeze)
    with database.transaction() as session:
        unit = str(organisations.by_key(session, clockwork.UNIT).id).encode()
        files = {"forked.bpmn": FORKED.replace(b"{unit}", unit), "signing.bpmn": SIGNING.replace(b"{unit}", unit)}
        works.version_id = notices.publish(session, files).id
    works.start("forked")
    return works


def back(works: Works, element: str, name: str, *, straight: bool) -> None:
    with works.database.transaction() as session:
        task = open_task(session, element)
        to = next(each.task.id for each in returns.targets(session, task) if each.task.element_id == name)
        actor = clockwork.actor(session, CLERK)
        returns.give_back(session, task.id, actor, to, reason="重签", straight_back=straight)


def sound(works: Works) -> None:
    with works.database.reading() as session:
        assert soundness.faults(session) == []


def test_return_enters_a_called_process_that_is_over_and_comes_straight_back(forked: Works) -> None:
    forked.complete("fill")
    forked.complete("sign")
    back(forked, "check", "sign", straight=True)
    assert forked.open() == ["sign"]
    sound(forked)
    forked.complete("sign")
    assert forked.open() == ["check"]
    sound(forked)


def test_returns_of_returns_go_back_one_by_one(forked: Works) -> None:
    forked.complete("fill")
    forked.complete("sign")
    back(forked, "check", "fill", straight=True)
    with forked.database.transaction() as session:  # the receiver's step allows none: let it for once
        first = open_task(session, "fill")
        assert first.return_id is not None
    forked.complete("fill")
    assert forked.open() == ["check"]
    back(forked, "check", "sign", straight=False)
    forked.complete("sign")
    assert forked.open() == ["check"]
    sound(forked)


def test_return_out_of_a_parallel_branch_is_refused_and_changes_nothing(forked: Works) -> None:
    for element in ("fill", "sign", "check"):
        forked.complete(element)
    (before,) = forked.all(ProcessInstance)
    for name in ("check", "sign"):
        with pytest.raises(Refused, match="并行办理"):
            back(forked, "left", name, straight=True)
    (after,) = forked.all(ProcessInstance)
    assert (after.state, after.version, after.waits) == (before.state, before.version, before.waits)
    assert forked.open() == ["left", "right"]
    assert forked.all(TaskReturn) == []


def take_back(works: Works, element: str, account: str = CLERK) -> None:
    with works.database.transaction() as session:
        done = session.scalars(select(Task).where(Task.element_id == element).order_by(Task.id.desc())).first()
        assert done is not None
        taking_back.take_back(session, done.id, clockwork.actor(session, account))


def test_take_back_gives_the_task_to_who_took_it(forked: Works) -> None:
    forked.complete("fill")
    forked.complete("sign")
    take_back(forked, "sign")
    with forked.database.reading() as session:
        again = open_task(session, "sign")
        assert again.person_id == clockwork.actor(session, CLERK).person_id
        assert [each.kind for each in session.scalars(select(Event).where(Event.kind == "taken_back"))] == [
            "taken_back"
        ]
    sound(forked)
    forked.complete("sign")
    assert forked.open() == ["check"]


@pytest.mark.parametrize(("done", "element"), [(("fill",), "fill"), (("fill", "sign", "check"), "check")])
def test_take_back_is_refused_where_not_allowed_or_where_work_forked(forked: Works, done: Any, element: str) -> None:
    for each in done:
        forked.complete(each)
    with pytest.raises((NotAllowed, Refused), match=r"允许撤回的环节|没有直接交给下一环节"):
        take_back(forked, element)
    sound(forked)


def test_claim_and_take_back_at_once_one_of_them_wins(forked: Works) -> None:
    forked.complete("fill")
    forked.complete("sign")

    def claim() -> str:
        with forked.database.transaction() as session:
            wanted = select(Task.id).where(Task.element_id == "check", Task.status == "open")
            task_id = session.scalars(wanted).one_or_none()
            if task_id is None:
                raise Conflict
            tasks.claim(session, task_id, clockwork.actor(session, CLERK))
            return "claimed"

    def take() -> str:
        take_back(forked, "sign")
        return "taken"

    results = at_once(claim, take)
    won = [each for each in results if isinstance(each, str)]
    assert len(won) == 1, results
    assert all(isinstance(each, (Conflict, Refused, NotAllowed)) for each in results if not isinstance(each, str))
    assert forked.open() == (["check"] if won == ["claimed"] else ["sign"])
    sound(forked)
