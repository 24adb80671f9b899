"""A publicity whose content changes is ended and shown anew for its whole period; what was shown stays as evidence."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import (
    batch_lists,
    batch_phases,
    batches,
    declarations,
    levels,
    objections,
    publicity,
    publicity_access,
    publicity_content,
    publicity_rounds,
    publicity_samples,
)
from app.errors import NotFound, Refused
from app.models.declaration import Declaration
from app.models.process import Message
from app.models.recommendation import Publicity, PublicitySample, Snapshot, UnitBatch
from tests.domain.test_publicity import PLAN
from tests.support.cases import Season, recommended, record, season, submitted

Freeze = Callable[[Session, str], object]
REASON = "论文刊期有误"


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-18 09:00:00")
        yield season(session)


def shown_to(at_work: Season, *names: Declaration) -> Publicity:
    batch = recommended(at_work, *names)
    return begin(at_work, batch)


def begin(at_work: Season, batch: UnitBatch, plan: publicity.Plan = PLAN) -> Publicity:
    found = publicity.start(at_work.session, batch, at_work.actor("clerk", "institute"), plan)
    at_work.session.flush()
    return found


def end(at_work: Season, shown: Publicity, *names: Declaration, reason: str = REASON) -> Publicity:
    batch = batches.get(at_work.session, shown.batch_id)
    actor = at_work.actor("clerk", "institute")
    return publicity_rounds.supersede(at_work.session, batch, actor, reason, [name.id for name in names])


def test_a_restart_on_the_third_day_counts_five_days_anew(at_work: Season, freeze: Freeze) -> None:
    name, other = submitted(at_work), submitted(at_work, "yi")
    first = shown_to(at_work, name, other)
    batch = batches.get(at_work.session, first.batch_id)
    freeze(at_work.session, "2023-10-20 10:00:00")

    end(at_work, first)
    second = begin(at_work, batch)

    assert (first.last_day, second.last_day) == (date(2023, 10, 24), date(2023, 10, 26))
    assert (second.round, second.access_code) == (2, first.access_code)
    period = publicity.period(at_work.session, second)
    assert (period.number, period.total) == (1, 5)
    before = publicity.period(at_work.session, first)
    assert (before.number, before.last_day) == (3, date(2023, 10, 24))
    assert publicity_rounds.of_batch(at_work.session, batch.id) is second
    assert list(batch_lists.publicities(at_work.session, [batch.id]).values()) == [second]
    assert [each.id for each in publicity_rounds.all_of(at_work.session, batch.id)] == [first.id, second.id]


def test_names_and_batch_are_told_and_the_named_are_checked_again_first(at_work: Season) -> None:
    name, other = submitted(at_work), submitted(at_work, "yi")
    first = shown_to(at_work, name, other)
    batch = batches.get(at_work.session, first.batch_id)

    end(at_work, first, name)

    sent = {(row.name, row.receiver_id) for row in at_work.session.scalars(select(Message)) if row.starts is None}
    assert sent == {("publicity_correction", name.instance_id), ("publicity_changed", batch.instance_id)}
    assert (name.status, other.status, batch.phase) == ("UNIT_CHECKED", "UNIT_CHECKED", "decided")
    entries = batch_lists.entries(at_work.session, batch.id)
    assert {each.declaration_id: each.outcome for each in entries} == {name.id: "公示内容更正中", other.id: ""}
    with pytest.raises(Refused, match=r"张一的申报材料正在更正，单位重新审核通过后才能重新公示"):
        begin(at_work, batch)
    publicity_rounds.rejoin(at_work.session, name)
    assert begin(at_work, batch).round == 2


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_restart_needs_a_reason(at_work: Season, reason: str) -> None:
    first = shown_to(at_work, submitted(at_work))

    with pytest.raises(Refused, match="请写明"):
        end(at_work, first, reason=reason)

    assert first.superseded_at is None


def test_only_a_running_publicity_of_the_name_is_restarted(at_work: Season, freeze: Freeze) -> None:
    first = shown_to(at_work, submitted(at_work))
    with pytest.raises(Refused, match="不在本次公示名单中"):
        end(at_work, first, submitted(at_work, "bing"))
    freeze(at_work.session, "2023-10-25 09:00:00")
    publicity.close(at_work.session, first, at_work.actor("clerk"), "无异议")

    with pytest.raises(Refused, match="没有正在进行的公示"):
        end(at_work, first)


def test_between_the_rounds_nobody_sees_it_and_the_code_says_why(at_work: Season) -> None:
    first = shown_to(at_work, submitted(at_work))
    batch = batches.get(at_work.session, first.batch_id)

    end(at_work, first)

    assert publicity_access.open_for(at_work.session, at_work.people["clerk"]) == []
    with pytest.raises(NotFound, match="更正后将重新公示"):
        publicity_access.by_code(at_work.session, first.access_code)
    with pytest.raises(Refused, match="将重新公示"):
        objections.raise_objection(at_work.session, first, objections.Raised(0, "不实"))
    with pytest.raises(NotFound):
        publicity_rounds.of_batch(at_work.session, batch.id)
    second = begin(at_work, batch)
    assert publicity_access.by_code(at_work.session, first.access_code) is second
    assert publicity_access.open_for(at_work.session, at_work.people["jia"]) == [second]


def test_no_round_counts_days_on_which_the_one_before_was_shown(at_work: Season, freeze: Freeze) -> None:
    first = shown_to(at_work, submitted(at_work))
    batch = batches.get(at_work.session, first.batch_id)
    freeze(at_work.session, "2023-10-20 15:00:00")
    end(at_work, first)
    freeze(at_work.session, "2023-10-24 09:00:00")

    with pytest.raises(Refused, match="上一次公示已于2023年10月20日终止"):
        begin(at_work, batch, replace(PLAN, planned=instant("2023-10-19T09:00")))
    held = begin(at_work, batch, replace(PLAN, planned=instant("2023-10-20T09:00")))

    assert (held.starts_at, held.last_day) == (first.superseded_at, date(2023, 10, 27))  # too late on the 20th


def test_closing_is_refused_where_a_record_is_no_longer_what_was_shown(at_work: Season, freeze: Freeze) -> None:
    name, other = submitted(at_work), submitted(at_work, "yi")
    first = shown_to(at_work, name, other)
    batch = batches.get(at_work.session, first.batch_id)
    declarations.write_record(name, record(at_work, achievements=[]))
    freeze(at_work.session, "2023-10-25 09:00:00")

    with pytest.raises(Refused) as refused:
        publicity.close(at_work.session, first, at_work.actor("clerk"), "无异议")

    assert refused.value.problems[0].message == (
        "张一的申报材料已有变动，与公示的内容不一致，不能结束公示。"
        "请在“推荐批次”页点“更正公示内容”，按现在的内容重新公示，公示期重新起算。"
    )
    end(at_work, first)
    second = begin(at_work, batch)
    assert publicity_content.changed(at_work.session, second) == []
    assert second.snapshot_digest != first.snapshot_digest
    freeze(at_work.session, "2023-11-01 09:00:00")
    publicity.close(at_work.session, second, at_work.actor("clerk"), "无异议")
    assert batch_phases.of(batch, second) == "publicised"


def test_a_name_that_is_gone_does_not_hold_up_the_closing(at_work: Season, freeze: Freeze) -> None:
    name, other = submitted(at_work), submitted(at_work, "yi")
    first = shown_to(at_work, name, other)
    declarations.write_record(name, record(at_work, achievements=[]))
    declarations.end(at_work.session, name, "WITHDRAWN")
    freeze(at_work.session, "2023-10-25 09:00:00")

    publicity.close(at_work.session, first, at_work.actor("clerk"), "无异议")

    assert first.closed_at is not None


def test_an_objection_to_an_earlier_round_stays_with_the_name(at_work: Season) -> None:
    name = submitted(at_work)
    first = shown_to(at_work, name)
    batch = batches.get(at_work.session, first.batch_id)
    old = objections.raise_objection(at_work.session, first, objections.Raised(name.id, "业绩不实"))
    objections.hold_name(at_work.session, old)
    end(at_work, first)
    second = begin(at_work, batch)
    new = objections.raise_objection(at_work.session, second, objections.Raised(name.id, "论文不实"))
    objections.hold_name(at_work.session, new)

    objections.release_name(at_work.session, new, at_work.actor("clerk"), "属实")

    assert objections.is_held(at_work.session, old)
    assert (name.status, batches.open_objection_count(at_work.session, batch.id)) == ("OBJECTION", 1)
    objections.release_name(at_work.session, old, at_work.actor("clerk"), "属实")
    assert not objections.is_held(at_work.session, old)
    assert name.status == "PUBLICITY"


def test_what_was_shown_binds_again_only_once_it_is_shown_anew(at_work: Season) -> None:
    name = submitted(at_work)
    first = shown_to(at_work, name)
    batch = batches.get(at_work.session, first.batch_id)
    more = record(at_work, awards=[{"_id": "w1", "content": "新报奖项", "evidence": []}])
    with pytest.raises(Refused, match="未经公示"):
        levels.require_publicised(at_work.session, name, more, [])

    end(at_work, first)

    levels.require_publicised(at_work.session, name, more, [])
    assert levels.publicised_content(at_work.session, name.id) is not None  # what was shown last is still compared with
    declarations.write_record(name, more)
    begin(at_work, batch)
    levels.require_publicised(at_work.session, name, more, [])
    with pytest.raises(Refused, match="未经公示"):
        levels.require_publicised(at_work.session, name, {**more, "papers": [{"_id": "p1", "evidence": []}]}, [])


def test_a_sample_is_taken_once_a_working_day_while_it_is_shown(at_work: Season, freeze: Freeze) -> None:
    shown = shown_to(at_work, submitted(at_work))

    def sampled(moment: str) -> list[int]:
        freeze(at_work.session, moment)
        found = publicity_samples.due(at_work.session)
        publicity_samples.take(at_work.session, found)
        at_work.session.flush()
        return found

    assert sampled("2023-10-18 09:00:00") == [shown.id]
    assert sampled("2023-10-18 17:00:00") == []
    assert sampled("2023-10-21 09:00:00") == []  # a Saturday
    snapshot = at_work.session.get_one(Snapshot, shown.snapshot_digest)
    snapshot.content = {**snapshot.content, "numbers": {}}
    at_work.session.flush()
    assert sampled("2023-10-23 09:00:00") == [shown.id]
    assert sampled("2023-10-25 00:00:00") == []  # its period is over
    rows = publicity_samples.of_publicity(at_work.session, shown.id)
    assert [(clock.local(row.at).day, row.shown_digest == shown.snapshot_digest) for row in rows] == [
        (18, True),
        (23, False),
    ]
    end(at_work, shown)
    freeze(at_work.session, "2023-10-24 09:00:00")
    assert publicity_samples.due(at_work.session) == []
    assert at_work.session.scalars(select(PublicitySample.publicity_id)).all() == [shown.id, shown.id]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
