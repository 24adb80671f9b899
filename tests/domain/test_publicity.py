from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import batch_phases, batches, declarations, people, publicity, publicity_access, safe_start, snapshots
from app.domain.deadline_rules import midnight_after
from app.errors import ConfigurationError, NotFound, Refused
from app.models.declaration import Declaration
from app.models.process import Deadline
from app.models.recommendation import Publicity, Snapshot, UnitBatch
from tests.support.cases import N4, Season, recommended, record, season, submitted, upload

Freeze = Callable[[Session, str], object]
CHANNELS = [
    {"kind": "unit", "name": "赵经办", "phone": "023-60000001"},
    {"kind": "superior", "name": "钱主任", "phone": "023-60000002"},
]
PLAN = publicity.Plan(channels=CHANNELS, place="一楼大厅公示栏")


@pytest.fixture
def at_work(database: Database, freeze: Freeze) -> Iterator[Season]:
    with database.transaction() as session:
        freeze(session, "2023-10-10 09:00:00")
        yield season(session)


def begun(at_work: Season, *names: Declaration, plan: publicity.Plan = PLAN) -> Publicity:
    batch = recommended(at_work, *(names or (submitted(at_work),)))
    return publicity.start(at_work.session, batch, at_work.actor("clerk", "institute"), plan)


def batch_for(at_work: Season, shown: Publicity) -> UnitBatch:
    return batches.get(at_work.session, shown.batch_id)


@pytest.mark.parametrize(
    ("start", "last", "skipped"),
    [
        ("2023-10-10 09:00:00", date(2023, 10, 16), 2),  # A1
        ("2023-10-07 09:00:00", date(2023, 10, 11), 0),  # A2: a Saturday on which people work
        ("2023-10-21 09:00:00", date(2023, 10, 27), 0),  # A4: a rest day, counted from Monday
        ("2023-10-16 17:40:00", date(2023, 10, 23), 2),  # G7: too late in the day, counted from Tuesday
    ],
)
def test_publicity_lasts_five_working_days(
    at_work: Season, freeze: Freeze, start: str, last: date, skipped: int
) -> None:
    name = submitted(at_work)
    freeze(at_work.session, start)

    shown = begun(at_work, name)

    period = publicity.period(at_work.session, shown)
    assert (shown.last_day, shown.working_days) == (last, 5)
    assert (period.last_day, period.total, period.ends_at) == (last, 5, midnight_after(last))
    assert len(period.skipped) == skipped
    assert name.status == "PUBLICITY"


def test_a_publicity_held_off_line_counts_from_its_own_first_day(at_work: Season, freeze: Freeze) -> None:
    freeze(at_work.session, "2023-10-09 15:00:00")
    plan = publicity.plan_of({"place": "公示栏", "planned_start": "2023-09-27T09:00", **contacts()})

    shown = begun(at_work, plan=plan)

    assert (shown.last_day, shown.held_off_line) == (date(2023, 10, 9), True)  # A3


def test_a_publicity_planned_for_later_begins_then(at_work: Season) -> None:
    plan = publicity.plan_of({"place": "公示栏", "planned_start": "2023-10-12T09:00", **contacts()})

    shown = begun(at_work, plan=plan)

    assert (shown.last_day, shown.held_off_line) == (date(2023, 10, 18), False)
    assert not publicity_access.is_shown(at_work.session, shown)


@pytest.mark.parametrize(
    ("missing", "words", "field"),
    [(1, "上级主管部门", "superior_contact_name"), (0, "本单位", "unit_contact_name")],
)
def test_a_publicity_needs_both_channels(at_work: Season, missing: int, words: str, field: str) -> None:
    one_sided = replace(PLAN, channels=[CHANNELS[1 - missing]])

    with pytest.raises(Refused) as refused:
        begun(at_work, plan=one_sided)

    problem = refused.value.problems[0]
    assert problem.message == (f"公示应同时列明本单位和上级主管部门的受理渠道，请补充{words}的联系人和电话。")
    assert problem.field == field


def test_a_platform_needs_its_proof_and_a_publicity_its_place(at_work: Season) -> None:
    with pytest.raises(Refused) as refused:
        begun(at_work, plan=replace(PLAN, place=" ", platform="内网"))

    assert [problem.field for problem in refused.value.problems] == ["place", "platform_proof"]


def test_nobody_recommended_means_no_publicity(at_work: Season) -> None:
    batch = batches.join(at_work.session, submitted(at_work))

    with pytest.raises(Refused, match="没有推荐人选"):
        publicity.start(at_work.session, batch, at_work.actor("clerk"), PLAN)


def test_closing_early_says_when_it_is_over(at_work: Season, freeze: Freeze) -> None:
    shown = begun(at_work)
    freeze(at_work.session, "2023-10-16 23:59:59")

    with pytest.raises(Refused) as refused:
        publicity.close(at_work.session, shown, at_work.actor("clerk"), "无异议")

    assert refused.value.problems[0].message == (
        "本次公示自2023年10月10日起算，至2023年10月16日满5个工作日"
        "（其间2023年10月14日、2023年10月15日不计）。请于2023年10月16日结束后办理。"
    )


def test_closing_after_the_last_day_keeps_the_outcome_and_takes_it_off_the_net(at_work: Season, freeze: Freeze) -> None:
    shown = begun(at_work)
    photo = upload(at_work, "公示栏.jpg", "c" * 64, "clerk")
    freeze(at_work.session, "2023-10-17 00:00:00")

    publicity.close(at_work.session, shown, at_work.actor("clerk"), "无异议", [photo])

    assert (shown.outcome, shown.photo) == ("无异议", [photo])
    assert batch_phases.of(batch_for(at_work, shown), shown) == "publicised"
    with pytest.raises(NotFound):
        publicity_access.by_code(at_work.session, shown.access_code)


