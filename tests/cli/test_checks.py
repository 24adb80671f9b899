"""`zhiping check`: what it looks at, and that a broken installation is told, not a traceback."""

import json

from app import clock
from app.db import Database
from app.models.process import ClockOffset, Incident
from tests.cli.conftest import Run


def found(output: str) -> dict[str, bool]:
    return {item["name"]: item["ok"] for item in json.loads(output)}


def test_healthy_installation_is_all_right(run: Run, prepared: Database) -> None:
    result = run("check", "--json")
    assert result.exit_code == 0, result.output
    names = ["配置", "数据库结构", "到期定时", "失败定时", "消息", "流程异常"]
    assert found(result.output) == dict.fromkeys(names, True)


def test_plain_output_names_each_item(run: Run, prepared: Database) -> None:
    lines = run("check").output.splitlines()
    assert [line.split("：")[0] for line in lines][:2] == ["正常  配置", "正常  数据库结构"]


def test_unknown_mode_is_named(run: Run) -> None:
    result = run("check", "--json", ZHIPING_MODE="test")
    assert (result.exit_code, found(result.output)) == (1, {"配置": False})
    assert "现为“test”" in result.output


def test_missing_secret_in_production_is_named(run: Run) -> None:
    result = run("check", "--json", ZHIPING_MODE="production")
    assert (result.exit_code, found(result.output)) == (1, {"配置": False})
    assert "缺少密钥文件" in result.output


def test_database_without_tables_is_told(run: Run) -> None:
    result = run("check", "--json")
    assert result.exit_code == 1
    assert found(result.output)["数据库结构"] is False


def test_unreachable_database_is_told(run: Run) -> None:
    result = run("check", "--json", ZHIPING_DATABASE_URL="postgresql+psycopg://127.0.0.1:1/none")
    assert result.exit_code == 1
    assert found(result.output)["数据库结构"] is False


def test_open_incident_is_a_finding(run: Run, prepared: Database) -> None:
    with prepared.transaction() as session:
        session.add(Incident(kind="script", reason="虚构", at=clock.now(session)))
    result = run("check", "--json")
    assert (result.exit_code, found(result.output)["流程异常"]) == (1, False)


def test_demo_clock_in_production_is_a_finding(run: Run, prepared: Database, secret: str) -> None:
    result = run("check", "--json", ZHIPING_MODE="production", ZHIPING_SECRET_FILE=secret)
    assert found(result.output)["时钟"] is True
    with prepared.transaction() as session:
        session.add(ClockOffset(id=1, offset_us=1))
    result = run("check", "--json", ZHIPING_MODE="production", ZHIPING_SECRET_FILE=secret)
    assert (result.exit_code, found(result.output)["时钟"]) == (1, False)
