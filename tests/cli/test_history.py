"""`zhiping verify-history`: an intact history, an altered one, and the file that was exported."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import Database
from app.domain import history
from tests.cli.conftest import Run


@pytest.fixture
def kept(prepared: Database) -> Database:
    with prepared.transaction() as session:
        for kind in ("revealed", "settled"):
            history.append(session, kind, payload={"reason": "电话核实"})
    return prepared


def test_intact_history_exits_zero_here_and_offline(run: Run, kept: Database, tmp_path: Path) -> None:
    target = tmp_path / "history.jsonl"
    done = run("verify-history", "--export", str(target))
    assert (done.exit_code, done.output) == (
        0,
        "1 条链，2 条记录（0 条已擦除内容），0 个每日链头\n历史完整\n",
    )
    assert run("verify-history", str(target)).output == done.output
    said = json.loads(run("verify-history", str(target), "--json").output)
    assert said == {"chains": 1, "events": 2, "erased": 0, "days": 0, "faults": [], "intact": True}


def test_first_bad_event_is_named(run: Run, kept: Database) -> None:
    with kept.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER event_keeps"))
        connection.execute(text("UPDATE event SET kind = 'forged' WHERE number = 2"))
    done = run("verify-history")
    assert done.exit_code == 1
    assert "办理事项 0 第2条：记录与链不符（被改动、插入或调换）\n历史有误\n" in done.output
    found = json.loads(run("verify-history", "--json").output)
    assert (found["intact"], found["faults"][0]["chain"], found["faults"][0]["number"]) == (False, 0, 2)


@pytest.mark.parametrize("content", ["无", "[]", '{"record": "event"}', '{"record": "x"}'])
def test_other_files_are_refused(run: Run, tmp_path: Path, content: str) -> None:
    target = tmp_path / "other.txt"
    target.write_text(content, encoding="utf-8")
    done = run("verify-history", str(target))
    assert done.exit_code == 2
    assert "不是导出的历史文件" in done.output
