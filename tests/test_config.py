"""Settings from the environment, once, with words for what is wrong."""

from pathlib import Path

import pytest

from app import config
from app.errors import ConfigurationError


def test_demo_makes_its_own_secret_and_database(tmp_path: Path) -> None:
    settings = config.load({"ZHIPING_DATA": str(tmp_path)})
    assert (settings.mode, settings.demo, len(settings.secret)) == ("demo", True, 32)
    assert settings.database_url == f"sqlite:///{tmp_path / 'zhiping.db'}"
    assert settings.attachments == tmp_path / "attachments"
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert config.load({"ZHIPING_DATA": str(tmp_path)}).secret == settings.secret


def test_unknown_mode_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="现为“Production”"):
        config.load({"ZHIPING_DATA": str(tmp_path), "ZHIPING_MODE": "Production"})


def test_production_makes_no_secret(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="缺少密钥文件"):
        config.load({"ZHIPING_DATA": str(tmp_path), "ZHIPING_MODE": "production"})
    assert not (tmp_path / "secret").exists()


def test_short_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"x" * 31)
    with pytest.raises(ConfigurationError, match="不足 32 字节"):
        config.load({"ZHIPING_DATA": str(tmp_path), "ZHIPING_SECRET_FILE": str(tmp_path / "key")})


def test_given_database_is_used(tmp_path: Path) -> None:
    given = {"ZHIPING_DATA": str(tmp_path), "ZHIPING_DATABASE_URL": "postgresql+psycopg://db/zhiping"}
    assert config.load(given).database_url == "postgresql+psycopg://db/zhiping"
