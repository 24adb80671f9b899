from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.db import Database
from app.domain import committees
from app.domain.notices import latest, publish
from app.domain.packages import read_all
from app.domain.parameter_values import Window
from app.errors import NotFound
from app.models.notice import Committee

ROOT = Path(__file__).parents[2]
NONE: dict[str, dict[str, bytes]] = {"diagrams": {}, "decisions": {}, "forms": {}}
SHIPPED = {package.key: replace(package, shared=NONE, own=NONE) for package in read_all(ROOT)}
SCHEDULE = SHIPPED["n4_2022_dadukou"].committees
ROWS = {row.no: row for row in SCHEDULE}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def put(session: Session) -> dict[str, int]:
    return {key: publish(session, package, by=None, note="首次发布").id for key, package in SHIPPED.items()}


@pytest.fixture
def session(sqlite_database: Database) -> Iterator[Session]:
    with sqlite_database.transaction() as session:
        put(session)
        yield session


def row(session: Session, no: int) -> Committee:
    return committees.of_version(session, latest(session, "n4_2022_dadukou").id)[no - 1]


def test_the_schedule_has_its_77_rows_in_order() -> None:
    assert [each.no for each in SCHEDULE] == list(range(1, 78))
    assert len({each.name for each in SCHEDULE}) == 77


def test_every_row_has_the_windows_the_schedule_prints() -> None:
    without = {name: {each.no for each in SCHEDULE if name not in each.windows} for name in ("declare", "check", "pay")}
    assert without == {
        "declare": set(),
        "check": {33, 34, 36, 38, 39, 42, 43, 44, 65, 77},
        "pay": {*range(32, 35), *range(36, 40), *range(41, 45), 65, 75},
    }
    assert {each.no for each in SCHEDULE if "corrections" in each.windows} == {*range(54, 61), 76}
    assert {each.no for each in SCHEDULE if "paper" in each.windows} == {37, 76}


@pytest.mark.parametrize(
    ("no", "window", "printed"),
    [
        (1, "declare", {"from": "2022-11-07", "to": "2022-11-25"}),
        (16, "declare", {"from": "2022-11-07", "to": "2022-11-30"}),
        (16, "check", {"from": "2022-11-07", "to": "2022-11-22"}),  # closes before the declarations do
        (33, "declare", {"from": "2022-11-01", "to": "2022-11-30"}),
        (34, "declare", {"from": "2022-11-01", "to": "2022-11-01"}),
        (37, "paper", {"from": "2022-11-07", "to": "2022-11-18"}),
        (54, "declare", {"from": "2022-10-25", "to": "2022-11-30"}),
        (60, "corrections", {"from": "2022-11-22", "to": "2022-11-30"}),
        (75, "check", {"from": "2022-11-26", "to": "2022-11-30"}),
        (76, "declare", {"from": "2022-11-14 09:30", "to": "2022-11-29 17:30"}),
        (76, "check", {"to": "2022-12-07"}),
        (76, "corrections", {"from": "2022-11-30", "to": "2022-12-07"}),
        (76, "pay", {"from": "2022-12-14", "to": "2022-12-15"}),
        (76, "paper", {"from": "2022-12-14", "to": "2022-12-15"}),
        (77, "pay", {"from": "2022-11-21", "to": "2022-11-25"}),
    ],
)
def test_the_odd_rows_are_kept_as_printed(no: int, window: str, printed: dict[str, str]) -> None:
    assert ROWS[no].windows[window] == printed


def test_what_is_odd_about_a_row_is_noted() -> None:
    assert {each.no for each in SCHEDULE if "declare_month_only" in each.flags} == {33, 36, 38, 39, 42, 43, 44}
    assert {each.no for each in SCHEDULE if "special_online" in each.flags} == {33, 34, 36, 38, 39, 42, 43, 44}
    assert {each.no for each in SCHEDULE if "offline" in each.flags} == {75, 77}
    assert {each.no for each in SCHEDULE if "check_end_only" in each.flags} == {76}
    noted = {4, 16, 23, 26, 33, 34, 36, 37, 38, 39, 42, 43, 44, 45, 52, *range(54, 61), 64, 75, 76, 77}
    assert {each.no for each in SCHEDULE if each.note} == noted
    assert (ROWS[77].session, ROWS[26].session, ROWS[27].session) == ("现场申报", "12月", "12月中上旬")


def test_one_body_has_one_key() -> None:
    keys: dict[str, set[str]] = {}
    for each in SCHEDULE:
        keys.setdefault(each.convening_name, set()).add(each.convening_key)
    assert {len(found) for found in keys.values()} == {1}
    assert len(keys) == len({each.convening_key for each in SCHEDULE}) == 45
    assert (ROWS[18].convening_key, ROWS[76].convening_key) == ("cq_bigdata_bureau", "dadukou_tro")
    assert {ROWS[no].convening_key for no in (4, 62, 63, 64)} == {"org_2022_4"}


