"""Commands run in a process of their own settings: a data folder and a fresh database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main, schema
from app.db import Database

Run = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for key in ("ZHIPING_MODE", "ZHIPING_DATABASE_URL", "ZHIPING_SECRET_FILE"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("ZHIPING_DATA", str(tmp_path / "data"))
    return {"ZHIPING_DATA": str(tmp_path / "data")}


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """`run("check", "--json", ZHIPING_MODE="production")`."""

    def invoke(*arguments: str, **more: str) -> Result:
        return CliRunner(env={**environment, **more}).invoke(main, list(arguments))

    return invoke


@pytest.fixture
def prepared(environment: dict[str, str]) -> Database:
    """The configured database with its tables."""
    data = Path(environment["ZHIPING_DATA"])
    data.mkdir(parents=True)
    database = Database(f"sqlite:///{data / 'zhiping.db'}")
    schema.upgrade(database)
    return database


@pytest.fixture
def secret(tmp_path: Path) -> str:
    path = tmp_path / "secret"
    path.write_bytes(b"s" * 32)
    return str(path)
