from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.db import Database
from app.domain import committees
from app.domain.notice_check import check
from app.domain.notice_content import content
from app.domain.notices import bundle, current, latest, publish, text_of
from app.domain.packages import Package, read_all
from app.errors import NotFound, Refused
from app.models.notice import Committee, Notice, NoticeVersion, ParameterChange, Resource

ROOT = Path(__file__).parents[2]
SHIPPED = {package.key: package for package in read_all(ROOT)}
N1, N2, N4 = SHIPPED["n1_2022_general"], SHIPPED["n2_2023_bigdata"], SHIPPED["n4_2022_dadukou"]
FILES = {"diagrams": {"declaration.bpmn": b"<a/>"}, "decisions": {"fee.dmn": b"<f/>"}, "forms": {"unit_check": b"{}"}}
NONE: Mapping[str, Mapping[str, bytes]] = {"diagrams": {}, "decisions": {}, "forms": {}}


def bare(package: Package, **more: object) -> Package:
    """The package with made-up files instead of the shipped ones."""
    return replace(package, **{"shared": FILES, "own": NONE, **more})  # type: ignore[arg-type]


def put(session: Session, *packages: Package) -> list[NoticeVersion]:
    return [publish(session, package, by=None, note="首次发布") for package in packages]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_the_shipped_notices_are_published_whole(database: Database) -> None:
    with database.transaction() as session:
        put(session, N1, N2, N4)
    with database.reading() as session:
        assert session.scalars(select(Notice.key).order_by(Notice.key)).all() == list(SHIPPED)[1:]
        assert session.scalar(select(func.count()).select_from(Committee)) == 78
        found = bundle(session, current(session, "n4_2022_dadukou").id)
    shared, own = N4.shared, N4.own
    assert found.diagrams == {**shared["diagrams"], **own["diagrams"]}
    assert found.decisions == {**shared["decisions"], **own["decisions"]}
    assert set(found.forms) == {*shared["forms"], *own["forms"]}


def test_an_unchanged_package_is_not_published_twice(database: Database) -> None:
    with database.transaction() as session:
        first = put(session, bare(N1), bare(N2))
    with database.transaction() as session:
        assert [version.id for version in put(session, bare(N1), bare(N2))] == [version.id for version in first]
        assert session.scalar(select(func.count()).select_from(NoticeVersion)) == 2


def test_a_changed_package_makes_a_new_version_and_leaves_the_old_one(database: Database) -> None:
    entry = {"value": 7, "unit": "工作日", "clause": "样例 §一"}
    with database.transaction() as session:
        first, _ = put(session, bare(N1), bare(N2))
        changed = bare(N1, parameters={**N1.parameters, "unit_publicity_wd": entry})
        second = publish(session, changed, by=3, note="公示延长")
        assert (first.ordinal, second.ordinal) == (1, 2)
        assert first.body["parameters"]["unit_publicity_wd"]["value"] == 5
        assert latest(session, "n1_2022_general").id == second.id
        log = session.scalars(select(ParameterChange)).one()
    assert (log.key, log.changed_by, log.reason) == ("unit_publicity_wd", 3, "公示延长")
    assert (log.old, log.new) == (N1.parameters["unit_publicity_wd"], entry)


def test_a_version_is_complete_whatever_happens_to_the_notice_above(database: Database) -> None:
    with database.transaction() as session:
        _, below = put(session, bare(N1), bare(N2))
        before = bundle(session, below.id)
        publish(session, bare(N1, own={**NONE, "forms": {"unit_check": b'{"changed": true}'}}), by=None, note="改表")
        assert bundle(session, below.id) == before


def test_files_of_the_notice_above_go_before_the_shared_ones_and_the_own_before_both(database: Database) -> None:
    above = {**NONE, "forms": {"unit_check": b'{"of": "parent"}', "extra": b'{"of": "parent"}'}}
    own = {**NONE, "forms": {"extra": b'{"of": "child"}'}, "diagrams": {"payment.bpmn": b"<own/>"}}
    with database.transaction() as session:
        _, below = put(session, bare(N1, own=above), bare(N2, own=own))
        found = bundle(session, below.id)
    assert found.forms == {"unit_check": {"of": "parent"}, "extra": {"of": "child"}}
    assert found.diagrams == {"declaration.bpmn": b"<a/>", "payment.bpmn": b"<own/>"}
    assert found.decisions == {"fee.dmn": b"<f/>"}


def test_equal_contents_are_stored_once_and_a_bundle_is_read_once(database: Database) -> None:
    with database.transaction() as session:
        one, two = put(session, bare(N1), bare(N2))
        assert session.scalar(select(func.count()).select_from(Resource)) == 3
        assert bundle(session, one.id) is bundle(session, two.id)


