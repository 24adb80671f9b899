"""Drafts: what is cloned reads as the notice it came from, saves never overwrite, what is given up is shared again."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.db import Database
from app.domain import notices, packages, people
from app.domain.amendments import Amendment, Changes, amend
from app.domain.drafts import cloning, folder, inherited, presence, shelf, store, yaml_text
from app.domain.drafts.heading import Heading
from app.errors import Conflict, NotFound, Refused
from app.models.draft import DraftChange, NoticeDraft

N1, N2, N4 = "n1_2022_general", "n2_2023_bigdata", "n4_2022_dadukou"
SHIPPED = {package.key: package for package in packages.read_all(ROOT)}


def designers(session: Session) -> tuple[int, int]:
    return tuple(people.register(session, each, each).id for each in ("du", "qi"))  # type: ignore[return-value]


def publish(session: Session, *keys: str) -> int:
    return [notices.publish(session, SHIPPED[key], by=None, note="首次发布") for key in keys][-1].id


def cloned(session: Session, key: str, by: int) -> NoticeDraft:
    """Next year's draft of the latest version."""
    version = notices.latest(session, key).id
    said, files = cloning.of_version(session, version)
    new = replace(cloning.next_year(said), number="待编号")
    return cloning.begin(session, new, files, by=by, based_on=version)


@pytest.mark.parametrize("key", [N2, N4])
def test_a_published_version_comes_back_as_the_files_it_was_read_from(sqlite_database: Database, key: str) -> None:
    with sqlite_database.transaction() as session:
        version = publish(session, N1, key)
        said, files = cloning.of_version(session, version)
        draft = cloning.begin(session, said, files, by=designers(session)[0], based_on=version)
        again, shipped = folder.read(key, store.own_files(session, draft.id)), SHIPPED[key]
        assert dict(again.parameters) == dict(shipped.parameters)
        assert again.committees == shipped.committees
        assert (again.own, again.texts, again.vocabulary) == (shipped.own, shipped.texts, shipped.vocabulary)
        assert (again.title, again.number, again.issuer, again.parent) == (
            shipped.title, shipped.number, shipped.issuer, shipped.parent,
        )  # fmt: skip
        shipped_said, shipped_files = cloning.of_package(key)
        assert (shipped_said.title, shipped_said.in_force_from) == (said.title, said.in_force_from)
        assert set(shipped_files) >= set(files)


