"""`zhiping serve` and `demo`: what they refuse before anything listens."""

import fcntl
from pathlib import Path

import pytest

from app.cli import server
from app.config import Settings
from app.db import Database
from app.errors import ConfigurationError
from app.models.process import ClockOffset
from tests.cli.conftest import Run


def test_serve_refuses_an_unknown_mode_in_words(run: Run) -> None:
    result = run("serve", ZHIPING_MODE="test")
    assert result.exit_code == 2
    assert "ZHIPING_MODE 只能是" in result.output
    assert "Traceback" not in result.output


def test_serve_refuses_a_short_secret(run: Run, tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"short")
    result = run("serve", ZHIPING_SECRET_FILE=str(tmp_path / "short"))
    assert (result.exit_code, "不足 32 字节" in result.output) == (2, True)


def test_demo_data_never_enters_production(run: Run, secret: str) -> None:
    result = run("demo", "--prepare-only", ZHIPING_MODE="production", ZHIPING_SECRET_FILE=secret)
    assert (result.exit_code, "演示数据不能装入正式环境" in result.output) == (2, True)


def test_production_refuses_a_demo_clock(prepared: Database) -> None:
    server.refuse_offset(prepared)
    with prepared.transaction() as session:
        session.add(ClockOffset(id=1, offset_us=0))
    with pytest.raises(ConfigurationError, match="clock_offset"):
        server.refuse_offset(prepared)


def test_second_server_on_the_same_data_is_refused(tmp_path: Path) -> None:
    settings = Settings("demo", f"sqlite:///{tmp_path / 'zhiping.db'}", tmp_path, b"s" * 32)
    with (tmp_path / "serving.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ConfigurationError, match="已由另一个进程打开"):
            server.run(settings, "127.0.0.1", 0, 1)


def test_demo_is_prepared_once(run: Run, environment: dict[str, str]) -> None:
    first = run("demo", "--prepare-only", "--from-start")
    assert (first.exit_code, first.output.strip()) == (0, "已装入演示数据。"), first.output
    again = run("demo", "--prepare-only", "--from-start")
    assert (again.exit_code, again.output.strip()) == (0, "沿用已有的演示数据。")
    assert run("check", "--json").exit_code == 0


def test_schema_is_brought_up_by_command(run: Run) -> None:
    result = run("db", "upgrade")
    assert result.exit_code == 0, result.output
    assert run("check").exit_code == 0
