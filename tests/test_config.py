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


def test_seal_is_read_with_its_password(tmp_path: Path) -> None:
    file, password = tmp_path / "seal.p12", tmp_path / "password"
    environ = {
        "ZHIPING_DATA": str(tmp_path),
        "ZHIPING_SEAL_FILE": str(file),
        "ZHIPING_SEAL_PASSWORD_FILE": str(password),
    }
    assert config.load({"ZHIPING_DATA": str(tmp_path)}).seal is None
    with pytest.raises(ConfigurationError, match="没有找到签章文件"):
        config.load(environ)
    file.write_bytes(b"seal")
    password.write_text("口令\n", encoding="utf-8")
    assert config.load(environ).seal == config.Seal(b"seal", "口令")
    assert "口令" not in repr(config.load(environ))


def test_numbers_are_numbers_and_the_log_is_kept_as_long_as_the_law_says(tmp_path: Path) -> None:
    said = {"ZHIPING_DATA": str(tmp_path), "ZHIPING_PROXIES": "1", "ZHIPING_LOGIN_LOG_DAYS": "180"}
    assert (config.load(said).proxies, config.load(said).login_log_days) == (1, 180)
    for name, wrong in (("ZHIPING_LOGIN_LOG_DAYS", "179"), ("ZHIPING_PROXIES", "-1"), ("ZHIPING_PROXIES", "一")):
        with pytest.raises(ConfigurationError, match=name):
            config.load({**said, name: wrong})