def test_the_digest_of_the_diagrams_does_not_move_with_a_form(database: Database) -> None:
    with database.transaction() as session:
        one, two = put(session, bare(N1), bare(N2, own={**NONE, "forms": {"unit_check": b"[]"}}))
        first, second = bundle(session, one.id), bundle(session, two.id)
    assert first.digest != second.digest
    assert first.diagrams_digest == second.diagrams_digest


def test_a_notice_whose_parent_is_missing_is_refused(database: Database) -> None:
    with database.transaction() as session, pytest.raises(Refused) as raised:
        publish(session, bare(N2), by=None, note="首次发布")
    assert raised.value.problems[0].as_dict() == {
        "code": "parent",
        "message": "上级通知“n1_2022_general”尚未发布。",
        "field": "parent",
    }


def test_a_version_is_current_from_its_effective_instant(database: Database, freeze) -> None:  # type: ignore[no-untyped-def]
    with database.transaction() as session:
        freeze(session, "2022-08-01 09:00:00")
        put(session, bare(N1), bare(N2))
        with pytest.raises(NotFound):
            current(session, "n2_2023_bigdata")
        freeze(session, "2023-10-09 09:00:00")
        assert current(session, "n2_2023_bigdata").effective_at == at("2023-09-01")
        assert current(session, "n2_2023_bigdata").effective_at.tzinfo == UTC


def test_an_unknown_notice_is_not_found(database: Database) -> None:
    with database.reading() as session:
        with pytest.raises(NotFound):
            latest(session, "nowhere")
        with pytest.raises(NotFound):
            bundle(session, 99)


@pytest.mark.parametrize(
    ("now", "open_", "upcoming"),
    [
        ("2022-11-14 09:29:59", {"n4_2022_dadukou": 73}, {"n4_2022_dadukou": 74, "n2_2023_bigdata": 1}),
        ("2022-11-14 09:30:00", {"n4_2022_dadukou": 74}, {"n4_2022_dadukou": 74, "n2_2023_bigdata": 1}),
        ("2023-10-06 23:59:59", {}, {"n2_2023_bigdata": 1}),
        ("2023-10-07 00:00:00", {"n2_2023_bigdata": 1}, {"n2_2023_bigdata": 1}),
        ("2023-10-31 23:59:59", {"n2_2023_bigdata": 1}, {"n2_2023_bigdata": 1}),
        ("2023-11-01 00:00:00", {}, {}),
    ],
)
def test_committees_take_declarations_from_the_first_second_of_their_window_to_its_last(
    sqlite_database: Database, now: str, open_: dict[str, int], upcoming: dict[str, int]
) -> None:
    with sqlite_database.transaction() as session:
        versions = {each.notice_id: each for each in put(session, bare(N1), bare(N2), bare(N4))}
        found = {
            session.get_one(Notice, notice_id).key: Counter(
                committees.declare_state(row, at(now)) for row in committees.of_version(session, version.id)
            )
            for notice_id, version in versions.items()
        }
    assert {key: states["open"] for key, states in found.items() if states["open"]} == open_
    taking = {key: states["open"] + states["before"] for key, states in found.items()}
    assert {key: count for key, count in taking.items() if count} == upcoming


def test_a_text_comes_from_the_nearest_notice(database: Database) -> None:
    with database.transaction() as session:
        _, below = put(session, bare(N1, texts={"a": "上", "b": "上"}), bare(N2, texts={"b": "下"}))
        assert [text_of(session, below.id, key) for key in ("a", "b", "c")] == ["上", "下", None]


def codes(session: Session, package: Package) -> set[tuple[str, str, str]]:
    return {(found.level, found.code, found.place) for found in check(session, package)}


def with_windows(**windows: dict[str, str]) -> Package:
    return bare(N2, committees=(replace(N2.committees[0], windows=windows),))