def test_next_years_draft_has_a_heading_of_its_own_and_last_years_amendments(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        publish(session, N1, N2)
        seven = {"value": 7, "unit": "工作日", "clause": "补充通知 一"}
        amendment = Amendment("补1号", "依据", "延长公示", Changes(parameters={"unit_publicity_wd": seven}))
        amend(session, N2, amendment, by=None)
        draft = cloned(session, N2, designers(session)[0])
        package = folder.read(draft.key, store.own_files(session, draft.id))
        assert (package.key, package.year, package.parameters["year"]["value"]) == ("n2_2024_bigdata", 2024, 2024)
        assert package.title.startswith("关于开展2024年")
        assert package.parameters["unit_publicity_wd"] == seven
        assert package.committees[0].windows["declare"] == {"from": "2023-10-07", "to": "2023-10-31"}
        with pytest.raises(Refused, match="已有通知使用"):
            cloning.begin(session, replace(cloning.of_package(N2)[0], number="x"), {}, by=1)


def test_who_saves_second_is_told_and_nothing_is_overwritten(database: Database) -> None:
    with database.transaction() as session:
        publish(session, N1, N2)
        du, qi = designers(session)
        draft = cloned(session, N2, du).id
    with database.transaction() as session:
        path = "diagrams/payment.bpmn"
        shared = store.file(session, store.get(session, draft), path)
        assert (shared.inherited, shared.origin) == (True, inherited.SHARED)
        first = store.save(session, draft, path, "<a/>", revision=0, by=du)
        assert first.revision == 1
        with pytest.raises(Conflict, match="刚刚由du保存过"):
            store.save(session, draft, path, "<b/>", revision=0, by=qi)
        assert store.save(session, draft, path, "<b/>", revision=1, by=qi, reason="改一处").revision == 2
        with pytest.raises(Conflict):
            store.give_up(session, draft, path, revision=1, by=du)
        store.give_up(session, draft, path, revision=2, by=du)
        assert store.file(session, store.get(session, draft), path).content == shared.content
        # a copy made anew is not mistaken for the one that was given up
        assert store.save(session, draft, path, "<c/>", revision=0, by=du).revision == 4
        trail = session.execute(
            select(DraftChange.revision, DraftChange.by, DraftChange.reason, DraftChange.digest.is_(None))
            .where(DraftChange.path == path)
            .order_by(DraftChange.id)
        ).all()
        assert [tuple(row) for row in trail] == [
            (1, du, "", False), (2, qi, "改一处", False), (3, du, "", True), (4, du, "", False),
        ]  # fmt: skip


def test_a_draft_inherits_what_the_notice_above_overrides(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        publish(session, N1, N4)
        above = inherited.of_parent(session, N4)
        assert above["diagrams/payment.bpmn"].origin == SHIPPED[N4].title
        assert above["diagrams/payment.bpmn"].content == SHIPPED[N4].own["diagrams"]["payment.bpmn"]
        assert above["diagrams/check_level.bpmn"].origin == inherited.SHARED
        said = Heading("under_n4", "细则", "1号", "机关", 2023, "2023-01-01", N4)
        draft = cloning.begin(session, said, {}, by=designers(session)[0])
        own = store.save(session, draft.id, "forms/unit_check.json", "{}", revision=0, by=draft.created_by)
        rows = {each.path: each for each in store.listed(session, draft, "forms")}
        assert (rows[own.path].inherited, rows["forms/payment.json"].inherited) == (False, True)


@pytest.mark.parametrize(
    "path", ["../notice.yaml", "diagrams/../../x.bpmn", "diagrams/X.bpmn", "forms/a.bpmn", "bpmn/a.bpmn", "x", ""]
)
def test_no_other_file_gets_in(sqlite_database: Database, path: str) -> None:
    with sqlite_database.transaction() as session:
        publish(session, N1, N2)
        draft = cloned(session, N2, designers(session)[0])
        with pytest.raises(Refused):
            store.save(session, draft.id, path, "x", revision=0, by=draft.created_by)


def test_the_shelf_shows_years_authorities_parents_and_drafts(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        publish(session, N1, N2)
        draft = cloned(session, N2, designers(session)[0])
        years = shelf.years(session)
        assert [year for year, _ in years] == [2024, 2023, 2022]
        line = years[0][1][0].lines[0]
        assert (line.title, line.parent, line.latest) == (draft.title, SHIPPED[N1].title, None)
        assert [each.by for each in line.drafts] == ["du"]
        assert N4 in dict(shelf.unpublished_packages(session))
        heading = store.text_of(session, draft, "notice.yaml")
        store.save(
            session, draft.id, "notice.yaml", yaml_text.with_entry(heading[0], "title", "新名"),
            revision=heading[1], by=draft.created_by,
        )  # fmt: skip
        assert shelf.years(session)[0][1][0].lines[0].title == "新名"
        store.discard(session, draft.id)
        assert [year for year, _ in shelf.years(session)] == [2023, 2022]
        with pytest.raises(NotFound):
            store.get(session, draft.id)


def test_those_who_are_there_see_each_other_for_a_while(database: Database) -> None:
    with database.transaction() as session:
        publish(session, N1, N2)
        du, qi = designers(session)
        draft = cloned(session, N2, du).id
        assert presence.here(session, draft, du, "parameters.yaml") == []
        assert presence.here(session, draft, qi, "") == [presence.Other("du", "parameters.yaml", 0)]
        presence.here(session, draft, du, "committees.csv")
        assert presence.others(session, draft, qi) == [presence.Other("du", "committees.csv", 0)]


def test_one_entry_changes_and_the_rest_of_the_file_stays_as_written() -> None:
    text = Path(ROOT / "notices" / N2 / "parameters.yaml").read_text(encoding="utf-8")
    changed = yaml_text.with_entry(text, "unit_publicity_wd", {"value": 7, "unit": "工作日", "clause": "§四"})
    lines, before = changed.split("\n"), text.split("\n")
    assert [line for line in lines if line not in before] == [
        "unit_publicity_wd: {value: 7, unit: 工作日, clause: §四}"
    ]
    several = yaml_text.with_entry(text, "window_governs", {"value": "arrival", "clause": "§三"})
    assert "\n\n# -- unit check, publicity, objections\n" in several
    assert yaml_text.mapping(several)["window_governs"] == {"value": "arrival", "clause": "§三"}
    gone = yaml_text.without_entry(text, "window_governs")
    assert "window_governs" not in yaml_text.mapping(gone)
    assert len(yaml_text.mapping(gone)) == len(yaml_text.mapping(text)) - 1
    assert yaml_text.mapping(yaml_text.with_entry("", "a", [1])) == {"a": [1]}
