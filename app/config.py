"""Settings of one deployment, read from the environment once."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import app
from app.errors import ConfigurationError

ROOT = Path(app.__file__).resolve().parents[1]  # of the files that come with the product
MODES = ("production", "demo")

SECURITY = ("starttls", "ssl", "none")


@dataclass(frozen=True)
class Mail:
    """The mail server that letters are handed to; `security` is starttls, ssl or none."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class SmsTemplate:
    """A text that the provider approved: its code, and its gaps by name, each with the fact that fills it."""

    code: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Sms:
    """Alibaba Cloud's SMS service: its address, our key, the approved signature, our notifications' templates there."""

    endpoint: str
    key_id: str
    sign: str
    templates: Mapping[str, SmsTemplate]
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Seal:
    """An authority's own seal: a PKCS #12 file with key, certificate and chain, and its password."""

    content: bytes = field(repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """`secret` (32 bytes) signs cookies and seals identity numbers; `data` holds database, keys and attachments.

    `proxies`: how many of ours stand before the site, each of which says whom it speaks for. `login_log_days`: how long
    the login log is kept. `health_token` opens `/health.json` to whoever is not on this machine.

    Without `mail` and `sms` letters are written to the log; `site` is the address that letters name for logging in.
    Without `seal` certificates bear the trial seal, and say so.
    """

    mode: str
    database_url: str
    data: Path
    secret: bytes
    mail: Mail | None = None
    site: str = ""
    seal: Seal | None = None
    proxies: int = 0
    login_log_days: int = 365
    sms: Sms | None = None
    health_token: str = field(default="", repr=False)

    @property
    def demo(self) -> bool:
        return self.mode == "demo"

    @property
    def attachments(self) -> Path:
        return self.data / "attachments"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `ZHIPING_MODE`, `ZHIPING_DATA`, `ZHIPING_DATABASE_URL`, `ZHIPING_SECRET_FILE`,
    `ZHIPING_SITE`, `ZHIPING_SMTP_*`, `ZHIPING_SMS_*`, `ZHIPING_SEAL_FILE` with its password file, `ZHIPING_PROXIES`,
    `ZHIPING_LOGIN_LOG_DAYS`, `ZHIPING_HEALTH_TOKEN_FILE`.

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
    url = environ.get("ZHIPING_DATABASE_URL", f"sqlite:///{data / 'zhiping.db'}")
    numbers = {
        "proxies": _number(environ, "ZHIPING_PROXIES", 0, least=0),
        "login_log_days": _number(environ, "ZHIPING_LOGIN_LOG_DAYS", 365, least=180),  # 网络安全法: at least six months
    }
    site = environ.get("ZHIPING_SITE", "")
    token = _health_token(environ)
    return Settings(
        mode, url, data, secret, _mail(environ), site, _seal(environ), sms=_sms(environ), health_token=token, **numbers
    )


def _health_token(environ: Mapping[str, str]) -> str:
    """What stands in `ZHIPING_HEALTH_TOKEN_FILE`; empty where no file is named."""
    if not environ.get("ZHIPING_HEALTH_TOKEN_FILE"):
        return ""
    path = Path(environ["ZHIPING_HEALTH_TOKEN_FILE"])
    token = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    if len(token) < 16:
        raise ConfigurationError(f"监控口令文件 {path}（ZHIPING_HEALTH_TOKEN_FILE）不存在或不足16个字符。")
    return token


def _number(environ: Mapping[str, str], name: str, usual: int, least: int) -> int:
    said = environ.get(name, "") or str(usual)
    if not said.isascii() or not said.isdecimal() or int(said) < least:
        raise ConfigurationError(f"{name} 须为不小于{least}的整数，现为“{said}”。")
    return int(said)


def _seal(environ: Mapping[str, str]) -> Seal | None:
    """The seal of `ZHIPING_SEAL_FILE` and `ZHIPING_SEAL_PASSWORD_FILE`; None where no file is named."""
    if not environ.get("ZHIPING_SEAL_FILE"):
        return None
    file, password_file = Path(environ["ZHIPING_SEAL_FILE"]), environ.get("ZHIPING_SEAL_PASSWORD_FILE")
    for path in (file, *([Path(password_file)] if password_file else [])):
        if not path.is_file():
            raise ConfigurationError(f"没有找到签章文件 {path}（ZHIPING_SEAL_FILE、ZHIPING_SEAL_PASSWORD_FILE）。")
    password = Path(password_file).read_text(encoding="utf-8").strip() if password_file else ""
    return Seal(file.read_bytes(), password)


def _mail(environ: Mapping[str, str]) -> Mail | None:
    """The mail server of `ZHIPING_SMTP_*`; None where no host is named."""
    said = {name: environ.get(f"ZHIPING_SMTP_{name}", "") for name in ("HOST", "PORT", "FROM", "SECURITY", "USER")}
    if not said["HOST"]:
        return None
    security = said["SECURITY"] or "starttls"
    if security not in SECURITY:
        raise ConfigurationError(f"ZHIPING_SMTP_SECURITY 只能是 {'、'.join(SECURITY)}，现为“{security}”。")
    if "@" not in said["FROM"]:
        raise ConfigurationError("设置了 ZHIPING_SMTP_HOST，还须用 ZHIPING_SMTP_FROM 写明发件地址。")
    port = said["PORT"] or ("465" if security == "ssl" else "587")
    if not port.isdecimal():
        raise ConfigurationError(f"ZHIPING_SMTP_PORT 须为端口号，现为“{port}”。")
    password = Path(environ["ZHIPING_SMTP_PASSWORD_FILE"]).read_text(encoding="utf-8").strip() if said["USER"] else ""
    return Mail(said["HOST"], int(port), said["FROM"], security, said["USER"], password)


def _sms(environ: Mapping[str, str]) -> Sms | None:
    """The SMS service of `ZHIPING_SMS_*`; None where no endpoint is named."""
    names = ("ENDPOINT", "KEY_ID", "SIGN", "SECRET_FILE", "TEMPLATES_FILE")
    said = {name: environ.get(f"ZHIPING_SMS_{name}", "") for name in names}
    if not said["ENDPOINT"]:
        return None
    missing = [f"ZHIPING_SMS_{name}" for name in names if not said[name]]
    if missing:
        raise ConfigurationError(f"设置了 ZHIPING_SMS_ENDPOINT，还须设置 {'、'.join(missing)}。")
    if not said["ENDPOINT"].startswith(("https://", "http://")):
        raise ConfigurationError(f"ZHIPING_SMS_ENDPOINT 须为 https:// 开头的地址，现为“{said['ENDPOINT']}”。")
    secret, templates = (_text_of(said[name], f"ZHIPING_SMS_{name}") for name in ("SECRET_FILE", "TEMPLATES_FILE"))
    return Sms(said["ENDPOINT"], said["KEY_ID"], said["SIGN"], _sms_templates(templates), secret.strip())


def _sms_templates(text: str) -> dict[str, SmsTemplate]:
    """`{"accepted": {"code": "SMS_1", "fields": {"number": "number"}}}`; fields: the provider's gap → our fact."""
    try:
        return {
            name: SmsTemplate(str(each["code"]), dict(each.get("fields", {})))
            for name, each in json.loads(text).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            "短信模板对照文件（ZHIPING_SMS_TEMPLATES_FILE）的格式有误，写法见运行维护手册。"
        ) from error


def _text_of(path: str, name: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"没有找到文件 {path}（{name}）。") from error