@pytest.mark.parametrize(
    ("windows", "finding"),
    [
        ({"declare": {"from": "2023-10-31", "to": "2023-10-09"}}, ("error", "reversed")),
        ({"pay": {"from": "2023-11-20 17:30", "to": "2023-11-20 09:00"}}, ("error", "reversed")),
        ({"declare": {"from": "2023-10-09", "to": "2023-10-29"}}, ("warning", "rest_day")),
        ({"declare": {"from": "2023-10-09", "to": "2023-10-09"}}, ("warning", "one_day")),
        ({"check": {"from": "2023-10-09", "to": "2023-10-13"}}, ("warning", "check_shorter")),
        ({"pay": {"from": "2023-11-15", "to": "2023-11-20"}}, ("warning", "overlap")),
        ({"corrections": {"from": "2023-11-10", "to": "2023-11-16"}}, ("warning", "corrections_outside")),
    ],
)
def test_the_check_finds_odd_windows(
    sqlite_database: Database, windows: dict[str, dict[str, str]], finding: tuple[str, str]
) -> None:
    with sqlite_database.transaction() as session:
        put(session, bare(N1))
        before = codes(session, bare(N2))
        after = codes(session, with_windows(**{**N2.committees[0].windows, **windows}))
        assert {each for each in after - before if each[1] != "window_differs"} == {(*finding, "第1号")}


def test_a_reversed_window_is_not_published(database: Database) -> None:
    package = with_windows(**{**N2.committees[0].windows, "declare": {"from": "2023-10-31", "to": "2023-10-09"}})
    with database.transaction() as session:
        put(session, bare(N1))
        with pytest.raises(Refused) as raised:
            publish(session, package, by=None, note="首次发布")
        assert [(found.code, found.message) for found in raised.value.problems] == [
            ("reversed", "网上申报时间的起止颠倒。")
        ]


def test_the_check_names_a_missing_parameter_an_undecided_one_and_an_unpublished_year(database: Database) -> None:
    left = {key: entry for key, entry in N2.parameters.items() if key not in ("tenure_cutoff", "window_governs")}
    with database.transaction() as session:
        put(session, bare(N1))
        found = codes(session, bare(N2, parameters=left, year=2027))
    assert ("error", "missing", "tenure_cutoff") in found
    assert ("warning", "undecided", "window_governs") in found
    assert {place for _, code, place in found if code == "year_unpublished"} == {"2027", "2028"}


def test_the_check_names_a_deadline_that_refers_to_nothing(database: Database) -> None:
    entry = {"value": {"count": "no_such_count", "unit": "working_day"}, "clause": "样例 §一"}
    with database.transaction() as session:
        put(session, bare(N1))
        found = codes(session, bare(N2, parameters={**N2.parameters, "report_due": entry}))
    assert {each for each in found if each[0] == "error"} == {("error", "missing", "report_due")}


def test_the_schedule_of_2022_is_published_with_its_oddities_said(database: Database) -> None:
    with database.transaction() as session:
        put(session, bare(N1))
        found = check(session, N4)
    places: dict[str, set[str]] = {}
    for finding in found:
        places.setdefault(finding.code, set()).add(finding.place)
    assert {finding.level for finding in found} == {"warning"}
    assert places["check_shorter"] == {"第16号"}
    assert places["one_day"] == {"第34号"}
    assert set(places) == {"check_shorter", "one_day", "undecided", "overlap", "rest_day", "outlasts", "annex"}
    assert places["annex"] == {"三(二)3(1)", "四(五)"}
    assert places["outlasts"] == {"objection_handling"}
    assert places["undecided"] == {"window_governs"}
    assert {f"第{no}号" for no in (14, 15, 22, 25, 51, 54, 66, 69, 70, 73)} <= places["overlap"]
    sundays = {row.no for row in N4.committees if _ends_on_a_rest_day(row.windows)}
    assert places["rest_day"] == {f"第{no}号" for no in sundays}


def _ends_on_a_rest_day(windows: Mapping[str, Mapping[str, str]]) -> bool:
    return any(date.fromisoformat(ends["to"][:10]).weekday() >= 5 for ends in windows.values() if "to" in ends)


def test_a_version_keeps_the_text_and_the_clauses_it_was_published_with(database: Database) -> None:
    with database.transaction() as session:
        put(session, bare(N1), bare(N2))
    with database.reading() as session:
        said = content(session, current(session, "n2_2023_bigdata").id)
        assert said.paper.words("六(二)") == "（二）申报人工作时间、任职时间计算截至2023年12月31日。"
        assert said.paper.find("四(二)3(1)") == "四(二)3(1)"
        assert said.parent is not None
        assert said.parent.paper.words("四").startswith("四、结果复查")


def test_a_number_that_the_only_number_of_its_clause_contradicts_is_refused(database: Database) -> None:
    wrong = {**N2.parameters, "recheck_months": {**N2.parameters["recheck_months"], "value": 3}}
    with database.transaction() as session:
        put(session, bare(N1))
        with pytest.raises(Refused) as caught:
            put(session, bare(N2, parameters=wrong))
    assert [(problem.code, problem.field) for problem in caught.value.problems] == [
        ("number_differs", "recheck_months")
    ]
