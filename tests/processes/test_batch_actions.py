"""One action on many processes: what is left out, what has moved, two managers at once, a worker that dies."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import declarations, organisations, people
from app.errors import Conflict, NotAllowed, NotFound, Refused
from app.models.batch_action import BatchAction, BatchItem
from app.models.declaration import Declaration
from app.models.notification import Notification
from app.models.people import Person, RoleGrant
from app.models.process import Event, Incident, Task
from app.processes import instances, suspensions, tasks, urging
from app.processes.batch import actions, performing, planning, sheets
from app.processes.batch import reassigning as batch_reassigning
from app.processes.tick import tick
from tests.processes.test_timers import amend
from tests.support import clockwork
from tests.support.clockwork import Freeze, Works

APPLICANTS = ("zhang.lin", "zhou.wen", "li.yue")
URGED = "本件已于2023年10月9日09:00催办，每个工作日只能催办一次。"


@pytest.fixture
def works(sqlite_database: Database, freeze: Freeze) -> Works:
    return clockwork.build(sqlite_database, freeze)


def cases(works: Works, process: str = "asks") -> list[int]:
    """A process for each of three applicants; the ids of their instances."""
    made = []
    about = {"notice_version_id": works.version_id}
    with works.database.transaction() as session:
        for account in APPLICANTS:
            person = people.by_account(session, account)
            assert person is not None
            file = declarations.start_declaration(session, person.id, 1, works.version_id, {"name": account})
            made.append(instances.start(session, process, declaration_id=file.id, **about).id)
    return made


def plan(works: Works, code: str, ids: Sequence[int], account: str = "manager") -> int:
    with works.database.transaction() as session:
        grants = clockwork.actor(session, account).grants
        return planning.plan(session, code, grants, planning.Selection(ids, len(ids))).id


def start(works: Works, batch: int, reason: str = "", account: str = "manager") -> None:
    with works.database.transaction() as session:
        planning.start(session, batch, clockwork.actor(session, account).grants, reason)


def told(works: Works, batch: int) -> list[tuple[str, str]]:
    """Outcome and reason of each item."""
    with works.database.reading() as session:
        return [(each.outcome, each.reason) for each in sheets.lines(session, batch)]


def urge(session: Session, instance_id: int) -> None:
    file = session.scalars(select(Declaration).where(Declaration.instance_id == instance_id)).one()
    urging.urge(session, file, clockwork.actor(session, "admin").person_id)


def go_on(works: Works, instance_id: int) -> None:
    with works.database.transaction() as session:
        task = session.scalars(select(Task).where(Task.instance_id == instance_id)).one()
        tasks.complete(session, task.id, clockwork.actor(session, clockwork.CLERK), {})


def events(works: Works) -> list[Event]:
    return [row for row in works.all(Event) if row.kind == performing.EVENT]


def test_each_is_done_left_out_or_has_moved(works: Works) -> None:
    first, moved, before = cases(works)
    with works.database.transaction() as session:
        urge(session, before)
    batch = plan(works, "remind", [first, moved, before, 999])
    assert told(works, batch) == [("pending", ""), ("pending", ""), ("skipped", URGED)]
    assert performing.take_up(works.database) == 0
    go_on(works, moved)
    start(works, batch, "年底清理")
    tick(works.database)
    assert told(works, batch) == [("done", ""), ("skipped", actions.MOVED), ("skipped", URGED)]
    (manager,) = (row for row in works.all(Person) if row.account == "manager")
    said = {"batch": batch, "action": "催办", "reason": "年底清理"}
    assert [(row.instance_id, row.person_id, row.said) for row in events(works)] == [(first, manager.id, said)]
    reminded = [row for row in works.all(Notification) if row.instance_id == first]
    assert [row.body for row in reminded] == [f"{manager.name}催办：first。"] * len(reminded) != []
    with works.database.reading() as session:
        found = sheets.sheet(session, batch, clockwork.actor(session, "admin").grants)
    assert (found.batch.state, found.author, found.counts["done"]) == ("ended", manager.name, 1)
    with pytest.raises(Conflict):
        start(works, batch)


def test_two_managers_at_once_remind_once(works: Works) -> None:
    ids = cases(works)
    mine, other = plan(works, "remind", ids), plan(works, "remind", ids, "admin")
    with pytest.raises(Refused):
        start(works, other)  # another's plan
    start(works, mine)
    start(works, other, account="admin")
    tick(works.database)
    assert told(works, mine) == [("done", "")] * 3
    assert told(works, other) == [("skipped", URGED)] * 3


def test_worker_that_dies_loses_and_repeats_nothing(works: Works) -> None:
    ids = cases(works)
    batch = plan(works, "remind", ids)
    start(works, batch)
    with works.database.transaction() as session:
        leased = performing._lease(session, batch, "dead")
    performing._perform(works.database, leased[0], "dead")
    assert performing.take_up(works.database) == 0  # the others are still his
    with works.database.transaction() as session:
        clock.hold(session, clock.now(session) + performing.LEASE + timedelta(seconds=1))
        assert len(performing._lease(session, batch, "alive")) == 2
    performing._perform(works.database, leased[1], "dead")  # he was only slow: what he does is not counted, nor done
    assert [outcome for outcome, _ in told(works, batch)] == ["done", "pending", "pending"]
    assert len(events(works)) == 1
    for item in leased[1:]:
        performing._perform(works.database, item, "alive")
    performing.take_up(works.database)
    assert [outcome for outcome, _ in told(works, batch)] == ["done"] * 3
    assert len(events(works)) == len([row for row in works.all(Event) if row.kind == urging.KIND]) == 3


def test_cancelled_leaves_the_rest_and_a_lost_post_fails(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performing, "AT_ONCE", 1)
    ids = cases(works)
    batch = plan(works, "remind", ids)
    start(works, batch)
    performing.take_up(works.database)
    with works.database.transaction() as session:
        planning.cancel(session, batch, clockwork.actor(session, "admin").grants)
    tick(works.database)
    assert told(works, batch) == [("done", ""), *[("cancelled", planning.CANCELLED)] * 2]
    again = plan(works, "remind", ids)
    start(works, again)
    with works.database.transaction() as session:
        manager = people.by_account(session, "manager")
        assert manager is not None
        for grant in session.scalars(select(RoleGrant).where(RoleGrant.person_id == manager.id)):
            people.revoke(session, grant.id)
    tick(works.database)
    assert told(works, again)[1:] == [("failed", performing.NO_POST)] * 2


def test_only_who_oversees_plans_and_looks(works: Works) -> None:
    ids = cases(works)
    with pytest.raises(NotAllowed):
        plan(works, "remind", ids, clockwork.CLERK)
    with pytest.raises(NotAllowed):
        plan(works, "retry", [1], "committee")
    with pytest.raises(Refused):
        plan(works, "remind", ids, "committee")  # no file of its own among them
    with pytest.raises(NotFound):
        plan(works, "burn", ids)
    batch = plan(works, "remind", ids)
    with works.database.reading() as session, pytest.raises(NotFound):
        planning.get(session, batch, clockwork.actor(session, "committee").grants)


def test_suspended_resumed_and_terminated_with_a_reason(works: Works) -> None:
    first, second, third = cases(works)
    with works.database.transaction() as session:
        by = clockwork.actor(session, "admin").person_id
        suspensions.suspend(session, first, reason="核查", person_id=by)
    for code, done in (("suspend", [second, third]), ("resume", [first, second, third]), ("terminate", [first])):
        batch = plan(works, code, [first, second, third] if code != "terminate" else [first])
        with pytest.raises(Refused):
            start(works, batch, "  ")
        start(works, batch, "统一处理")
        tick(works.database)
        assert [outcome for outcome, _ in told(works, batch)].count("done") == len(done)
        assert [each.instance_id for each in events(works)][-len(done) :] == done
    assert [works.instance(each).status for each in (first, second, third)] == ["ended", "running", "running"]
    assert [said for said, _ in told(works, plan(works, "resume", [first, second]))] == ["skipped"] * 2


def test_reassigned_to_whom_the_author_says(works: Works) -> None:
    ids = cases(works)
    batch, other = plan(works, "reassign", ids), plan(works, "reassign", ids, "admin")
    with works.database.reading() as session:
        offered = batch_reassigning.receivers(session, planning.items_of(session, batch), "集团")
        (body,) = (each for each in offered if each.body_id == organisations.by_key(session, "cq_state_enterprise").id)
        clerk, institute = people.by_account(session, "clerk.enterprise"), organisations.by_key(session, clockwork.UNIT)
    assert clerk is not None
    assert body.people == [(clerk.id, clerk.name)]
    with pytest.raises(Refused):
        start(works, batch, "该单位人手不足")  # to nobody
    for which, account, to in ((batch, "manager", f"{institute.id}-{clerk.id}"), (other, "admin", f"{body.body_id}-")):
        with works.database.transaction() as session:
            planning.address(session, which, clockwork.actor(session, account).grants, to)
    assert [outcome for outcome, _ in told(works, batch)] == ["skipped"] * 3  # no post of his there
    with works.database.transaction() as session:
        planning.address(session, batch, clockwork.actor(session, "manager").grants, f"{body.body_id}-{clerk.id}")
    start(works, batch, "该单位人手不足")
    start(works, other, "同上", "admin")
    tick(works.database)
    assert told(works, batch) == [("done", "")] * 3
    assert told(works, other) == [("skipped", actions.MOVED)] * 3
    assert {(row.organisation_id, row.person_id) for row in works.all(Task)} == {(body.body_id, clerk.id)}


@pytest.mark.parametrize(("office", "meant"), [("数智", True), ("集团", False)])
def test_only_the_tasks_of_the_named_office_are_reassigned(works: Works, office: str, meant: bool) -> None:
    ids = cases(works)
    chosen = planning.Selection(ids, len(ids), said={"office": office})
    with works.database.transaction() as session:
        batch = planning.plan(session, "reassign", clockwork.actor(session, "manager").grants, chosen)
        assert [each.task_id is not None for each in planning.items_of(session, batch.id)] == [meant] * 3


def test_incidents_are_retried_each_for_itself(works: Works) -> None:
    works.start("ticks")
    works.at("2023-10-12 00:00:01")
    tick(works.database)
    (incident,) = works.all(Incident)
    with works.database.transaction() as session:
        session.add(Incident(instance_id=1, kind="nobody", reason="无人", at=incident.at))
    batch = plan(works, "retry", [incident.id, incident.id + 1])
    assert [outcome for outcome, _ in told(works, batch)] == ["pending", "skipped"]
    start(works, batch)
    tick(works.database)
    assert told(works, batch)[0][0] == "failed"
    assert [(row.status, row.attempts) for row in works.all(Incident)] == [("open", 2), ("open", 1)]
    amend(works, {"divisor": {"value": 1, "clause": "虚构 §二"}})
    again = plan(works, "retry", [incident.id])
    start(works, again)
    tick(works.database)
    assert told(works, again) == [("done", "")]
    assert works.open() == ["shared"]
    late = plan(works, "retry", [incident.id])
    assert told(works, late)[0][0] == "skipped"


def test_list_of_those_there_were(works: Works) -> None:
    ids = cases(works)
    first, second = plan(works, "remind", ids), plan(works, "remind", ids, "admin")
    start(works, first)
    with works.database.reading() as session:
        grants = clockwork.actor(session, "admin").grants

        def listed(**said: str) -> list[int]:
            return [each.batch.id for each in sheets.listing(session, grants, said)[0]]

        assert listed() == [second, first]
        assert listed(state="running") == [first]
        assert listed(author=str(grants.person_id)) == [second]
        assert listed(action="retry") == listed(since="2023-10-10") == []
        assert listed(until="2023-10-09") == listed(since="2023-10-09") == [second, first]
        assert {row.id: row.state for row in session.scalars(select(BatchAction))} == {
            first: "running",
            second: "planned",
        }
        assert {row.stood != [] for row in session.scalars(select(BatchItem))} == {True}
