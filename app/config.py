"""Settings of one deployment, read from the environment once."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.errors import ConfigurationError

MODES = ("production", "demo")


@dataclass(frozen=True)
class Settings:
    """`secret` (32 bytes) signs cookies and seals identity numbers; `data` holds database, keys and attachments."""

    mode: str
    database_url: str
    data: Path
    secret: bytes

    @property
    def demo(self) -> bool:
        return self.mode == "demo"

    @property
    def attachments(self) -> Path:
        return self.data / "attachments"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `ZHIPING_MODE`, `ZHIPING_DATA`, `ZHIPING_DATABASE_URL`, `ZHIPING_SECRET_FILE`.

    Raises ConfigurationError for an unknown mode and, in production, for a missing secret file; the demo makes its own.
    """
    mode = environ.get("ZHIPING_MODE", "demo")
    if mode not in MODES:
        raise ConfigurationError(f"ZHIPING_MODE 只能是 {' 或 '.join(MODES)}，现为“{mode}”。")
    data = Path(environ.get("ZHIPING_DATA", "var")).absolute()
    data.mkdir(parents=True, exist_ok=True)
    secret_file = Path(environ.get("ZHIPING_SECRET_FILE", data / "secret"))
    if not secret_file.exists():
        if mode == "production":
            raise ConfigurationError(f"缺少密钥文件 {secret_file}（ZHIPING_SECRET_FILE）。")
        secret_file.touch(mode=0o600)
        secret_file.write_bytes(secrets.token_bytes(32))
    secret = secret_file.read_bytes()
    if len(secret) < 32:
        raise ConfigurationError(f"密钥文件 {secret_file} 不足 32 字节。")
    return Settings(mode, environ.get("ZHIPING_DATABASE_URL", f"sqlite:///{data / 'zhiping.db'}"), data, secret)