def test_the_deadline_row_decides_when_it_is_over(at_work: Season, freeze: Freeze) -> None:
    shown = begun(at_work)
    end = midnight_after(date(2023, 10, 18))
    row = Deadline(
        instance_id=batch_for(at_work, shown).instance_id,
        engine_task_id="t",
        rule=publicity.RULE,
        kind="relative",
        starts_at=shown.starts_at,
        due_at=end,
    )
    at_work.session.add(row)
    at_work.session.flush()
    at_work.session.info.clear()  # as the next request reads
    freeze(at_work.session, "2023-10-17 09:00:00")

    period = publicity.period(at_work.session, shown)

    assert (period.ends_at, period.last_day, period.number, period.total) == (end, date(2023, 10, 18), 6, 7)


def test_the_day_of_today_is_counted(at_work: Season, freeze: Freeze) -> None:
    shown = begun(at_work)
    freeze(at_work.session, "2023-10-13 10:00:00")

    assert publicity.period(at_work.session, shown).number == 4


def test_what_was_frozen_does_not_follow_the_record(at_work: Season) -> None:
    file = upload(at_work, "证明.pdf", "a" * 64)
    rows = [{"_id": "a1", "content": "数据平台", "evidence": [file]}]
    name = submitted(at_work, achievements=rows)
    shown = begun(at_work, name)

    declarations.write_record(name, record(at_work, achievements=[]))

    content = publicity_access.content_of(at_work.session, shown)
    assert content["declarations"][str(name.id)]["tables"]["achievements"] == [
        {"_id": "a1", "content": "数据平台", "evidence": ["a" * 64]}
    ]
    assert content["numbers"][str(name.id)] != record(at_work)["id_number"]
    assert "*" in content["numbers"][str(name.id)]


def test_a_snapshot_that_was_altered_is_found_out(at_work: Season) -> None:
    shown = begun(at_work)
    row = at_work.session.get_one(Snapshot, shown.snapshot_digest)
    row.content = {**row.content, "numbers": {}}
    at_work.session.flush()

    with pytest.raises(ConfigurationError, match="摘要不符"):
        snapshots.read(at_work.session, shown.snapshot_digest)


def test_own_people_and_the_access_code_see_it_and_nobody_else(at_work: Season) -> None:
    shown = begun(at_work)
    stranger = people.register(at_work.session, "stranger", "路人").id

    def seen(person_id: int) -> list[int]:
        return [found.id for found in publicity_access.open_for(at_work.session, person_id)]

    assert seen(at_work.people["clerk"]) == [shown.id]  # bound to the unit
    assert seen(at_work.people["jia"]) == [shown.id]  # declares there
    assert seen(stranger) == []
    assert publicity_access.by_code(at_work.session, shown.access_code.lower()).id == shown.id
    with pytest.raises(NotFound):
        publicity_access.by_code(at_work.session, "WRONG123")


def test_it_vanishes_when_its_period_is_over_though_nobody_closed_it(at_work: Season, freeze: Freeze) -> None:
    shown = begun(at_work)
    freeze(at_work.session, "2023-10-16 23:59:59")
    assert publicity_access.is_shown(at_work.session, shown)

    freeze(at_work.session, "2023-10-17 00:00:00")

    assert publicity_access.open_for(at_work.session, at_work.people["clerk"]) == []


def test_the_latest_safe_start_is_told_where_the_window_binds_arrival(database: Database, freeze: Freeze) -> None:
    with database.transaction() as session:
        freeze(session, "2022-11-21 09:00:00")
        at_work = season(session, N4, 76)
        batch = recommended(at_work, submitted(at_work))

        found = safe_start.of_batch(session, batch)
        assert found is not None
        assert (found.day, found.near) == (date(2022, 11, 22), True)  # A10


def test_the_latest_safe_start_leaves_time_to_the_levels_above(at_work: Season, freeze: Freeze) -> None:
    """The check window ends on Wed 11-15; one level above keeps two working days, the publicity takes five."""
    batch = recommended(at_work, submitted(at_work))
    freeze(at_work.session, "2023-10-20 09:00:00")

    found = safe_start.of_batch(at_work.session, batch)

    assert found is not None
    assert (found.binds, found.levels, found.reserve, found.day, found.near) == (
        "逐级审核截止", 1, 2, date(2023, 11, 6), False
    )  # fmt: skip


def test_the_preview_shows_the_days_before_confirming(at_work: Season, freeze: Freeze) -> None:
    batch = recommended(at_work, submitted(at_work))
    freeze(at_work.session, "2023-10-16 17:40:00")

    due = publicity.preview(at_work.session, batch)

    assert (due.first_day, due.last_day) == (date(2023, 10, 17), date(2023, 10, 23))


def test_two_publicities_have_different_codes(at_work: Season) -> None:
    first = begun(at_work, submitted(at_work))
    second = begun(at_work, submitted(at_work, "yi"))

    assert first.access_code != second.access_code
    assert {len(first.access_code), len(second.access_code)} == {8}
    assert clock.local(first.confirmed_at).date() == date(2023, 10, 10)


def contacts() -> dict[str, str]:
    return {f"{channel['kind']}_contact_{part}": channel[part] for channel in CHANNELS for part in ("name", "phone")}
