from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.db import Database
from app.domain import committees, parameters
from app.domain.amendments import Amended, Amendment, Changes, amend, take_effect
from app.domain.notices import bundle, current, latest, publish, text_of
from app.domain.packages import read_all
from app.errors import Refused
from app.models.declaration import Declaration
from app.models.notice import ParameterChange
from app.models.people import Organisation, Person
from app.models.process import ProcessInstance
from app.models.recommendation import UnitBatch

ROOT = Path(__file__).parents[2]
FILES = {"diagrams": {"declaration.bpmn": b"<a/>"}, "decisions": {"fee.dmn": b"<f/>"}, "forms": {"unit_check": b"{}"}}
NONE: dict[str, dict[str, bytes]] = {"diagrams": {}, "decisions": {}, "forms": {}}
SHIPPED = {package.key: replace(package, shared=FILES, own=NONE) for package in read_all(ROOT)}
KEY = "n2_2023_bigdata"
SEVEN = {"value": 7, "unit": "工作日", "clause": "样例补充通知 一"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def put(session: Session) -> int:
    for key in ("n1_2022_general", KEY):
        publish(session, SHIPPED[key], by=None, note="首次发布")
    return latest(session, KEY).id


def started(session: Session, version: int, moment: str, status: str = "running") -> ProcessInstance:
    instance = ProcessInstance(
        process_key="declaration",
        notice_version_id=version,
        definition_digest="0" * 64,
        status=status,
        state=b"",
        started_at=at(moment),
    )
    session.add(instance)
    session.flush()
    return instance


def supplement(session: Session, changes: Changes, **more: Any) -> Amended:
    said = {"number": "样例〔2023〕9号", "legal_basis": "渝职改办〔2023〕212号", "reason": "系统维护", **more}
    return amend(session, KEY, Amendment(changes=changes, **said), by=5)


@pytest.fixture
def session(database: Database, freeze) -> Iterator[Session]:  # type: ignore[no-untyped-def]
    with database.transaction() as session:
        freeze(session, "2023-10-31 15:00:00")
        put(session)
        yield session


def test_an_amended_parameter_holds_for_the_new_version_only(session: Session) -> None:
    old = latest(session, KEY)
    found = supplement(session, Changes(parameters={"unit_publicity_wd": SEVEN}))
    assert (found.version.ordinal, found.version.amends, found.version.number) == (2, old.id, "样例〔2023〕9号")
    assert found.version.legal_basis == "渝职改办〔2023〕212号"
    assert found.changed == {"unit_publicity_wd", "unit_publicity"}
    values = [parameters.lookup(session, version.id, "unit_publicity_wd").value for version in (old, found.version)]
    assert values == [5, 7]
    assert current(session, KEY).id == found.version.id


def test_running_instances_move_by_one_statement_and_ended_ones_stay(session: Session) -> None:
    old = latest(session, KEY).id
    instances = [started(session, old, "2023-10-09 09:00", status) for status in ("running", "suspended", "ended")]
    statements: list[str] = []
    listener = lambda _c, _u, statement, *_: statements.append(statement)  # noqa: E731
    event.listen(session.get_bind(), "before_cursor_execute", listener)
    found = supplement(session, Changes(texts={"schedule": "推迟"}))
    event.remove(session.get_bind(), "before_cursor_execute", listener)
    assert found.moved == 2
    assert [instance.notice_version_id for instance in instances] == [found.version.id, found.version.id, old]
    assert sum("UPDATE process_instance" in statement for statement in statements) == 1
    assert not any("process_instance.state" in statement for statement in statements)


def test_those_begun_before_it_takes_effect_may_keep_the_old_rules(session: Session) -> None:
    old = latest(session, KEY).id
    early, late = (started(session, old, moment) for moment in ("2023-10-09 09:00", "2023-10-31 14:59"))
    changes = Changes(parameters={"unit_publicity_wd": SEVEN})
    found = supplement(session, changes, keep_old="started", effective_at=at("2023-10-20 00:00"))
    assert (early.notice_version_id, late.notice_version_id) == (old, found.version.id)
    assert found.moved == 1


def test_an_extended_window_is_a_new_row_of_the_committee(session: Session) -> None:
    old = latest(session, KEY)
    row = committees.of_version(session, old.id)[0]
    changes = Changes(committees={1: {"declare": {"from": "2023-10-07", "to": "2023-11-03 17:30"}}})
    found = supplement(session, changes)
    closes = [committees.at_version(session, each.id, row.id).declare_until for each in (old, found.version)]
    assert closes == [at("2023-11-01 00:00:00"), at("2023-11-03 17:30:01")]  # G6
    assert found.changed == {"declare_window", "declare_opens", "declare_deadline", "declare_reminder"}
    log = session.scalars(select(ParameterChange)).one()
    assert (log.key, log.committee_no, log.changed_by, log.reason) == ("declare_window", 1, 5, "系统维护")
    assert (log.old or {})["closes"] == "2023-10-31T16:00:00+00:00"


def test_a_committees_own_parameter_may_be_amended(session: Session) -> None:
    entry = {"value": "arrival", "kind": "decided", "decided_by": "市大数据应用发展管理局"}
    found = supplement(session, Changes(committees={1: {"parameters": {"window_governs": entry}}}))
    row = committees.of_version(session, found.version.id)[0]
    assert parameters.lookup(session, found.version.id, "window_governs", row.id).value == "arrival"
    assert parameters.lookup(session, found.version.id, "window_governs").value == "applicant"
    assert found.changed == {"window_governs"}


def test_a_decision_table_may_be_amended_and_the_diagrams_stay(session: Session) -> None:
    before = bundle(session, latest(session, KEY).id)
    found = supplement(session, Changes(decisions={"fee.dmn": b"<g/>"}, texts={"schedule": "改"}))
    after = bundle(session, found.version.id)
    assert (before.decisions["fee.dmn"], after.decisions["fee.dmn"]) == (b"<f/>", b"<g/>")
    assert after.diagrams_digest == before.diagrams_digest
    assert after.digest != before.digest
    assert text_of(session, found.version.id, "schedule") == "改"


def test_an_entry_may_be_taken_away_so_the_notice_above_speaks(session: Session) -> None:
    found = supplement(session, Changes(parameters={"recheck_basis": None}))
    assert parameters.lookup(session, found.version.id, "recheck_basis").value == "announcement"


def test_a_later_amendment_moves_nobody_before_its_time(session: Session, freeze) -> None:  # type: ignore[no-untyped-def]
    old = latest(session, KEY).id
    instance = started(session, old, "2023-10-09 09:00")
    changes = Changes(parameters={"unit_publicity_wd": SEVEN})
    found = supplement(session, changes, effective_at=at("2023-11-02 00:00"))
    assert (found.moved, instance.notice_version_id, current(session, KEY).id) == (0, old, old)
    assert take_effect(session) == []
    freeze(session, "2023-11-02 00:00:00")
    assert take_effect(session) == [Amended(found.version, frozenset({"unit_publicity_wd", "unit_publicity"}), 1)]
    assert (instance.notice_version_id, current(session, KEY).id) == (found.version.id, found.version.id)
    assert take_effect(session) == []


def test_an_amended_notice_is_not_overwritten_by_its_old_package(session: Session) -> None:
    found = supplement(session, Changes(parameters={"unit_publicity_wd": SEVEN}))
    assert publish(session, SHIPPED[KEY], by=None, note="重新导入").id == found.version.id
    with pytest.raises(Refused, match="已按样例〔2023〕9号修改"):
        publish(session, replace(SHIPPED[KEY], note="另一份"), by=None, note="重新导入")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (Changes(diagrams={"declaration.bpmn": b"<b/>"}), "diagrams.declaration.bpmn"),
        (Changes(forms={"unit_check": b"{}"}), "forms.unit_check"),
        (Changes(decisions={"unknown.dmn": b"<b/>"}), "decisions.unknown.dmn"),
        (Changes(parameters={"days": SEVEN}), "parameters.days"),
        (Changes(parameters={"unit_publicity_wd": {"value": "7", "clause": "一"}}), "parameters.unit_publicity_wd"),
        (Changes(committees={2: {"session": "12月"}}), "committees.2"),
        (Changes(committees={1: {"chair": "某某"}}), "committees.1.chair"),
        (Changes(committees={1: {"levels": ["master"]}}), "committees.1.levels"),
        (Changes(committees={1: {"pay": {"from": "16日"}}}), "committees.1.pay"),
        (Changes(committees={1: {"parameters": {"x": SEVEN}}}), "committees.1.parameters.x"),
    ],
)
def test_what_an_amendment_may_not_touch_is_refused_by_name(session: Session, changes: Changes, field: str) -> None:
    with pytest.raises(Refused) as raised:
        supplement(session, changes)
    assert [problem.field for problem in raised.value.problems] == [field]


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"number": " ", "legal_basis": "", "reason": ""}, ["number", "legal_basis", "reason"]),
        ({"keep_old": "some"}, ["keep_old"]),
        ({"effective_at": at("2023-01-01 00:00")}, ["effective_at"]),
    ],
)
def test_an_amendment_needs_number_basis_and_reason(session: Session, more: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(Refused) as raised:
        supplement(session, Changes(texts={"schedule": "改"}), **more)
    assert [problem.field for problem in raised.value.problems] == fields
    assert latest(session, KEY).ordinal == 1


def test_a_migration_is_asked_for_where_a_diagram_changes(session: Session) -> None:
    with pytest.raises(Refused) as raised:
        supplement(session, Changes(diagrams={"declaration.bpmn": b"<b/>"}))
    assert raised.value.message == "“declaration.bpmn”是流程图，不能由补充通知直接修改，请按流程迁移办理。"


def test_records_follow_their_instance_and_drafts_follow_at_once(session: Session) -> None:
    old = latest(session, KEY).id
    person = Person(account="applicant.sample", name="江晓雨")
    body = Organisation(key="sample", name="样例单位", kind="institution", path="/1/")
    session.add_all([person, body])
    session.flush()
    running, ended = (started(session, old, "2023-10-09 09:00", status) for status in ("running", "ended"))

    def declaration(instance: ProcessInstance | None) -> Declaration:
        return Declaration(
            person_id=person.id,
            notice_key=KEY,
            notice_version_id=old,
            year=2023,
            committee_id=1,
            instance_id=instance and instance.id,
            created_at=at("2023-10-09 09:00"),
        )

    declarations = [declaration(instance) for instance in (running, ended, None)]
    batch = UnitBatch(
        organisation_id=body.id,
        notice_key=KEY,
        notice_version_id=old,
        role="unit_clerk",
        instance_id=started(session, old, "2023-10-09 10:00").id,
        created_at=at("2023-10-09 10:00"),
    )
    session.add_all([*declarations, batch])
    session.flush()
    new = supplement(session, Changes(texts={"schedule": "推迟"})).version.id
    assert [each.notice_version_id for each in declarations] == [new, old, new]
    assert batch.notice_version_id == new


def test_declarations_submitted_before_may_keep_the_old_rules(session: Session) -> None:
    old = latest(session, KEY).id
    person = Person(account="applicant.sample", name="江晓雨")
    session.add(person)
    session.flush()
    instances = []
    for submitted in ("2023-10-31 14:59", None):
        declaration = Declaration(
            person_id=person.id,
            notice_key=KEY,
            notice_version_id=old,
            year=2023,
            committee_id=1,
            created_at=at("2023-10-09 09:00"),
            submitted_at=submitted and at(submitted),
        )
        session.add(declaration)
        session.flush()
        instances.append(started(session, old, "2023-10-09 09:00"))
        instances[-1].declaration_id, declaration.instance_id = declaration.id, instances[-1].id
    session.flush()
    found = supplement(session, Changes(parameters={"unit_publicity_wd": SEVEN}), keep_old="submitted")
    assert [each.notice_version_id for each in instances] == [old, found.version.id]
