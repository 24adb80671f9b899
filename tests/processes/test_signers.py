"""加签 and 抄送: who is asked in which order, when a decision takes effect, and what a refusal leads to."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from app.domain import permissions, task_requests
from app.domain.inbox import beside
from app.domain.inbox import lists as inbox
from app.domain.inbox.filters import Filters
from app.domain.task_requests import AFTER, BEFORE
from app.errors import Conflict, NotAllowed, Refused
from app.models.process import Event, Task
from app.models.request import TaskRequest
from app.processes import copies, signers, signing, tasks, withdrawals
from tests.processes.test_handing_on import COLLEAGUE, THIRD, delegate, events, holder, task, todo, transfer, who, works
from tests.support.clockwork import CLERK, Works, actor

__all__ = ["works"]


def add(works: Works, when: str, *to: str, by: str = CLERK, reason: str = "请会签") -> None:
    with works.database.transaction() as session:
        asked = [who(session, each) for each in to]
        signers.add(session, task(session).id, actor(session, by), asked, when=when, reason=reason)


def sign(works: Works, by: str, agreed: bool | None = True, opinion: str = "") -> None:
    with works.database.transaction() as session:
        signing.answer(session, task(session).id, actor(session, by), agreed=agreed, opinion=opinion)


def states(works: Works) -> list[str]:
    with works.database.reading() as session:
        return [f"{each.to} {each.state}" for each in task_requests.chain(session, works.all(Task)[0].id)]


def drop(works: Works, account: str, by: str = CLERK) -> None:
    with works.database.transaction() as session:
        live = (TaskRequest.to_person_id == who(session, account)) & TaskRequest.status.in_(("open", "planned"))
        asked = session.scalars(select(TaskRequest.id).where(live)).one()
        withdrawals.withdraw(session, asked, actor(session, by))


def refusing(works: Works, *accounts: str) -> None:
    """None of them may do the task now."""
    for account in accounts:
        with pytest.raises(NotAllowed):
            works.complete("do", account)


def test_signers_before_the_decision_are_asked_in_their_order(works: Works) -> None:
    add(works, BEFORE, THIRD, COLLEAGUE)
    assert (holder(works), todo(works, COLLEAGUE)) == (THIRD, 0)
    refusing(works, CLERK, THIRD, COLLEAGUE)
    with pytest.raises(Refused, match="请选择同意或者不同意"):
        sign(works, THIRD, None)
    sign(works, THIRD)
    assert holder(works) == COLLEAGUE
    with pytest.raises(NotAllowed):
        sign(works, THIRD)
    sign(works, COLLEAGUE, opinion="材料齐全")
    assert (holder(works), states(works)) == (CLERK, ["吴同事 同意", "周同事 同意"])
    works.complete("do")


def test_who_refuses_before_the_decision_sends_it_home_with_his_reason(works: Works) -> None:
    add(works, BEFORE, THIRD, COLLEAGUE)
    with pytest.raises(Refused, match="请填写理由"):
        sign(works, THIRD, agreed=False)
    sign(works, THIRD, agreed=False, opinion="缺验收报告")
    assert (holder(works), states(works)) == (CLERK, ["吴同事 不同意", "周同事 已终止"])
    works.complete("do")


def test_decision_takes_effect_when_all_signers_after_it_agree(works: Works) -> None:
    add(works, AFTER, THIRD, COLLEAGUE)
    assert holder(works) == CLERK
    works.complete("do")
    assert (holder(works), works.open()) == (THIRD, ["do"])
    refusing(works, CLERK, THIRD)
    sign(works, THIRD)
    assert (holder(works), works.open()) == (COLLEAGUE, ["do"])
    sign(works, COLLEAGUE)
    assert works.open() == []
    done = works.all(Task)[0]
    with works.database.reading() as session:
        assert (done.status, done.ended_by) == ("completed", who(session, CLERK))
    assert events(works)[:5] == ["sign_asked", "decided", "signed", "signed", "completed"]
    by = [row.person_id for row in works.all(Event) if row.kind == "completed"]
    assert by == [done.ended_by]


def test_refused_decision_comes_back_and_the_next_one_is_signed_anew(works: Works) -> None:
    add(works, AFTER, THIRD, COLLEAGUE)
    works.complete("do")
    sign(works, THIRD)
    sign(works, COLLEAGUE, agreed=False, opinion="业绩不实")
    assert (holder(works), works.open()) == (CLERK, ["do"])
    assert states(works)[:2] == ["吴同事 同意（决定已另作）", "周同事 不同意（决定已另作）"]
    works.complete("do")
    assert holder(works) == THIRD
    sign(works, THIRD)
    assert holder(works) == COLLEAGUE
    drop(works, COLLEAGUE)
    assert (holder(works), works.open()) == (CLERK, ["do"])
    works.complete("do")
    assert works.open() == []


def test_signer_is_taken_back_until_he_has_answered(works: Works) -> None:
    add(works, BEFORE, THIRD, COLLEAGUE)
    with pytest.raises(NotAllowed):
        drop(works, COLLEAGUE, by=THIRD)
    drop(works, THIRD)
    assert holder(works) == COLLEAGUE
    sign(works, COLLEAGUE)
    with works.database.transaction() as session:
        answered = session.scalars(select(TaskRequest.id).where(TaskRequest.status == "done")).one()
        with pytest.raises(Conflict, match="已经答复"):
            withdrawals.withdraw(session, answered, actor(session, CLERK))
    add(works, AFTER, THIRD)
    drop(works, THIRD)
    works.complete("do")
    assert works.open() == []


def test_signers_after_stay_when_the_task_is_transferred_and_bind_its_new_holder(works: Works) -> None:
    add(works, AFTER, THIRD)
    transfer(works)
    works.complete("do", COLLEAGUE)
    assert holder(works) == THIRD
    sign(works, THIRD, agreed=False, opinion="请再核")
    assert holder(works) == COLLEAGUE


def test_nobody_is_added_twice_or_without_reason(works: Works) -> None:
    for said, to in (("只能加签一次", (THIRD, THIRD)), ("请选择人员", ()), ("不在可以选择", ("liu.yang",))):
        with pytest.raises(Refused, match=said):
            add(works, BEFORE, *to)
    with pytest.raises(Refused, match="请选择在您办理之前还是之后"):
        add(works, "never", THIRD)
    add(works, AFTER, THIRD)
    with pytest.raises(Refused, match="不在可以选择"):
        add(works, BEFORE, THIRD)
    delegate(works)
    with pytest.raises(NotAllowed):
        add(works, BEFORE, THIRD, by=COLLEAGUE)


def test_same_page_sent_twice_is_one_decision(works: Works) -> None:
    add(works, AFTER, THIRD)
    for _ in range(2):
        with works.database.transaction() as session:
            sender = actor(session, CLERK)
            tasks.complete(session, task(session).id, tasks.Actor(sender.person_id, sender.grants, "key"), {})
    assert holder(works) == THIRD


def send(works: Works, to: Sequence[str], note: str = "请知悉") -> None:
    with works.database.transaction() as session:
        readers = [who(session, each) for each in to]
        copies.send(session, task(session).id, actor(session, CLERK), readers, note=note)


def test_copies_are_read_once_and_ask_for_nothing(works: Works) -> None:
    send(works, [THIRD, COLLEAGUE])
    assert holder(works) is None
    with pytest.raises(Refused, match="不在可以选择"):
        send(works, [THIRD])
    with works.database.transaction() as session:
        reader = who(session, THIRD)
        [line], total = beside.copies(session, permissions.grants_of(session, reader), Filters())
        assert (total, line.other, line.words, line.read_at) == (1, "白若溪", "请知悉", None)
        assert inbox.counts(session, permissions.grants_of(session, reader))["unread"] == 1
        copies.mark_read(session, task(session).id, reader)
    with works.database.reading() as session:
        assert [each.row.read_at is not None for each in copies.readers(session, task(session).id)] == [True, False]
        assert inbox.counts(session, permissions.grants_of(session, reader))["unread"] == 0
    works.complete("do")
