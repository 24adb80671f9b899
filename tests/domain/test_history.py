"""The history's chain: what is altered is found, what is erased leaves it valid, and the database keeps it too."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, null, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import clock
from app.db import Database
from app.domain import history, history_days, history_proof
from app.errors import NotFound, Refused
from app.models.history import DailyHead
from app.models.process import Event, ProcessInstance
from tests.support.clockwork import Freeze

ROOT = Path(__file__).parents[2]
MONDAY = "2023-10-09 09:00:00"
Records = list[dict[str, Any]]


@pytest.fixture
def session(database: Database, freeze: Freeze) -> Any:
    """Two instances with three events each, two events of none, and the head of their day."""
    with database.transaction() as session:
        freeze(session, MONDAY)
        about = {"process_key": "p", "notice_version_id": 1, "definition_digest": "", "state": b""}
        session.add_all(ProcessInstance(id=number, started_at=clock.now(session), **about) for number in (1, 2))
        session.flush()
        for kind in ("started", "completed", "ended"):
            for chain in (1, 2):
                history.append(session, kind, instance_id=chain, task_id=7, payload={"task": "单位审核", "n": 1.5})
        for kind in ("revealed", "settled"):
            history.append(session, kind, person_id=3, payload={"reason": "电话核实"})
        freeze(session, "2023-10-10 00:05:00")
        history_days.seal(session)
        yield session


def records(session: Session) -> Records:
    return list(history.records(session))


def faults(found: Records) -> list[str]:
    return [str(fault) for fault in history_proof.check(found).faults]


def event(found: Records, chain: int, number: int) -> dict[str, Any]:
    return next(each for each in found if (each.get("chain"), each.get("number")) == (chain, number) and "kind" in each)


def test_what_was_appended_is_intact(session: Session) -> None:
    report = history.check(session)
    assert (report.chains, report.events, report.erased, report.days, report.faults) == (3, 8, 0, 1, [])
    assert history.check(session, 2).events == 3


@pytest.mark.parametrize("key", [*history_proof.FACTS, "salt", "payload", "digest"])
def test_any_altered_field_of_any_event_is_found(session: Session, key: str) -> None:
    for place, record in enumerate(records(session)):
        if record["record"] == "event" and key != "chain":
            found = records(session)
            was = record[key]
            found[place] = {**record, key: was + 1 if isinstance(was, int) else "" if was is None else was[:-1]}
            assert faults(found), (key, record["chain"], record["number"])


def test_events_moved_to_another_chain_are_found(session: Session) -> None:
    found = records(session)
    event(found, 1, 3).update(chain=2, number=4)
    found.append(found.pop(found.index(event(found, 2, 4))))
    assert faults(found)[:2] == [
        "办理事项 1 第3条：缺少此条记录",
        "办理事项 2 第4条：记录与链不符（被改动、插入或调换）",
    ]


ALTERATIONS: dict[str, tuple[Callable[[Records], Any], str]] = {
    "first dropped": (lambda found: found.remove(event(found, 2, 1)), "办理事项 2 第1条：缺少此条记录"),
    "middle dropped": (lambda found: found.remove(event(found, 2, 2)), "办理事项 2 第2条：缺少此条记录"),
    "last dropped": (lambda found: found.remove(event(found, 2, 3)), "办理事项 2 第3条：缺少此条记录"),
    "reordered": (
        lambda found: (event(found, 2, 2).update(number=9), event(found, 2, 3).update(number=2)),
        "办理事项 2 第2条：缺少此条记录",
    ),
    "repeated": (
        lambda found: found.insert(found.index(event(found, 2, 2)), dict(event(found, 2, 1))),
        "办理事项 2 第1条：编号重复或次序颠倒",
    ),
    "instance gone": (
        lambda found: found.remove(next(r for r in found if r["record"] == "head" and r["chain"] == 2)),
        "办理事项 2 第3条：没有链头，办理事项已不在",
    ),
    "words taken": (
        lambda found: event(found, 2, 2).update(payload=None, salt=None),
        "办理事项 2 第2条：内容已不在，却没有擦除的记录",
    ),
    "salt taken": (lambda found: event(found, 2, 2).update(salt=None), "办理事项 2 第2条：内容与盐只存其一"),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_dropping_reordering_inserting_are_found(session: Session, name: str) -> None:
    alter, said = ALTERATIONS[name]
    found = records(session)
    alter(found)
    assert faults(found)[0] == said


def test_chain_written_anew_with_its_head_contradicts_the_daily_head(session: Session) -> None:
    found = records(session)
    digest = ""
    for number in (1, 2, 3):
        one = event(found, 1, number)
        one["kind"] = "forged"
        digest = one["digest"] = history_proof.link(digest, one)
    next(r for r in found if r["record"] == "head" and r["chain"] == 1)["digest"] = digest
    assert faults(found) == ["2023-10-09 的每日链头：办理事项 1 第3条已不是当日所存"]


def test_erasing_leaves_the_chain_valid_and_says_who_and_why(session: Session) -> None:
    history.erase(session, 1, 2, reason="当事人要求", person_id=3)
    report = history.check(session)
    assert (report.erased, report.faults) == (1, [])
    erased, said = session.scalars(select(Event).where(Event.instance_id == 1, Event.number.in_((2, 4)))).all()
    assert (erased.payload, erased.salt, erased.said) == (None, None, {})
    assert (said.kind, said.person_id) == ("erased", 3)
    assert said.payload == {"number": 2, "kind": "completed", "reason": "当事人要求"}


@pytest.mark.parametrize(
    ("number", "reason", "words"),
    [(2, " ", "请填写擦除的原因"), (4, "再擦", "本身就是擦除的记录"), (1, "再擦", "已经擦除"), (9, "无", "没有找到")],
)
def test_erasing_is_refused(session: Session, number: int, reason: str, words: str) -> None:
    history.erase(session, 1, 1, reason="当事人要求", person_id=3)
    with pytest.raises((Refused, NotFound), match=words):
        history.erase(session, 1, number, reason=reason, person_id=3)


@pytest.mark.parametrize(
    "statement",
    [
        delete(Event),
        delete(DailyHead),
        update(Event).values(kind="forged"),
        update(Event).values(payload={"task": "改"}),
        update(Event).values(salt=null()),
        update(Event).values(payload=null(), salt=null(), person_id=1),
        update(DailyHead).values(digest="0" * 64),
    ],
    ids=str,
)
def test_database_itself_refuses(database: Database, session: Session, statement: Any) -> None:
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(statement.execution_options(synchronize_session=False))


def test_every_day_with_events_gets_its_head_once_it_is_over(session: Session, freeze: Freeze) -> None:
    history.append(session, "retried", instance_id=2)
    freeze(session, "2023-10-12 09:00:00")
    history.append(session, "ended", instance_id=1)
    assert (history_days.seal(session), history_days.unsealed(session)) == (1, None)
    freeze(session, "2023-10-13 00:04:59")
    assert history_days.seal(session) == 0, "a transaction of the day before may still be open"
    freeze(session, "2023-10-13 00:05:00")
    assert history_days.seal(session) == 1
    days = session.scalars(select(DailyHead).order_by(DailyHead.day)).all()
    assert [(str(each.day), [head[:2] for head in each.heads]) for each in days] == [
        ("2023-10-09", [[0, 2], [1, 3], [2, 3]]),
        ("2023-10-10", [[2, 4]]),
        ("2023-10-12", [[1, 4]]),
    ]
    assert history.check(session).faults == []


def test_daily_heads_altered_or_dropped_are_found(session: Session, freeze: Freeze) -> None:
    history.append(session, "retried", instance_id=2)
    freeze(session, "2023-10-11 00:05:00")
    history_days.seal(session)
    found = records(session)
    assert faults([each for each in found if each.get("day") != "2023-10-09"])
    next(each for each in found if each.get("day") == "2023-10-10")["heads"][0][1] = 3
    assert faults(found)[0].startswith("2023-10-10 的每日链头：与其内容或前一日的链头不符")


def test_file_is_checked_by_nothing_but_python(session: Session, tmp_path: Path) -> None:
    target = tmp_path / "history.jsonl"

    def verdict(lines: Records) -> tuple[int, list[str]]:
        target.write_text("\n".join(json.dumps(each) for each in lines), encoding="utf-8")
        command = [sys.executable, "-S", "-I", str(ROOT / "app/domain/history_proof.py"), str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    found = records(session)
    assert verdict(found) == (0, ["3 条链，8 条记录（0 条已擦除内容），1 个每日链头", "历史完整"])
    event(found, 2, 1)["payload"] = '{"n":1.5,"task":"单位复核"}'
    assert verdict(found) == (
        1,
        ["3 条链，8 条记录（0 条已擦除内容），1 个每日链头", "办理事项 2 第1条：内容与其摘要不符", "历史有误"],
    )


def test_nobody_else_writes_events() -> None:
    found = set()
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called, about = ast.unparse(node.func), [ast.unparse(argument) for argument in node.args[:1]]
                if called == "Event" or (called in ("insert", "update", "delete") and about in (["Event"], ["EVENT"])):
                    found.add(path.relative_to(ROOT).as_posix())
    assert found == {"app/domain/history.py"}