@pytest.mark.parametrize(
    ("no", "levels"),
    [
        (1, ("full_senior",)),
        (2, ("associate_senior",)),
        (18, ("associate_senior",)),
        (32, ("associate_senior", "full_senior")),
        (39, ("associate_senior",)),
        (62, ("full_senior",)),
        (76, ("intermediate", "junior")),
    ],
)
def test_the_levels_a_committee_receives(no: int, levels: tuple[str, ...]) -> None:
    assert ROWS[no].levels == levels


def test_no_contact_of_a_person_is_in_the_package() -> None:
    text = (ROOT / "notices" / "n4_2022_dadukou" / "committees.csv").read_text(encoding="utf-8")
    digits = [part for part in "".join(c if c.isdigit() else " " for c in text).split() if len(part) >= 7]
    assert digits == []


@pytest.mark.parametrize(
    ("no", "now", "state"),
    [
        (76, "2022-11-14 09:29:59", "before"),  # A8
        (76, "2022-11-14 09:30:00", "open"),
        (76, "2022-11-29 17:30:00", "open"),
        (76, "2022-11-29 17:30:01", "closed"),
        (76, "2022-11-30 00:00:00", "corrections_only"),
        (76, "2022-12-07 23:59:59", "corrections_only"),
        (76, "2022-12-08 00:00:00", "closed"),
        (54, "2022-11-21 23:59:59", "open"),  # A11
        (54, "2022-11-22 00:00:00", "corrections_only"),
        (54, "2022-11-30 12:00:00", "corrections_only"),
        (54, "2022-12-01 00:00:00", "closed"),
        (33, "2022-11-30 23:59:59", "open"),
        (34, "2022-11-02 00:00:00", "closed"),
        (77, "2022-11-22 10:00:00", "offline"),
    ],
)
def test_what_a_committee_takes_at_an_instant(session: Session, no: int, now: str, state: str) -> None:
    assert committees.declare_state(row(session, no), at(now)) == state


def test_a_window_that_is_not_printed_is_none(session: Session) -> None:
    assert committees.window(row(session, 32), "pay") is None
    assert committees.window(row(session, 76), "check") == Window(None, at("2022-12-08"))


@pytest.mark.parametrize(
    ("series", "level", "specialty", "numbers"),
    [
        ("engineering", "full_senior", "大数据智能化", [1]),
        ("engineering", "associate_senior", "大数据智能化", [18, 28, 29]),
        ("engineering", "senior", "大数据智能化", [18, 1, 28, 29]),
        ("engineering", "intermediate", "大数据智能化", [76]),
        ("health", "full_senior", "内科", [54]),
        ("economics", "full_senior", None, [31]),
        ("magic", "junior", None, []),
    ],
)
def test_who_receives_a_title(
    session: Session, series: str, level: str, specialty: str | None, numbers: list[int]
) -> None:
    version = latest(session, "n4_2022_dadukou").id
    found = committees.for_title(session, version, series=series, level=level, specialty=specialty)
    assert [each.no for each in found] == numbers


def test_the_big_data_committee_receives_three_levels(session: Session) -> None:
    version = latest(session, "n2_2023_bigdata").id
    found = {
        level: [each.no for each in committees.for_title(session, version, series="engineering", level=level)]
        for level in ("full_senior", "associate_senior", "intermediate", "junior")
    }
    assert found == {"full_senior": [], "associate_senior": [1], "intermediate": [1], "junior": [1]}


def test_a_revision_leaves_the_old_row_to_those_pinned_to_it(database: Database) -> None:
    with database.transaction() as session:
        version = put(session)["n2_2023_bigdata"]
        old = committees.of_version(session, version)[0]
        new = committees.revise(session, old, {"session": "12月中旬"}, at("2023-10-20 09:00"))
        assert committees.at_version(session, version, new.id).id == old.id
    with database.reading() as session:
        rows = session.scalars(
            select(Committee).where(Committee.notice_id == old.notice_id).order_by(Committee.revision)
        )
        first, second = rows.all()
    assert (first.session, first.superseded_by, first.superseded_at) == ("12月上旬", second.id, at("2023-10-20 09:00"))
    assert (second.session, second.revision, second.superseded_by) == ("12月中旬", 2, None)
    assert (second.declare_from, second.name) == (first.declare_from, first.name)


def test_a_committee_of_another_notice_is_not_found(session: Session) -> None:
    version = latest(session, "n2_2023_bigdata").id
    with pytest.raises(NotFound):
        committees.at_version(session, version, row(session, 1).id)
    with pytest.raises(NotFound):
        committees.at_version(session, version, 999999)


def test_unchanged_rows_stay_when_a_schedule_is_published_again(database: Database) -> None:
    package = SHIPPED["n4_2022_dadukou"]
    changed = replace(package, committees=(replace(ROWS[1], session="12月下旬"), *SCHEDULE[1:76]))
    with database.transaction() as session:
        first = put(session)["n4_2022_dadukou"]
        second = publish(session, changed, by=None, note="更正第1行，删去第77行").id
        before, after = (committees.of_version(session, version) for version in (first, second))
    assert [each.id for each in before[1:76]] == [each.id for each in after[1:]]
    assert (before[0].session, after[0].session, after[0].revision) == ("12月中旬", "12月下旬", 2)
    assert before[76].superseded_at is not None
